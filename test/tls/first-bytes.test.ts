// The guess about what a client speaks.
import { expect, test } from 'vitest';
import { guessFirstBytes } from '../../server/smtp/tls/first-bytes.ts';

const proxy2 = '\r\n\r\n\0\r\nQUIT\n';
const cases: [string, string][] = [
  ['\x16\x03\x01\x02', 'tls'],
  ['\x15\x03\x01\x00', 'tls'],
  ['GET / HTTP/1.1\r\n', 'http'],
  ['CONNECT mail.test:25 HTTP/1.1\r\n', 'http'],
  ['PRI * HTTP/2.0\r\n', 'http'],
  ['EHLO mail.test\r\n', 'smtp'],
  ['QUIT\r\n', 'smtp'],
  ['X-EXPS GSSAPI\r\n', 'smtp'],
  ['mail from:<a@b.test>\r\n', 'smtp'],
  ['\r\nEHLO', 'smtp'],
  ['PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n', 'proxy'],
  [`${proxy2}\x21`, 'proxy'],
  ['SSH-2.0-OpenSSH_9.9\r\n', 'ssh'],
  ['\x80\x2e\x01\x00\x02', 'sslv2'],
  ['\x80\x2e\x01\x03\x01', 'sslv2'],
  ['\xff\xfb\x1f\xff\xfb', 'telnet'],
  ['\x00\xff\x00', 'binary'],
  ['\x16\x09', 'binary'],
  ['EH\x00O a\r\n', 'binary'],
];

test.each(cases)('%j is recognised as %s', (bytes, guess) => {
  expect(guessFirstBytes(Buffer.from(bytes, 'latin1'))).toBe(guess);
});

test('a beginning is never taken for something else than the whole', () => {
  for (const [text, guess] of cases) {
    const bytes = Buffer.from(text, 'latin1');
    for (let length = 0; length < bytes.length; length++)
      expect(['need-more', guess]).toContain(guessFirstBytes(bytes.subarray(0, length)));
  }
});

test('an endless word without a line end is not waited for', () => {
  expect(guessFirstBytes(Buffer.from('A'.repeat(1000)))).toBe('smtp');
});
