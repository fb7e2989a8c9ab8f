// Failures that are simulated in the greeting and in what EHLO offers.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { simulate } from '../support/simulate.ts';
import type { Session } from '../../shared/session.ts';
import { openWire, type Wire } from '../support/wire.ts';

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
describe('a greeting that refuses', () => {
  test('closes the connection, unless the rule says otherwise', async () => {
    await using _ = await simulate(sandbox, {
      stage: 'connect',
      reply: { code: 421, text: 'Too many of {ip}' },
    });
    await using wire = await sandbox.wire();
    expect(await wire.reply()).toBe('421 Too many of 127.0.0.1\r\n');
    await wire.closed();
    const session = (await sandbox.closedSessions(++count)).at(-1)!;
    expect(session).toMatchObject({
      outcome: 'refused',
      refusal: { command: 'CONNECT', code: 421 },
      ended: { by: 'server', how: 'fault', text: 'A simulated failure closed the connection.' },
    });
  });

  test('with continue, all but QUIT is refused from then on (RFC 5321 3.1)', async () => {
    await using _ = await simulate(sandbox, {
      stage: 'connect',
      reply: { code: 554, enhanced: '5.7.1', text: 'No service' },
      then: 'continue',
    });
    await using wire = await sandbox.wire();
    expect(await wire.hello()).toMatch(/^503 5\.5\.1 /);
    expect(await wire.say('MAIL FROM:<ann@a.test>')).toMatch(/^503 5\.5\.1 /);
    expect(await wire.say('XYZ')).toMatch(/^503 5\.5\.1 /);
    const session = await sessionOf(wire);
    expect(session).toMatchObject({ outcome: 'refused', ended: { how: 'quit' } });
    expect(session.transactions[0]?.cause).toMatchObject({ command: 'CONNECT', reply: { code: 554 } });
  });
});

test('a client that leaves at such a greeting, or at a poor offer, has that told as its reason', async () => {
  const reply = { code: 554, enhanced: '5.7.1', text: 'No service' };
  await using greeting = await simulate(sandbox, {
    stage: 'connect',
    times: { count: 1 },
    reply,
    then: 'continue',
  });
  await using offer = await simulate(sandbox, { stage: 'ehlo', without: ['AUTH', 'STARTTLS'] });
  expect(greeting.id).not.toBe(offer.id);
  await using wire = await sandbox.wire();
  await wire.reply();
  wire.end();
  expect((await sandbox.closedSessions(++count)).at(-1)!.ended?.text).toBe(
    'The client closed the connection without QUIT after the greeting refused it with 554 5.7.1 (No service).',
  );
  await using other = await sandbox.wire();
  await other.hello();
  expect((await sessionOf(other)).ended?.text).toBe(
    'The client said QUIT after EHLO, and we closed the connection; it may insist on what a simulated failure kept out of the reply to EHLO (AUTH, STARTTLS).',
  );
});

test.each([
  ['plain text', 0],
  ['TLS', 2],
])(
  'by %s a client that talks during a delayed greeting is an early talker, and pipelines nothing',
  async (_by, listener) => {
    await using _ = await simulate(sandbox, { stage: 'connect', delay: '10m' as never, times: { count: 1 } });
    await using wire =
      listener === 2 ? await openWire(sandbox.ports[2]!, { tls: {} }) : await sandbox.wire(listener);
    await expect.poll(async () => (await sandbox.client.listFaults({})).items[0]!.applied).toBe(1);
    wire.send('EHLO client.test\r\n');
    wire.end();
    const session = (await sandbox.closedSessions(++count)).at(-1)!;
    expect(session.commands).toBe(1);
    const kinds = session.anomalyList.map(({ kind }) => kind);
    expect(kinds).toContain('early-talker');
    expect(kinds).not.toContain('illegal-pipelining');
    const { line } = session.anomalyList.find(({ kind }) => kind === 'early-talker')!;
    expect((await sandbox.lines(session.id))[line!]!.text).toMatch(/^Simulated failure: /);
  },
);

describe('EHLO without keywords', () => {
  const offer = (reply: string): string[] =>
    reply
      .trim()
      .split('\r\n')
      .slice(1)
      .map((line) => line.slice(4).split(' ')[0]!);

  test('they are neither offered nor taken', async () => {
    await using _ = await simulate(sandbox, {
      stage: 'ehlo',
      without: ['starttls', 'AUTH', 'CHUNKING', 'SIZE', '8BITMIME'],
    });
    await using wire = await sandbox.wire(1);
    expect(offer(await wire.hello())).toEqual(['PIPELINING', 'SMTPUTF8', 'ENHANCEDSTATUSCODES', 'DSN']);
    // Without a pointer to a port that offers it, which would be this one.
    expect(await wire.say('STARTTLS')).toBe('502 5.5.1 STARTTLS is not offered on this port\r\n');
    expect(await wire.say(plain('ann'))).toMatch(/^502 5\.5\.1 /);
    expect(await wire.say('MAIL FROM:<ann@a.test> SIZE=10')).toBe(
      '555 5.5.4 Unsupported parameter: SIZE\r\n',
    );
    expect(await wire.say('MAIL FROM:<ann@a.test> BODY=8BITMIME')).toMatch(/^555 /);
    expect(await wire.say('MAIL FROM:<ann@a.test> RET=HDRS')).toMatch(/^250 /);
    expect(await wire.say('RCPT TO:<bob@b.test>')).toMatch(/^250 /);
    wire.send('BDAT 5 LAST\r\nhello');
    expect(await wire.reply()).toMatch(/^502 5\.5\.1 /);
    const session = await sessionOf(wire);
    expect(session.ehlo[0]!.offered.map(({ keyword }) => keyword)).toEqual([
      ...['PIPELINING', 'SMTPUTF8', 'ENHANCEDSTATUSCODES', 'DSN'],
    ]);
    expect(session.faultList).toMatchObject([
      { stage: 'ehlo', text: expect.stringContaining('does not offer') },
    ]);
  });

  test('the next EHLO, which the rule does not meet, offers all again', async () => {
    await using _ = await simulate(sandbox, { stage: 'ehlo', times: { count: 1 }, without: ['AUTH'] });
    await using wire = await sandbox.wire();
    expect(offer(await wire.hello())).not.toContain('AUTH');
    expect(offer(await wire.say('EHLO client.test'))).toContain('AUTH');
    expect(await wire.say(plain('ann'))).toMatch(/^235 /);
    await sessionOf(wire);
  });
});
