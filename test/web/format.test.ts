import { expect, test } from 'vitest';
import { shownBytes } from '../../shared/replay/line-bytes.ts';
import {
  formatBytes,
  formatDuration,
  formatEndpoint,
  formatMoment,
  formatSender,
  toneOfCode,
  visible,
  visibleParts,
} from '../../web/format.ts';
import { envelopeOnly, headerOnly } from '../../web/parts/message/recipients.ts';
import { hexRows, readableText } from '../../web/parts/session/line-bytes.ts';
import { buildRows, waitShare } from '../../web/parts/session/transcript-rows.ts';
import { makeMessage } from './support/fixture-messages.ts';
import { makeLines } from './support/fixture-lines.ts';
import { capturedLines } from './support/fixture-sessions.ts';
import { cpuNow } from '../support/cpu-time.ts';

test('characters that hide or turn text are shown in their place', () => {
  expect(visible('a\u202Egnp.exe')).toBe('a‹U+202E›gnp.exe');
  expect(visible('pay\u200Bpal\u0000\u001b[31m')).toBe('pay‹U+200B›pal‹U+0000›‹U+001B›[31m');
  expect(visible('\u{e0041}tag')).toBe('‹U+E0041›tag');
  expect(visibleParts('\u2066x')).toEqual([
    { text: 'U+2066', hidden: true },
    { text: 'x', hidden: false },
  ]);
});

test('ordinary text of any language, and emoji with joiners, stay as they are', () => {
  for (const text of ['Grüße, Привет, 你好, שלום', '👩‍💻 and ❤️', '👍🏽', '']) expect(visible(text)).toBe(text);
});

test('tabs and line feeds are kept only where they are layout', () => {
  expect(visibleParts('a\tb\nc', true)).toEqual([{ text: 'a\tb\nc', hidden: false }]);
  expect(visibleParts('a\tb')).toHaveLength(3);
});

test('a hostile text of a million characters is shown in linear time', () => {
  const started = cpuNow();
  expect(visibleParts('\u200B'.repeat(200_000))).toHaveLength(200_000);
  expect(visibleParts('👩‍'.repeat(200_000)).length).toBeGreaterThan(0);
  expect(cpuNow() - started).toBeLessThan(3000);
});

test('sizes and times read well at every magnitude', () => {
  expect([0, 1023, 1024, 3120, 52_428_800].map(formatBytes)).toEqual([
    '0 B',
    '1023 B',
    '1.0 KB',
    '3.0 KB',
    '50.0 MB',
  ]);
  expect([80, 1280, 151_300, 1_921_100, 94_000_000, 3_720_000_000].map(formatDuration)).toEqual([
    '80 µs',
    '1.28 ms',
    '151 ms',
    '1.92 s',
    '1 min 34 s',
    '1 h 2 min',
  ]);
  const now = new Date('2026-03-12T18:00:00');
  expect(formatMoment('2026-03-12T09:05:07', now)).toBe('09:05:07');
  expect(formatMoment('2026-03-11T09:05:07', now)).toContain('09:05');
});

test('a message without a sender is named by its envelope', () => {
  expect(formatSender([{ name: '', address: '' }], 'a@b.test')).toBe('a@b.test');
  expect(formatSender([], '')).toBe('(null sender)');
});

test('an address is told from its port, and stands alone where XCLIENT told none', () => {
  expect(formatEndpoint({ address: '192.0.2.9', port: 4242 })).toBe('192.0.2.9:4242');
  expect(formatEndpoint({ address: '2001:db8::1', port: 4242 })).toBe('[2001:db8::1]:4242');
  expect(formatEndpoint({ address: '192.0.2.9', port: 0 })).toBe('192.0.2.9');
  expect(formatEndpoint({ address: '2001:db8::1', port: 0 })).toBe('[2001:db8::1]');
});

