// A simulated failure is never blamed on the client; what the client does by itself still is.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { simulate } from '../support/simulate.ts';
import { namesOf, plainLogin, says, type Talk } from './talk.ts';

let sandbox: TestSandbox;
let count = 0;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox[Symbol.asyncDispose]());

type Given = Parameters<typeof simulate>[1];

async function findingsOf(given: Given, talk: Talk, listener = 0): Promise<string[]> {
  await using _ = await simulate(sandbox, given);
  await using wire = await sandbox.wire(listener);
  await talk(wire).catch(() => undefined);
  wire.end();
  return namesOf((await sandbox.closedSessions(++count)).at(-1)!.findingList);
}

const ann = 'MAIL FROM:<ann@example.test>';
const bob = 'RCPT TO:<bob@example.test>';
const login = plainLogin('joe', 'secret');

test.each<[string, Given, Talk, number?]>([
  ['a refused greeting', { stage: 'connect', reply: { code: 554 } }, says(ann)],
  ['a login that is refused', { stage: 'auth', reply: { code: 535 } }, says(login)],
  [
    'a login of white space that is refused',
    { stage: 'auth', reply: { code: 535 } },
    says(plainLogin('joe', 'x ')),
  ],
  ['STARTTLS that is not offered', { stage: 'ehlo', without: ['STARTTLS', 'AUTH'] }, says('STARTTLS'), 1],
  ['AUTH that is not offered', { stage: 'ehlo', without: ['AUTH'] }, says(login)],
  [
    'a recipient that is refused',
    { stage: 'rcpt', reply: { code: 550 }, times: { count: 1 } },
    says(ann, bob, bob, 'DATA', 'x\r\n.'),
  ],
  [
    'errors that come of a refusal',
    { stage: 'mail', reply: { code: 550 } },
    async (wire) => {
      await wire.hello();
      await wire.say(ann);
      for (let n = 0; n < 60; n++) wire.send('BLAH\r\n');
      await wire.closed();
    },
  ],
  ['a sender that is refused', { stage: 'mail', reply: { code: 501 } }, says(ann)],
  ['EHLO that is refused', { stage: 'ehlo', reply: { code: 550 } }, says(ann)],
  [
    'a message for which there is no room',
    { stage: 'message', reply: { code: 452, enhanced: '4.3.1' } },
    says(ann, bob, 'DATA', 'x\r\n.'),
  ],
  [
    'a message that is cut off',
    { stage: 'data', afterBytes: 2, then: 'reset' },
    says(ann, bob, 'DATA', 'Subject: x\r\n'),
  ],
  [
    'a handshake that is cut off',
    { stage: 'tls', then: 'close' },
    async (wire) => {
      await wire.hello();
      await wire.say('STARTTLS');
      await wire.secure();
    },
    1,
  ],
])('nothing is said of %s', async (_name, given, talk, listener) => {
  expect(await findingsOf(given, talk, listener)).toEqual([]);
});

test('recipients that refuse themselves by their address are no partial refusal', async () => {
  await using wire = await sandbox.wire();
  await says(ann, bob, 'RCPT TO:<bounce+550-5.1.1+no-such-user@example.test>', 'DATA', 'x\r\n.')(wire);
  expect((await sandbox.closedSessions(++count)).at(-1)!.findingList).toBeUndefined();
});

test('a name that servers refuse is told all the same', async () => {
  const found = await findingsOf({ stage: 'rcpt', reply: { code: 550 } }, async (wire) => {
    await wire.hello('my_host');
    await wire.say(ann);
    await wire.say(bob);
  });
  expect(found).toEqual(['ehlo.bad-characters']);
});

test('who talks before a greeting that is late is told so', async () => {
  const given: Given = { stage: 'connect', delay: '10m' as never, times: { count: 1 } };
  const found = await findingsOf(given, async (wire) => {
    await expect.poll(async () => (await sandbox.client.listFaults({})).items[0]!.applied).toBe(1);
    wire.send('EHLO client.test\r\n');
  });
  expect(found).toEqual(['connect.early-talker']);
});
