// What is typed in the form against the rule that the server makes of it.
import { expect, test } from 'vitest';
import { MailscopeError } from '../../shared/errors.ts';
import { explainFault } from '../../shared/explain-fault.ts';
import { faultRule, type FaultRule } from '../../shared/fault.ts';
import { countedPer, faultStages } from '../../shared/fault-stages.ts';
import { draftOf, inputOf, moveTo, newDraft, ruleOf } from '../../web/parts/faults/draft.ts';
import { findPresets, groupPresets } from '../../web/parts/faults/presets.ts';
import { problemAt, readProblems } from '../../web/parts/faults/problems.ts';
import { makeFault, somePresets } from './support/fixture-faults.ts';

const ruleMadeOf = (input: object): FaultRule => faultRule.parse({ enabled: true, ...input });

test('a rule that is opened and saved as it is stays the same', () => {
  const rules = [
    makeFault('f_1', {
      name: 'Some',
      when: { to: ['*@a.test', 'b@b.test'], largerThan: 1000 },
      times: { skip: 1, every: 2, chance: 12.5, count: 3, seed: 7, per: 'triplet' },
      delay: 90_000,
      reply: { code: 451, enhanced: null, text: 'One\nTwo, with a comma' },
    }),
    makeFault('f_2', { stage: 'ehlo', reply: null, without: ['STARTTLS', 'AUTH'], delay: 1500 }),
    makeFault('f_3', { stage: 'data', reply: null, then: 'reset', afterBytes: 512 }),
    makeFault('f_4', { stage: 'bounce', delay: 120_000 }),
    makeFault('f_5', { stage: 'tls', reply: null, then: 'close' }),
  ];
  for (const rule of rules) {
    const { name, stage, when, times, delay, reply, then, afterBytes, without } = rule;
    const same = { enabled: true, name, stage, when, times, delay, reply, then, afterBytes, without };
    expect(ruleMadeOf(inputOf(draftOf(rule)))).toEqual(same);
    expect(explainFault(ruleOf(draftOf(rule))!)).toBe(rule.text);
  }
});

test('at each stage the form gives a rule that goes together, wherever one comes from', () => {
  const full = { ...newDraft(), then: 'close' as const, without: 'STARTTLS', afterBytes: '10' };
  const when = { from: 'a', to: 'b', user: 'c', client: 'd', ip: 'e', listener: 'smtp', largerThan: '1' };
  for (const from of faultStages)
    for (const to of faultStages)
      for (const per of countedPer(from)) {
        const draft = moveTo(moveTo({ ...full, when }, from), to);
        expect(() => ruleMadeOf(inputOf({ ...draft, times: { ...draft.times, per } }))).not.toThrow();
      }
});

test('patterns are parted by commas, and an empty field says nothing', () => {
  const draft = newDraft();
  draft.when.to = ' *@a.test,  b@b.test , ';
  draft.when.from = '  ';
  expect(inputOf(draft).when).toEqual({ to: ['*@a.test', 'b@b.test'] });
});

test('what is no number goes to the server as it was typed, for it to say so', () => {
  const draft = { ...newDraft(), code: '55o' };
  draft.times.every = 'second';
  expect(inputOf(draft)).toMatchObject({ reply: { code: '55o' }, times: { every: 'second' } });
});

test('while nothing would happen there is no sentence', () => {
  const idle = { ...newDraft(), hasReply: false };
  expect(ruleOf(idle)).toBeNull();
  expect(explainFault(ruleOf({ ...idle, delay: '2s' })!)).toBe('RCPT TO is answered after 2 s.');
});

test('a preset fills the form with all that it says, and its title as the name', () => {
  const [full, noTls, often] = somePresets.map((preset) => ruleMadeOf(inputOf(draftOf(preset))));
  expect(full).toMatchObject({
    name: 'Mailbox full',
    reply: { code: 452, text: 'The mailbox of {rcpt} is full' },
  });
  expect(noTls).toMatchObject({ stage: 'ehlo', reply: null, without: ['STARTTLS'] });
  expect(often).toMatchObject({ times: { skip: 0, every: 3, chance: 100 } });
});

test('presets are found by any of their words, and stand together by whose they are', () => {
  const names = (text: string) => findPresets(somePresets, text).map(({ name }) => name);
  expect(names('')).toHaveLength(3);
  expect(names('GMAIL too')).toEqual(['gmail/rate-limit']);
  expect(names('4.2.2')).toEqual(['generic/mailbox-full']);
  expect(names('ehlo starttls')).toEqual(['generic/no-starttls']);
  expect(names('gmail full')).toEqual([]);
  expect(groupPresets(somePresets).map(({ label, presets }) => [label, presets.length])).toEqual([
    ['Any server', 2],
    ['Gmail', 1],
  ]);
});

test('what the server does not take is at the field that it is about', () => {
  const details = [
    { path: 'body.reply.code', problem: 'must be a whole number' },
    { path: 'body.when.to.1', problem: 'is too long' },
  ];
  const problems = readProblems(new MailscopeError('invalid_request', 'body.reply.code: …', { details }));
  expect(problemAt(problems, 'reply.code')).toBe('must be a whole number');
  expect(problemAt(problems, 'when.to')).toBe('is too long');
  expect(problemAt(problems, 'reply.text')).toBeNull();
  const told = readProblems(new MailscopeError('invalid_request', 'body.delay: must be a time such as 30s'));
  expect(problemAt(told, 'delay')).toBe('must be a time such as 30s');
  expect(readProblems(new Error('nobody answers'))).toBeNull();
});
