// Selectors and expressions of a caller, on HTML and texts of strangers: no combination takes the server away.
import { expect, test } from 'vitest';
import { selectHtml } from '../../server/mail/select-html.ts';
import { createTools } from '../../server/wait/tools.ts';

const tools = createTools(selectHtml);

test('a selector finds elements with their attributes and folded text', () => {
  const { elements } = tools.selectHtml(
    '<p>one<p id=b>two\n <b>three</b> &amp; <br>four',
    'p:nth-of-type(2)',
  );
  expect(elements).toEqual([{ name: 'p', attributes: { id: 'b' }, text: 'two three & four' }]);
});

test('what is no selector or no expression is said, with its words', () => {
  for (const selector of ['a[', ':no-such(x)', 'a::before', '', '>>'])
    expect(() => tools.selectHtml('<a>', selector), selector).toThrow('CSS selector');
  expect(() => tools.matchesPattern('(', false, 'x')).toThrow('is no regular expression');
});

test('what would take for ever is stopped', () => {
  const started = performance.now();
  expect(() => tools.matchesPattern('^(a+)+$', false, `${'a'.repeat(40)}b`)).toThrow('takes longer than');
  const deep = '<div>'.repeat(30_000);
  const work = [
    () => tools.selectHtml(deep, 'div div div div div div p'),
    () => tools.selectHtml(`${deep}<p>`, 'a div div div div div p'),
    () => tools.selectHtml('<a></a>'.repeat(100_000), 'a ~ a ~ b ~ a'),
    () => tools.selectHtml('<a></a>'.repeat(100_000), 'a:nth-last-child(3n+1):has(~ b)'),
    () => tools.selectHtml('<a b=c>'.repeat(1e6), 'a'),
  ];
  for (const one of work) {
    try {
      one();
    } catch (error) {
      expect((error as Error).message).toMatch(/takes longer than|can be used/);
    }
  }
  expect(performance.now() - started).toBeLessThan(10_000);
  // It goes on as before.
  expect(tools.matchesPattern('^a+$', true, 'AAA')).toBe(true);
});