test('reply codes are told apart by their first digit', () => {
  expect([220, 354, 450, 550].map(toneOfCode)).toEqual(['good', 'live', 'warn', 'bad']);
});

test('a recipient of the envelope that no header names is Bcc, and one only in headers gets nothing', () => {
  const message = makeMessage(1, {
    to: [{ name: '', address: 'ANN@customer.example' }],
    cc: [{ name: '', address: 'left@out.example' }],
  });
  message.envelope.to.push({ address: 'hidden@x.example', params: [], line: 3, reply: null });
  expect(envelopeOnly(message)).toEqual(['hidden@x.example']);
  expect(headerOnly(message)).toEqual(['left@out.example']);
});

test('an address is the same in the envelope and in a header, however its letters are composed', () => {
  const message = makeMessage(1, { to: [{ name: '', address: 'jose\u0301@x.example' }] });
  message.envelope.to = [{ address: 'jos\u00e9@x.example', params: [], line: 2, reply: null }];
  expect(envelopeOnly(message)).toEqual([]);
  expect(headerOnly(message)).toEqual([]);
});

test('a transcript has a band at each phase and a gap where someone was slow', () => {
  const rows = buildRows(capturedLines);
  expect(rows.filter((row) => row.kind === 'phase').map((row) => row.phase)).toEqual([
    'plain',
    'handshake',
    'secured',
    'auth',
    'transaction 1',
    'quit',
  ]);
  expect(rows.filter((row) => row.kind === 'gap').map((row) => row.by)).toEqual([
    'server',
    'client',
    'client',
  ]);
  expect(rows.filter((row) => row.kind === 'line')).toHaveLength(capturedLines.length);
});

test('lines of one read hang together, and only those', () => {
  const rows = buildRows(
    makeLines([
      ['C', 1, 'RSET', { chunk: 1 }],
      ['C', 2, 'NOOP', { chunk: 1 }],
      ['C', 3, 'QUIT', { chunk: 2 }],
    ]),
  );
  expect(rows.flatMap((row) => (row.kind === 'line' ? [row.sameChunk] : []))).toEqual([false, true, false]);
});

test('a pipelined command that came before the reply above it does not make the server look slow', () => {
  const rows = buildRows(
    makeLines([
      ['C', 1000, 'MAIL FROM:<a@b>'],
      ['S', 60_000, '250 OK'],
      ['C', 1000, 'RCPT TO:<c@d>', { pipelined: true }],
      ['S', 61_000, '250 OK'],
    ]),
  );
  expect(rows.flatMap((row) => (row.kind === 'line' ? [row.waitUs] : []))).toEqual([1000, 59_000, 0, 1000]);
});

test('ten thousand lines are laid out in a moment', () => {
  const lines = makeLines(
    Array.from({ length: 10_000 }, (_, n) => [n % 2 ? 'S' : 'C', n * 100, n % 2 ? '250 OK' : 'NOOP']),
  );
  const started = cpuNow();
  expect(buildRows(lines)).toHaveLength(10_001);
  expect(cpuNow() - started).toBeLessThan(500);
});

test('waits are drawn on a logarithmic scale between nothing and all', () => {
  expect([0, 50, 10_000_000].map(waitShare)).toEqual([0, 0, 1]);
  expect(waitShare(1000)).toBeLessThan(waitShare(100_000));
});

test('a line that is not faithful as text shows each of its bytes', () => {
  const [line] = makeLines([
    ['C', 1, 'A\uFFFD\uFFFD', { base64: Buffer.from([0x41, 0x00, 0xff]).toString('base64') }],
  ]);
  if (!line) throw new Error('no line');
  expect(readableText(line)).toBe('A\\x00\\xff');
  expect([...shownBytes(line)]).toEqual([0x41, 0x00, 0xff, 13, 10]);
  expect(hexRows(shownBytes(line))).toEqual([{ offset: '0000', hex: '41 00 ff 0d 0a', text: 'A....' }]);
});
