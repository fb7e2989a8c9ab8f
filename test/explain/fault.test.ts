// A rule of a simulated failure as a sentence.
import { expect, test } from 'vitest';
import { explainFault } from '../../shared/explain-fault.ts';
import type { FaultRule } from '../../shared/fault.ts';

type Rule = Parameters<typeof explainFault>[0];

const always: FaultRule['times'] = { skip: 0, every: 1, chance: 100, count: null, seed: 1, per: 'rule' };
const noUser = { code: 550, enhanced: '5.1.1', text: 'No such user\nNever was' };
const rule = (given: Partial<Rule>): Rule => ({
  ...{ stage: 'rcpt', when: {}, times: always, delay: 0, reply: null },
  ...{ then: 'continue', afterBytes: null, without: [] },
  ...given,
});

test.each<[string, Partial<Rule>]>([
  ['RCPT TO is answered 550 5.1.1 No such user ….', { reply: noUser }],
  [
    'RCPT TO is answered 550 5.1.1 No such user … after 1500 ms, then the connection is closed where RCPT TO is a@x or *@y and it is larger than 10 bytes.',
    { reply: noUser, delay: 1500, then: 'close', when: { to: ['a@x', '*@y'], largerThan: 10 } },
  ],
  [
    'RCPT TO is answered 550 5.1.1 No such user …, not the first 2 times, every 3rd time, in 25 % of the cases, 4 times at most for each recipient.',
    { reply: noUser, times: { ...always, skip: 2, every: 3, chance: 25, count: 4, per: 'to' } },
  ],
  [
    'RCPT TO is answered 550 5.1.1 No such user …, not the first time, every 12th time, once.',
    { reply: noUser, times: { ...always, skip: 1, every: 12, count: 1 } },
  ],
  ['RCPT TO is answered after 2 min, every 22nd time.', { delay: 120_000, times: { ...always, every: 22 } }],
  [
    'The greeting is 550 5.1.1 No such user … after 3 s, then the connection is closed.',
    { stage: 'connect', delay: 3000, reply: noUser, then: 'close' },
  ],
  ['The greeting comes after 30 s.', { stage: 'connect', delay: 30_000 }],
  ['At the greeting the connection is reset.', { stage: 'connect', then: 'reset' }],
  ['EHLO does not offer STARTTLS, AUTH.', { stage: 'ehlo', without: ['STARTTLS', 'AUTH'] }],
  ['At the TLS handshake after 3 s the connection is reset.', { stage: 'tls', delay: 3000, then: 'reset' }],
  ['At the message, which is stored, nothing is answered any more.', { stage: 'stored', then: 'hang' }],
  [
    'After 64 bytes of the message the connection is reset.',
    { stage: 'data', then: 'reset', afterBytes: 64 },
  ],
  [
    'The message, which is stored and answered 250, comes back after 2 s with a delivery report: 550 5.1.1 No such user ….',
    { stage: 'bounce', delay: 2000, reply: noUser },
  ],
])('%s', (sentence, given) => {
  expect(explainFault(rule(given))).toBe(sentence);
});
