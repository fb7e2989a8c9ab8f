// What stands in a text or a link because it is spoken of, and not because a program left it there; and where what was left
// stands.
import { expect, test } from 'vitest';
import type { Found } from '../../shared/finding.ts';
import { findingsOf, mailWith } from '../support/checked-mail.ts';

const words = (list: Found[]): Found[] => list.filter(({ rule }) => /template|value|escaped/.test(rule));

test.each([
  'The share \\\\nas01\\new\\report.xlsx is there.',
  'See D:\\nightly\\new for it.',
  'In C, printf("a\\nb\\n") writes two lines.',
  "Ruby: puts 'a\\nb\\n' does not.",
  'https://developer.mozilla.org/docs/Global_Objects/undefined or https://developer.mozilla.org/docs/NaN#see',
  'https://example.com/null/?a=b and https://example.com/?null=1',
])('nothing is found in: %s', async (text) => {
  expect(words(await findingsOf(mailWith({}, text)))).toEqual([]);
});

test.each([
  ['To', 'null@example.com'],
  ['Subject', 'Re: null'],
  ['Subject', 'Fwd: Re: undefined'],
  ['Subject', 'TypeError: undefined'],
  ['Subject', 'The column is non-null'],
])('nothing is found in %s: %s', async (field, value) => {
  expect(words(await findingsOf(mailWith({ [field]: value })))).toEqual([]);
});

test.each([
  ['Subject', 'Your order #undefined'],
  ['Subject', 'Invoice: null'],
  ['To', 'undefined@example.com'],
])('a missing value is found in %s: %s', async (field, value) => {
  expect(words(await findingsOf(mailWith({ [field]: value })))).toMatchObject([{ vars: { where: field } }]);
});

test('a missing value is found in the query of a link', async () => {
  const [found] = words(await findingsOf(mailWith({}, 'https://example.com/a?id=undefined&b=1')));
  expect(found).toMatchObject({ vars: { found: '?id=undefined' } });
});

test.each(['In Vue, write {{ name }} there.', 'Actions know ${{ secrets.TOKEN }}.'])(
  'braces in a text may be talk of them: %s',
  async (text) => {
    expect(words(await findingsOf(mailWith({}, text)))).toMatchObject([{ severity: 'notice' }]);
  },
);

test('behind a greeting they are a template', async () => {
  const list = await findingsOf(mailWith({}, 'Shop\r\nDear {{ name }},\r\nthanks.\r\n'));
  expect(words(list)).toMatchObject([{ severity: 'warning', confidence: 0.75 }]);
});

test('what is in a text and in the HTML is told of the HTML', async () => {
  const part = (type: string): string =>
    `--b\r\nContent-Type: text/${type}; charset=utf-8\r\n\r\nWrite {{ name }}\r\n`;
  const raw = mailWith(
    { 'Content-Type': 'multipart/alternative; boundary=b' },
    `${part('plain')}${part('html')}--b--\r\n`,
  );
  expect(words(await findingsOf(raw))).toMatchObject([{ severity: 'warning', evidence: [{ part: '2' }] }]);
});

test('of several texts the one that has the words is shown, and of a link its own place', async () => {
  const part = (text: string): string => `--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n`;
  const mixed = { 'Content-Type': 'multipart/mixed; boundary=b' };
  const second = mailWith(mixed, `${part('Hello.')}${part('Dear undefined,')}--b--\r\n`);
  expect(words(await findingsOf(second))[0]?.evidence).toMatchObject([
    { part: '2', offset: second.indexOf('Dear'), length: 14 },
  ]);
  const link = mailWith({}, 'About /undefined: https://example.com/undefined/edit');
  expect(words(await findingsOf(link))[0]?.evidence).toMatchObject([{ offset: link.indexOf('/undefined/') }]);
});
