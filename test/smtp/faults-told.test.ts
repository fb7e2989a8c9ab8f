// What the page tells of a session that was refused on purpose: the failure that did it, and nothing beside it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FaultStage } from '../../shared/fault-stages.ts';
import type { Session } from '../../shared/session.ts';
import { explainFailure } from '../../web/parts/connect/explain-failure.ts';
import { isRefusalSimulated, refusalOf } from '../../web/parts/simulated.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { simulate } from '../support/simulate.ts';
import type { Wire } from '../support/wire.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox({ listen: ['lmtp://127.0.0.1:0'] });
});
afterAll(() => sandbox[Symbol.asyncDispose]());

let count = 0;
const lmtp = 3;

async function sessionOf(talk: (wire: Wire) => Promise<unknown>, listener = 0): Promise<Session> {
  await using wire = await sandbox.wire(listener);
  await wire.reply();
  await talk(wire);
  await wire.quit().catch(() => undefined);
  wire.end();
  return (await sandbox.closedSessions(++count)).at(-1)!;
}

async function say(wire: Wire, ...commands: string[]): Promise<void> {
  for (const command of commands) await wire.say(command);
}

const ehlo = 'EHLO client.test';
const envelope = [ehlo, 'MAIL FROM:<ann@a.test>', 'RCPT TO:<bob@b.test>'];
const data = ['DATA', 'Subject: x\r\n\r\nx\r\n.'];

async function chunks(wire: Wire): Promise<void> {
  await say(wire, ...envelope);
  wire.send('BDAT 6\r\nSubjec');
  await wire.reply();
  wire.send('BDAT 6 LAST\r\nt: x\r\n');
  await wire.reply();
}

test.for<[string, FaultStage, (wire: Wire) => Promise<unknown>, number?]>([
  ['CONNECT', 'connect', async () => undefined],
  ['EHLO', 'ehlo', (wire) => say(wire, ehlo)],
  ['HELO', 'ehlo', (wire) => say(wire, 'HELO client.test')],
  ['LHLO', 'ehlo', (wire) => say(wire, 'LHLO client.test'), lmtp],
  ['EHLO, of which the mail knows', 'ehlo', (wire) => say(wire, ehlo, 'MAIL FROM:<ann@a.test>')],
  ['STARTTLS', 'starttls', (wire) => say(wire, ehlo, 'STARTTLS'), 1],
  ['MAIL FROM', 'mail', (wire) => say(wire, ...envelope.slice(0, 2))],
  ['RCPT TO', 'rcpt', (wire) => say(wire, ...envelope)],
  ['DATA, the command', 'data', (wire) => say(wire, ...envelope, 'DATA')],
  ['DATA, the message', 'message', (wire) => say(wire, ...envelope, ...data)],
  ['BDAT, the first', 'data', chunks],
  ['BDAT, the message', 'message', chunks],
])('a refusal of %s is told once', async ([, stage, talk, listener]) => {
  await using _ = await simulate(sandbox, { stage, reply: { code: 554, text: 'No' } });
  const session = await sessionOf(talk, listener);
  const refusal = refusalOf(session)!;
  expect(session).toMatchObject({ outcome: 'refused', faults: 1 });
  expect(isRefusalSimulated(session.faultList!, refusal)).toBe(true);
  expect(explainFailure(session, []).title).toBe('It failed on purpose');
});

test('one of ours behind a failure that was simulated is told beside it', async () => {
  await using _ = await simulate(sandbox, { stage: 'mail', delay: 5 });
  const session = await sessionOf((wire) => say(wire, ehlo, 'MAIL FROM:<ann@a.test>', 'RCPT TO:<nobody'));
  expect(session).toMatchObject({ outcome: 'refused', faults: 1 });
  expect(isRefusalSimulated(session.faultList!, refusalOf(session)!)).toBe(false);
  expect(explainFailure(session, []).title).toBe('The mail was refused with 501');
});

test('a client that does not trust the CA is told so, though a failure made the handshake slow', async () => {
  await using _ = await simulate(sandbox, { stage: 'tls', delay: 5 });
  await using wire = await sandbox.wire(1);
  await wire.hello();
  await wire.say('STARTTLS');
  await expect(wire.secure({ rejectUnauthorized: true })).rejects.toThrow(/certificate/);
  const session = (await sandbox.closedSessions(++count)).at(-1)!;
  expect(session.faults).toBe(1);
  expect(explainFailure(session, [])).toMatchObject({
    title: 'The TLS handshake failed',
    isAboutTrust: true,
  });
});

test('a client that misses what a failure took out of EHLO, and leaves, is told of that', async () => {
  await using _ = await simulate(sandbox, { stage: 'ehlo', without: ['STARTTLS'] });
  const session = await sessionOf((wire) => say(wire, ehlo), 1);
  expect(session.outcome).toBe('no-command');
  expect(explainFailure(session, []).title).toBe('It failed on purpose');
});
