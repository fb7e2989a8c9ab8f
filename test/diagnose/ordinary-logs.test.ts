// Logs that tell of no mail mean nothing, however many numbers and words they share with replies and errors of mail.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { explainError } from '../../shared/diagnose/explain-error.ts';

const lines = readFileSync(new URL('../fixtures/ordinary-logs.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('# '));

const said = (text: string): string[] =>
  explainError(text).map(({ rule, confidence, text: piece }) => `${rule.id} (${confidence}): ${piece}`);

test('none of the ordinary lines of builds, tests, servers and databases means anything', () => {
  expect(lines.length).toBeGreaterThan(100);
  expect(lines.flatMap((line) => said(line).map((one) => `${line} => ${one}`))).toEqual([]);
});

test('nor do all of them together', () => {
  expect(said(lines.join('\n'))).toEqual([]);
});
