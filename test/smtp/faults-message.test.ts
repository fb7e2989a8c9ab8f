// Failures that are simulated while a message comes, when it has come, and when it is stored.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { simulate } from '../support/simulate.ts';
import type { Session } from '../../shared/session.ts';
import type { Wire } from '../support/wire.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox({ listen: ['lmtp://127.0.0.1:0'] });
});
afterAll(() => sandbox[Symbol.asyncDispose]());

let count = 0;
async function sessionOf(wire: Wire): Promise<Session> {
  await wire.quit().catch(() => undefined);
  wire.end();
  return (await sandbox.closedSessions(++count)).at(-1)!;
}

async function openMail(listener = 0, to = ['bob@b.test']): Promise<Wire> {
  const wire = await sandbox.wire(listener);
  await wire.reply();
  await wire.say(listener === 3 ? 'LHLO client.test' : 'EHLO client.test');
  await wire.say('MAIL FROM:<ann@a.test>');
  for (const address of to) await wire.say(`RCPT TO:<${address}>`);
  return wire;
}

const stored = async (): Promise<number> => (await sandbox.client.readStatus({})).messages;
const content = 'Subject: x\r\n\r\n..a dot\r\n';
const refusal = { code: 554, enhanced: '5.7.1', text: 'Spam\nfrom {from}' };
const spam = '554-5.7.1 Spam\r\n554 5.7.1 from ann@a.test\r\n';
const bytesOf = (line: { base64?: string; text: string } | undefined): string =>
  Buffer.from(line?.base64 ?? '', 'base64').toString('latin1');

describe('a message that is refused whole', () => {
  test('by DATA: it is not stored, its bytes are in the transcript, and the next one is taken', async () => {
    await using _ = await simulate(sandbox, { stage: 'message', times: { count: 1 }, reply: refusal });
    const before = await stored();
    await using wire = await openMail();
    await wire.say('DATA');
    wire.send(content);
    expect(await wire.say('.')).toBe(spam);
    expect(await stored()).toBe(before);
    expect(await wire.mail()).toMatch(/^250 /);
    expect(await stored()).toBe(before + 1);
    const session = await sessionOf(wire);
    expect(session.transactions).toMatchObject([
      { outcome: 'refused', reply: { code: 554, enhanced: '5.7.1' }, data: { size: 22, stuffedDots: 1 } },
      { outcome: 'stored' },
    ]);
    const lines = await sandbox.lines(session.id);
    const data = lines.find(({ kind }) => kind === 'data');
    expect(data?.text).toBe('message of 22 bytes, not stored');
    expect(bytesOf(data)).toBe(`${content}.\r\n`);
  });

  test('by BDAT: the last chunk is answered so', async () => {
    await using _ = await simulate(sandbox, { stage: 'message', times: { count: 1 }, reply: refusal });
    const before = await stored();
    await using wire = await openMail();
    wire.send('BDAT 6\r\nSubjec');
    expect(await wire.reply()).toMatch(/^250 /);
    wire.send('BDAT 6 LAST\r\nt: x\r\n');
    expect(await wire.reply()).toBe(spam);
    expect(await stored()).toBe(before);
    expect(await wire.mail()).toMatch(/^250 /);
    const session = await sessionOf(wire);
    expect(session.transactions).toMatchObject([
      { outcome: 'refused', data: { command: 'BDAT', chunks: [6, 6] } },
      { outcome: 'stored' },
    ]);
  });

  test('by LMTP: once for each recipient (RFC 2033 4.2)', async () => {
    await using _ = await simulate(sandbox, { stage: 'message', reply: refusal });
    await using wire = await openMail(3, ['bob@b.test', 'eve@b.test']);
    await wire.say('DATA');
    wire.send(content);
    expect(await wire.say('.')).toBe(spam);
    expect(await wire.reply()).toBe(spam);
    expect((await sessionOf(wire)).outcome).toBe('refused');
  });

  test('only where it is larger than a rule says', async () => {
    await using _ = await simulate(sandbox, {
      stage: 'message',
      when: { largerThan: 1000 },
      reply: { code: 552, enhanced: '5.3.4', text: 'Too big' },
    });
    await using wire = await sandbox.wire();
    await wire.hello();
    expect(await wire.mail('x'.repeat(998) + '\r\n')).toMatch(/^250 /);
    expect(await wire.mail('x'.repeat(999) + '\r\n')).toBe('552 5.3.4 Too big\r\n');
    await sessionOf(wire);
  });
});

