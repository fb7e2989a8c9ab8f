import { expect, test } from 'vitest';
import { createLog, escapeControls } from '../../server/log.ts';
import { parseDuration, parseSize } from '../../shared/units.ts';

test('durations are read with and without a unit', () => {
  expect(['300ms', '8s', '2m', '1h', '7d', '1500', '0', '1.5s', '2 M'].map(parseDuration)).toEqual([
    300, 8000, 120_000, 3_600_000, 604_800_000, 1500, 0, 1500, 120_000,
  ]);
  expect(
    ['', 's', '-1s', '1w', '1e3', '0x10', '1s2', 'NaN', '9'.repeat(30), '99999999999d'].map(parseDuration),
  ).toEqual(Array(10).fill(undefined));
});

test('sizes are read in decimal and binary units', () => {
  expect(['50MB', '2GiB', '50 mib', '10', '1kB', '1.5KiB', '7b'].map(parseSize)).toEqual([
    50_000_000,
    2 ** 31,
    50 * 2 ** 20,
    10,
    1000,
    1536,
    7,
  ]);
  expect(['', 'MB', '-1', '1PB', '1 M B', '5M'].map(parseSize)).toEqual(Array(6).fill(undefined));
});

test('a log line stays one line and drives no terminal, whatever a client sent', () => {
  const lines: string[] = [];
  const log = createLog('info', (line) => void lines.push(line));
  log.info('from \x1b[2J\r\nX: 1\u009b\u2028\u202etxt');
  log.warn('failed', new Error('why\x07'));
  log.debug('not at this level');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^\d{4}-[^ ]+Z info {2}from \\x1b\[2J\\x0d\\x0aX: 1\\x9b\\u2028\\u202etxt\n$/);
  expect(lines[1]).toContain('failed: Error: why\\x07');
  expect(escapeControls('Grüße 日本 😀')).toBe('Grüße 日本 😀');
});
