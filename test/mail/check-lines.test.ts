// What the scan of lines finds, against what expressions find in the same bytes; and what is left out for want of time.
import { expect, test } from 'vitest';
import { checkMessage } from '../../server/mail/check/check-message.ts';
import type { CheckedMessage } from '../../server/mail/check/checked.ts';
import { checkLines } from '../../server/mail/check/lines.ts';
import { scanStructure } from '../../server/mail/structure.ts';
import { findingsOf, mailWith } from '../support/checked-mail.ts';

const checked = (raw: Buffer): CheckedMessage => ({
  raw,
  structure: scanStructure(raw),
  ...{ subject: '', date: null, text: null, html: null, attachments: [], links: [], unsubscribe: null },
  nowMs: 0,
});

/** How often, by rule. */
function countIn(text: string): Record<string, number> {
  const pieces = text.split(/(\r\n|\r|\n)/);
  const dots = pieces.filter(
    (piece, i) =>
      i > 0 && i < pieces.length - 1 && piece === '.' && pieces[i - 1]! + pieces[i + 1]! !== '\r\n\r\n',
  );
  const [whole, bareLf] = [text.match(/\r\n/g) ?? [], text.match(/(?<!\r)\n/g) ?? []];
  const isOfWire = /^[^\n]*\r\n/.test(text) || whole.length > bareLf.length;
  return {
    'content.bare-lf': isOfWire ? bareLf.length : 0,
    'content.bare-cr': text.match(/\r(?!\n)/g)?.length ?? 0,
    'content.smuggling': isOfWire ? dots.length : 0,
    'content.nul': text.match(/\0/g)?.length ?? 0,
  };
}

test('line endings, dots and NUL are counted rightly in whatever order they come', () => {
  const letters = ['a', '.', '\r', '\n', '\0'];
  let texts = [''];
  for (let length = 1; length <= 6; length++) {
    texts = texts.flatMap((text) => letters.map((letter) => text + letter));
    for (const text of texts) {
      const raw = Buffer.from(text);
      const structure = { root: { bodyOffset: 0 } } as CheckedMessage['structure'];
      const found = [...checkLines({ raw, structure } as CheckedMessage)];
      const counted = Object.entries(countIn(text)).filter(([, count]) => count > 0);
      const told = Object.fromEntries(found.map(({ rule, vars }) => [rule, vars.count]));
      if (JSON.stringify(told) !== JSON.stringify(Object.fromEntries(counted)))
        expect([text, told]).toEqual([text, Object.fromEntries(counted)]);
    }
  }
});

test('one CR LF in a file with LF is no reason to complain of each other line', async () => {
  const file = mailWith({}, 'one\ntwo\n.\nthree\n').toString().replaceAll('\r\n', '\n');
  expect(await findingsOf(Buffer.from(file.replace('two\n', 'two\r\n')))).toEqual([]);
});

test('checks for which there is no time are left out, and that is said', () => {
  const problems: string[] = [];
  const mail = checked(mailWith({}, 'one\0two'));
  expect(checkMessage(mail, problems).map(({ rule }) => rule)).toContain('content.nul');
  expect(problems).toEqual([]);
  expect(checkMessage(mail, problems, -1)).toEqual([]);
  expect(problems).toEqual([expect.stringMatching(/(\d+) of \1 checks were left out/)]);
});
