// Failures that are simulated with a reply: what the client sees, and what the session says of it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { simulate } from '../support/simulate.ts';
import { failuresOf } from '../../shared/session-failures.ts';
import type { Session } from '../../shared/session.ts';
import type { Wire } from '../support/wire.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox[Symbol.asyncDispose]());

let count = 0;
/** Says QUIT, where the connection is still there, and waits for the record. */
async function sessionOf(wire: Wire): Promise<Session> {
  await wire.quit().catch(() => undefined);
  wire.end();
  return (await sandbox.closedSessions(++count)).at(-1)!;
}

const plain = (user: string): string => `AUTH PLAIN ${Buffer.from(`\0${user}\0secret`).toString('base64')}`;
const refusal = { code: 451, enhanced: '4.7.1', text: 'Not now' };

describe('a reply in the place of the usual one', () => {
  test('to RCPT: the others are taken, the message is stored for them, and the session names the failure', async () => {
    await using fault = await simulate(sandbox, {
      name: 'unknown user',
      stage: 'rcpt',
      when: { to: '*@gone.test' },
      reply: { code: 550, enhanced: '5.1.1', text: 'No {rcpt} here' },
    });
    await using wire = await sandbox.wire();
    await wire.hello();
    await wire.say('MAIL FROM:<ann@a.test>');
    expect(await wire.say('RCPT TO:<bob@gone.test>')).toBe('550 5.1.1 No bob@gone.test here\r\n');
    expect(await wire.say('RCPT TO:<eve@b.test>')).toMatch(/^250 /);
    await wire.say('DATA');
    wire.send('Subject: x\r\n\r\nx\r\n');
    expect(await wire.say('.')).toMatch(/^250 /);
    const session = await sessionOf(wire);
    expect(session).toMatchObject({ outcome: 'captured', faults: 1, ended: { how: 'quit' } });
    expect(session.transactions[0]).toMatchObject({
      outcome: 'stored',
      recipients: [
        { address: 'bob@gone.test', reply: { code: 550, enhanced: '5.1.1', text: 'No bob@gone.test here' } },
        { address: 'eve@b.test', reply: { code: 250 } },
      ],
    });
    const [applied] = session.faultList!;
    expect(applied).toMatchObject({
      id: fault.id,
      name: 'unknown user',
      stage: 'rcpt',
      text: 'RCPT TO is answered 550 5.1.1 No bob@gone.test here.',
    });
    const lines = await sandbox.lines(session.id);
    const told = lines.slice(applied!.line - 1, applied!.line + 2).map(({ text }) => text);
    expect(told).toEqual([
      'RCPT TO:<bob@gone.test>',
      'Simulated failure "unknown user": RCPT TO is answered 550 5.1.1 No bob@gone.test here.',
      '550 5.1.1 No bob@gone.test here',
    ]);
    expect((await sandbox.client.readFault({ params: { id: fault.id } })).applied).toBe(1);
    expect([...failuresOf(session)].map(({ line, text }) => `${line} ${text}`)).toEqual([
      `${applied!.line - 1} Transaction 1: <bob@gone.test> was refused: 550 5.1.1 No bob@gone.test here`,
      `${applied!.line} ${told[1]}`,
    ]);
    const { items } = await sandbox.client.listSessions({ query: {} });
    expect(items[0]).toMatchObject({ id: session.id, faults: 1 });
  });

  test('of several lines has the code and the status on each (RFC 5321 4.2.1, RFC 2034 4)', async () => {
    const text = 'Unauthenticated mail\nfrom {domain}\nis refused';
    await using _ = await simulate(sandbox, {
      stage: 'mail',
      reply: { code: 550, enhanced: '5.7.26', text },
    });
    await using wire = await sandbox.wire();
    await wire.hello();
    expect(await wire.say('MAIL FROM:<ann@a.test>')).toBe(
      '550-5.7.26 Unauthenticated mail\r\n550-5.7.26 from a.test\r\n550 5.7.26 is refused\r\n',
    );
    const session = await sessionOf(wire);
    expect(session).toMatchObject({ outcome: 'refused', refusal: { command: 'MAIL FROM', code: 550 } });
    expect(session.transactions).toMatchObject([{ outcome: 'refused', from: { address: 'ann@a.test' } }]);
  });

  test('to MAIL leaves the state as it was: the next MAIL is taken', async () => {
    await using _ = await simulate(sandbox, { stage: 'mail', times: { count: 1 }, reply: refusal });
    await using wire = await sandbox.wire();
    await wire.reply();
    // What is out of order is refused for that, and is not a moment for the failure.
    expect(await wire.say('MAIL FROM:<ann@a.test>')).toMatch(/^503 /);
    await wire.say('EHLO client.test');
    expect(await wire.say('MAIL FROM:<ann@a.test>')).toBe('451 4.7.1 Not now\r\n');
    expect(await wire.say('RCPT TO:<bob@b.test>')).toMatch(/^503 /);
    expect(await wire.mail()).toMatch(/^250 /);
    expect((await sessionOf(wire)).outcome).toBe('captured');
  });

  test('without a text and a status it is the code alone', async () => {
    await using _ = await simulate(sandbox, { stage: 'mail', reply: { code: 450 } });
    await using wire = await sandbox.wire();
    await wire.hello();
    expect(await wire.say('MAIL FROM:<ann@a.test>')).toBe('450\r\n');
    await sessionOf(wire);
  });

  test('to AUTH comes once the credentials are here, and the attempt says that it was simulated', async () => {
    await using _ = await simulate(sandbox, {
      name: 'wrong password',
      stage: 'auth',
      when: { user: 'ann' },
      reply: { code: 535, enhanced: '5.7.8', text: 'Bad credentials' },
    });
    await using wire = await sandbox.wire();
    await wire.hello();
    expect(await wire.say(plain('ann'))).toBe('535 5.7.8 Bad credentials\r\n');
    const session = await sessionOf(wire);
    expect(session).toMatchObject({
      outcome: 'auth-failed',
      user: 'ann',
      refusal: { command: 'AUTH', code: 535 },
    });
    expect(session.auth).toMatchObject([
      {
        ok: false,
        code: 535,
        user: 'ann',
        reason: 'It was refused by the simulated failure "wrong password", whatever the credentials were.',
      },
    ]);
    const lines = await sandbox.lines(session.id);
    expect(lines.map(({ text }) => text).join('\n')).not.toContain(
      Buffer.from('\0ann\0secret').toString('base64'),
    );
    await using other = await sandbox.wire();
    await other.hello();
    expect(await other.say(plain('bob'))).toMatch(/^235 /);
    await sessionOf(other);
  });

  test('to EHLO: with HELO the client can go on', async () => {
    await using _ = await simulate(sandbox, {
      stage: 'ehlo',
      times: { count: 1 },
      reply: { code: 502, text: 'No' },
    });
    await using wire = await sandbox.wire();
    expect(await wire.hello()).toBe('502 No\r\n');
    expect(await wire.say('HELO client.test')).toMatch(/^250 /);
    expect(await wire.mail()).toMatch(/^250 /);
    expect((await sessionOf(wire)).outcome).toBe('captured');
  });

  test('to STARTTLS: the session goes on in clear', async () => {
    await using _ = await simulate(sandbox, {
      stage: 'starttls',
      reply: { code: 454, enhanced: '4.7.0', text: 'TLS not available' },
    });
    await using wire = await sandbox.wire(1);
    await wire.hello();
    expect(await wire.say('STARTTLS')).toBe('454 4.7.0 TLS not available\r\n');
    const session = await sessionOf(wire);
    expect(session).toMatchObject({ outcome: 'refused', refusal: { command: 'STARTTLS', code: 454 } });
  });

  test('to QUIT, after which the client may just leave', async () => {
    await using _ = await simulate(sandbox, { stage: 'quit', reply: { code: 421, text: 'Gone' } });
    await using wire = await sandbox.wire();
    await wire.hello();
    expect(await wire.say('QUIT')).toBe('421 Gone\r\n');
    wire.end();
    const session = (await sandbox.closedSessions(++count)).at(-1)!;
    expect(session.ended).toMatchObject({ how: 'fin', text: 'The client closed the connection after QUIT.' });
    expect(session.anomalyList).toEqual([]);
  });

  test('more of them than errors are allowed do not end the session: they are not the fault of the client', async () => {
    await using _ = await simulate(sandbox, { stage: 'rcpt', when: { to: '*@gone.test' }, reply: refusal });
    await using wire = await sandbox.wire();
    await wire.hello();
    await wire.say('MAIL FROM:<ann@a.test>');
    for (let n = 0; n < 120; n++) expect(await wire.say(`RCPT TO:<${n}@gone.test>`)).toMatch(/^451 /);
    const session = await sessionOf(wire);
    expect(session.ended?.how).toBe('quit');
    expect(session.faults).toBe(120);
    expect(session.faultList).toHaveLength(100);
  });
});

test('an address that asks for a bounce has it without any rule', async () => {
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.say('MAIL FROM:<ann@a.test>');
  expect(await wire.say('RCPT TO:<bounce+552-5.2.2+mailbox-full@b.test>')).toBe('552 5.2.2 mailbox full\r\n');
  expect(await wire.say('RCPT TO:<bounce+421@b.test>')).toBe('421 The address asks for this reply\r\n');
  expect(await wire.say('RCPT TO:<bounce@b.test>')).toMatch(/^250 /);
  const session = await sessionOf(wire);
  expect(session.faultList).toMatchObject([
    {
      id: 'bounce-address',
      name: null,
      text: 'RCPT TO is answered 552 5.2.2 mailbox full, which the address asks for.',
    },
    { id: 'bounce-address' },
  ]);
});
