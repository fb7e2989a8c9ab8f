// The explanation of header fields.
import { expect, test } from 'vitest';
import { explainHeader } from '../../shared/explain/header.ts';
import { headerFamilies, headerFieldRows, headerFields } from '../../shared/explain/header-fields.ts';

test('at least 120 fields are known, each once, each with a sentence and a reference', () => {
  const names = Object.values(headerFieldRows).flatMap((rows) =>
    rows.split('\n').map((row) => row.slice(0, row.indexOf('|'))),
  );
  expect(names.length).toBeGreaterThanOrEqual(120);
  const folded = names.map((name) => name.toLowerCase());
  expect(folded.filter((name, at) => folded.indexOf(name) !== at)).toEqual([]);
  expect(headerFields.size).toBe(names.length);
  for (const name of names) {
    expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9-]+$/);
    const { meaning, reference } = explainHeader(name)!;
    expect(meaning, name).toMatch(/^[A-Z].{10,}\.$|^YES /);
    expect(reference.length).toBeGreaterThan(3);
  }
});

test.each([
  ...[
    'From',
    'MESSAGE-ID',
    'mime-version',
    'Content-Disposition',
    'List-Unsubscribe',
    'List-Unsubscribe-Post',
  ],
  ...['DKIM-Signature', 'Authentication-Results', 'ARC-Seal', 'Auto-Submitted', 'Importance', 'X-Mailer'],
  ...['X-Priority', 'Feedback-ID', 'X-SES-Configuration-Set', 'X-Mailgun-Tag', 'X-SG-EID', 'Return-Path'],
])('%s is known in any case', (name) => {
  expect(explainHeader(name)).not.toBeNull();
  expect(explainHeader(name.toUpperCase())).toEqual(explainHeader(name.toLowerCase()));
});

test('private fields of a known family are told by their family', () => {
  expect(explainHeader('X-MS-Exchange-Something-New')).toEqual({
    meaning: 'Private to Exchange and Microsoft 365.',
    reference: 'Microsoft',
  });
  expect(explainHeader('X-SES-New-Thing')!.reference).toBe('Amazon SES');
  for (const [start] of headerFamilies) expect(explainHeader(`${start}zzz`), start).not.toBeNull();
});

test('the first family that fits is the narrowest', () => {
  headerFamilies.forEach(([start], at) => {
    const wider = headerFamilies.slice(0, at).filter(([other]) => start.startsWith(other));
    expect(wider, start).toEqual([]);
  });
});

test.each(['', 'X-Own-Field', 'constructor', '__proto__', 'x-ses-', 'Subject Line'])(
  '%j is not known',
  (name) => {
    expect(explainHeader(name)).toBeNull();
  },
);
