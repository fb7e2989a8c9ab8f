// The regular expressions of rules: they find what those of JavaScript find, and no text makes them slow.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compilePattern } from '../../server/inbox/pattern.ts';
import { cpuNow } from '../support/cpu-time.ts';

function matches(pattern: string, text: string): boolean {
  const compiled = compilePattern(pattern);
  if (!compiled.ok) throw new Error(compiled.problem);
  return compiled.matches(text.toLowerCase());
}

test.each([
  ['^order-\\d+@', 'order-17@x.test', true],
  ['^order-\\d+@', 'reorder-17@x.test', false],
  ['@(a|b)\\.test$', 'x@B.test', true],
  ['@(?:a|b)\\.test$', 'x@b.test.evil', false],
  ['[A-F]{2,3}x', 'abcx', true],
  ['^[^@]{3}@', 'abc@x', true],
  ['^[^@]{3}@', 'abcd@x', false],
  ['^$', '', true],
  ['a*?b', 'xxaab', true],
  ['\\w+\\.\\w+', 'a.b', true],
  ['[\\]\\-a]', '-', true],
  ['[]a]', ']', true],
  ['a{,2}', 'a{,2}', true],
  ['', 'anything', true],
  ['x|^y', 'zy', false],
  ['ÄÖ', 'xäö', true],
])('%j in %j: %s', (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected);
});

test.each([
  ['(', 'missing'],
  ['a)', 'has no ('],
  ['[a', 'missing'],
  ['*a', 'nothing to repeat'],
  ['a**', 'repeated already'],
  ['(?=a)', 'Look-around'],
  ['(a)\\1', 'not known'],
  ['\\bx', 'not known'],
  ['[z-a]', 'wrong order'],
  ['a{3,2}', 'wrong order'],
  ['a{101}', '100'],
  ['(a{100}){100}', 'too large'],
  ['(?:(?:(?:(?:){100}){100}){100}){100}', 'too large'],
  ['('.repeat(50), '20 deep'],
  ['a\\', 'behind the backslash'],
  ['a'.repeat(201), '200'],
])('%j is refused: %s', (pattern, problem) => {
  expect(compilePattern(pattern)).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
});

const pattern = fc.letrec<{ atom: string; part: string; whole: string }>((tie) => ({
  atom: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '1', '@') },
    { weight: 1, arbitrary: tie('whole').map((inner) => `(?:${inner})`) },
  ),
  part: fc
    .tuple(tie('atom'), fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,3}', '{0,2}', '*?'))
    .map((pair) => pair.join('')),
  whole: fc
    .tuple(
      fc.constantFrom('', '', '^'),
      fc.array(tie('part'), { maxLength: 4 }),
      fc.constantFrom('', '', '$', '|a', '|'),
    )
    .map(([start, parts, end]) => start + parts.join('') + end),
})).whole;

test('they agree with the regular expressions of JavaScript', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '1', '@', 'c'), maxLength: 12 });
  fc.assert(
    fc.property(pattern, fc.array(text, { minLength: 1, maxLength: 6 }), (source, texts) => {
      const compiled = compilePattern(source);
      if (!compiled.ok) return;
      const theirs = new RegExp(source, 'i');
      for (const one of texts) expect(compiled.matches(one), `${source} in ${one}`).toBe(theirs.test(one));
    }),
    { numRuns: 3000 },
  );
});

test('no pattern and no text takes long, whatever they are', () => {
  const evil = ['(a+)+$', '(a|a)*$', '(a|aa)+b', '(.*)*x$', '(?:a?){50}a{50}b', '.*a.{60}$', '([a-z]+)*@@'];
  const texts = ['a'.repeat(1000), `${'a'.repeat(999)}!`, 'ab'.repeat(500), 'ä\u4e00'.repeat(500)];
  const started = cpuNow();
  for (const source of evil) for (const text of texts) for (let n = 0; n < 3; n += 1) matches(source, text);
  // One of them would keep a backtracking engine busy for longer than the universe is old.
  expect(cpuNow() - started).toBeLessThan(3000);
});
