import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { fieldsOf, operatorText } from '../../shared/search/fields.ts';
import type { SearchField } from '../../shared/search/field-values.ts';
import { parseSearch } from '../../shared/search/parse-search.ts';

const readme = readFileSync(fileURLToPath(new URL('../../shared/search/README.md', import.meta.url)), 'utf8');
const section = (title: string): string => readme.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';

test('the document has every operator as the table of operators has it, and no other', () => {
  for (const [scope, title] of [
    ['messages', 'In messages'],
    ['sessions', 'In sessions'],
  ] as const) {
    const rows = [...section(title).matchAll(/^\| `([^`]+)` \| (.*) \| `([^`]+)` \|$/gm)].map((row) =>
      row.slice(1),
    );
    const expected = fieldsOf(scope).map((field: SearchField) => {
      const values =
        field.kind === 'choice' ? ` ${field.values!.map(({ value }) => `\`${value}\``).join(', ')}.` : '';
      return [
        operatorText(field) + (field.name === 'header' ? 'NAME:' : ''),
        field.explain + values,
        field.example,
      ];
    });
    expect(rows).toEqual(expected);
  }
});

test('every example of the document is a search', () => {
  const examples = [...section('How it is written').matchAll(/^\| `([^`]+)` \|/gm)].map(([, text]) => text!);
  expect(examples.length).toBeGreaterThan(5);
  for (const text of examples) expect(parseSearch(text, 'messages'), text).toMatchObject({ ok: true });
});
