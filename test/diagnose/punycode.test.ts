// Domains in their ASCII form, compared with what Node makes of them.
import { domainToASCII } from 'node:url';
import { expect, test } from 'vitest';
import { decodePunycode } from '../../shared/diagnose/session/punycode.ts';

test.each([
  'bücher',
  'münchen-ost',
  '日本語',
  'пример',
  'ü',
  'a-ü-b',
  'ليهمابتكلموشعربي',
  '他们为什么不说中文',
  '💩',
])('the letters of %s are found again', (letters) => {
  expect(decodePunycode(domainToASCII(letters).slice('xn--'.length))).toBe(letters);
});

test.each(['99999999999', 'zzzzzzzzzzzzzzzzzzzz', 'a_b', 'ü', 'a'.repeat(64)])(
  'what is no such form is told so: %s',
  (text) => {
    expect(decodePunycode(text)).toBeUndefined();
  },
);
