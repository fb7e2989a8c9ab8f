// Queries that the grammar takes, and text that was never meant as one.
import { fieldsOf } from '../../shared/search/fields.ts';
import type { SearchField } from '../../shared/search/field-values.ts';
import type { SearchScope } from '../../shared/search/query.ts';
import type { Random } from './random.ts';
import { tags, words } from './sample-store.ts';

const quote = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

/** A piece of what is stored, now and then in other letters. */
function piece(random: Random): string {
  const word = random.pick(words);
  const start = random.below(word.length);
  const cut = random.chance(0.5) ? word : word.slice(start, start + 1 + random.below(6));
  return random.pick([cut, cut.toUpperCase(), cut.toLowerCase(), `${cut} ${random.pick(words)}`]);
}

function valueOf(field: SearchField, random: Random, ids: string[]): string {
  if (field.kind === 'choice' || (field.values && random.chance(0.6)))
    return random.pick(field.values!).value;
  switch (field.kind) {
    case 'tag':
      return random.pick(tags).toUpperCase();
    case 'time':
      return random.pick(['3h', '1d', '40h', '2026-01-31', '2001-01-01T12:00:00+01:00', '99d', 'yesterday']);
    case 'size':
      return random.pick(['100', '1kB', '1KiB', '2.5kB', '10B']);
    case 'code':
      return random.pick(['2', '25', '250', '5', '421', '199']);
    case 'id':
      return random.pick(ids);
    default:
      return random.pick([
        piece(random),
        random.pick([
          'a.test',
          'ann',
          '@',
          'b',
          'üller',
          '127.0.0.1',
          'submission',
          'web-1',
          'plain',
          'app',
          '1.3',
        ]),
        random.pick(['%', '_', "'", 'invoice', 'pdf', 'größe', 'un', 'set', 'no', '<', 'ann <ann@']),
      ]);
  }
}

export function randomQuery(random: Random, scope: SearchScope, ids: string[], depth = 0): string {
  const kind = random.below(depth > 3 ? 5 : 11);
  const again = (): string => randomQuery(random, scope, ids, depth + 1);
  switch (kind) {
    case 0:
      return random.pick([
        'reset',
        'RESET',
        'ord',
        'res',
        'a',
        'e',
        '471',
        'étud',
        'ann@a',
        'foo\\bar',
        'https',
        '重',
        'ο',
      ]);
    case 1:
      return quote(
        `${random.pick(['reset', 'order', 'ann', 'école'])}${random.chance(0.5) ? ` ${random.pick(words)}` : ''}`,
      );
    case 2:
    case 3:
    case 4: {
      const field = random.pick(fieldsOf(scope));
      const value = valueOf(field, random, ids);
      const name =
        field.name === 'header'
          ? `header.${random.pick(['X-Mailer', 'subject', 'X-Größe', 'None'])}`
          : field.name;
      return `${name}:${/^[^\s"()]+$/.test(value) ? value : quote(value)}`;
    }
    case 5:
      return `${random.pick(['-', 'NOT '])}(${again()})`;
    case 6:
      return `(${again()} OR ${again()})`;
    case 7:
      return `${again()} AND (${again()})`;
    case 8: {
      // A chain on one field, which is looked at once for all.
      const name =
        scope === 'messages' ? random.pick(['header.X-Mailer', 'header.subject', 'body', 'from']) : 'peer';
      const values = Array.from({ length: 2 + random.below(4) }, () => quote(piece(random)));
      return `(${values.map((value) => `${random.chance(0.3) ? '-' : ''}${name}:${value}`).join(random.pick([' OR ', ' ']))})`;
    }
    case 9:
      // A sequence of words, of which the last is begun only.
      return `${random.pick(['reset', 'order', 'ann', 'a'])}${random.pick(['.', '-', '@'])}${random.pick(['a', 're', 'orde', 'the', 'exa'])}`;
    default:
      return `(${again()}) -(${again()})`;
  }
}

const junk = [
  ...[
    '"',
    '*',
    '^',
    ':',
    '-',
    '(',
    ')',
    '{',
    '}',
    'NEAR',
    'AND',
    'OR',
    'NOT',
    '+',
    '\\',
    "'",
    '%',
    '_',
    ';',
    '--',
  ],
  ...[
    ' ',
    '  ',
    '\n',
    '\0',
    '\ud800',
    '\udfff',
    '\u0301',
    'from:',
    'is:',
    'body:',
    'header.',
    'header.X:',
    'code:',
  ],
  ...[
    'reset',
    'a',
    '"a b"',
    'message_words',
    'x:y',
    'after:',
    '1',
    '🎉',
    'é',
    '0x',
    '?',
    '/*',
    'MATCH',
    'NEAR(a b, 2)',
  ],
];

export function randomJunk(random: Random): string {
  const length = random.chance(0.02) ? 4000 : 1 + random.below(20);
  let text = '';
  while (text.length < length) text += random.pick(junk) + (random.chance(0.3) ? ' ' : '');
  return text;
}