describe('a message that is stored', () => {
  test('and answered 451, so that the client sends it twice', async () => {
    await using _ = await simulate(sandbox, {
      name: 'lost 250',
      stage: 'stored',
      times: { count: 1 },
      reply: { code: 451, enhanced: '4.3.0', text: 'Try again' },
    });
    const before = await stored();
    await using wire = await sandbox.wire();
    await wire.hello();
    expect(await wire.mail()).toBe('451 4.3.0 Try again\r\n');
    expect(await stored()).toBe(before + 1);
    expect(await wire.mail()).toMatch(/^250 /);
    const session = await sessionOf(wire);
    expect(session).toMatchObject({ outcome: 'captured', messages: 2 });
    expect(session.transactions).toMatchObject([
      { outcome: 'stored', messageId: session.messageIds[0], reply: { code: 451 } },
      { outcome: 'stored', reply: { code: 250 } },
    ]);
    expect(session.faultList).toMatchObject([
      { text: 'The message, which is stored, is answered 451 4.3.0 Try again.' },
    ]);
  });

  test('and for which the answer never comes', async () => {
    await using _ = await simulate(sandbox, { stage: 'stored', then: 'reset' });
    const before = await stored();
    await using wire = await openMail();
    await wire.say('DATA');
    wire.send(`${content}.\r\n`);
    await expect(wire.reply()).rejects.toThrow('ECONNRESET');
    const session = (await sandbox.closedSessions(++count)).at(-1)!;
    expect(await stored()).toBe(before + 1);
    expect(session).toMatchObject({
      outcome: 'captured',
      transactions: [{ outcome: 'stored', reply: null }],
    });
  });
});

describe('DATA, or the first BDAT', () => {
  test('is refused, and the client may try again', async () => {
    await using _ = await simulate(sandbox, { stage: 'data', times: { count: 1 }, reply: refusal });
    await using wire = await sandbox.wire();
    await wire.hello();
    await wire.say('MAIL FROM:<ann@a.test>');
    // Without a recipient it is out of order, and no moment for the failure.
    expect(await wire.say('DATA')).toMatch(/^503 /);
    await wire.say('RCPT TO:<bob@b.test>');
    expect(await wire.say('DATA')).toBe(spam);
    expect(await wire.say('DATA')).toMatch(/^354 /);
    wire.send(content);
    expect(await wire.say('.')).toMatch(/^250 /);
    expect((await sessionOf(wire)).faultList).toMatchObject([{ stage: 'data' }]);
  });

  test('by BDAT that ends the transaction, so that no later chunk is taken for the first', async () => {
    await using _ = await simulate(sandbox, { stage: 'data', times: { count: 1 }, reply: refusal });
    const before = await stored();
    await using wire = await openMail();
    wire.send('BDAT 6\r\nSubjecBDAT 6 LAST\r\nt: x\r\n');
    expect(await wire.reply()).toBe(spam);
    expect(await wire.reply()).toMatch(/^503 5\.5\.1 /);
    expect(await stored()).toBe(before);
    expect(await wire.mail()).toMatch(/^250 /);
    await sessionOf(wire);
  });

  test.each([
    ['DATA', (wire: Wire) => wire.say('DATA').then(() => wire.send('x'.repeat(600)))],
    ['BDAT', (wire: Wire) => wire.send(`BDAT 1000\r\n${'x'.repeat(600)}`)],
  ])('by %s the connection ends when so many bytes have come', async (command, begin) => {
    await using _ = await simulate(sandbox, { name: 'cut', stage: 'data', then: 'close', afterBytes: 500 });
    const before = await stored();
    await using wire = await openMail();
    await begin(wire);
    await wire.closed();
    const session = (await sandbox.closedSessions(++count)).at(-1)!;
    expect(await stored()).toBe(before);
    expect(session).toMatchObject({
      outcome: 'refused',
      transactions: [{ outcome: 'aborted' }],
      ended: { how: 'fault', text: 'The simulated failure "cut" closed the connection.' },
      faultList: [{ text: 'After 500 bytes of the message the connection is closed.' }],
    });
    const lines = await sandbox.lines(session.id);
    const data = lines.find(({ kind }) => kind === 'data');
    expect(data?.text).toContain(command === 'DATA' ? 'cut off after 600 bytes' : 'BDAT chunk of 600 bytes');
    expect(bytesOf(data)).toBe('x'.repeat(600));
  });

  test('a whole message that is long enough is cut off as well, with all its bytes in the record', async () => {
    await using _ = await simulate(sandbox, { stage: 'data', then: 'hang', afterBytes: 10 });
    await using wire = await openMail();
    await wire.say('DATA');
    wire.send(`${content}.\r\nQUIT\r\n`);
    wire.end();
    const session = (await sandbox.closedSessions(++count)).at(-1)!;
    const lines = await sandbox.lines(session.id);
    expect(bytesOf(lines.find(({ kind }) => kind === 'data'))).toBe(`${content}.\r\n`);
    expect(bytesOf(lines.find(({ kind }) => kind === 'raw'))).toBe('QUIT\r\n');
    expect(session.ended?.how).toBe('fault');
  });

  test('a message that ends before is taken, and the transcript says so', async () => {
    await using _ = await simulate(sandbox, { name: 'cut', stage: 'data', then: 'close', afterBytes: 500 });
    await using wire = await openMail();
    await wire.say('DATA');
    wire.send(content);
    expect(await wire.say('.')).toMatch(/^250 /);
    const lines = await sandbox.lines((await sessionOf(wire)).id);
    expect(lines.map(({ text }) => text)).toContain(
      'The message ended with 22 bytes, before the simulated failure "cut" was due.',
    );
  });
});
