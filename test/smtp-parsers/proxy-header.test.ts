import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseProxyHeader } from '../../server/smtp/proxy-header.ts';

const signature = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');
const v2 = (versionAndCommand: number, family: number, rest: Buffer): Buffer => {
  const head = Buffer.from([versionAndCommand, family, rest.length >> 8, rest.length & 0xff]);
  return Buffer.concat([signature, head, rest]);
};
const v1 = (line: string): Buffer => Buffer.from(line, 'latin1');
const tcp4 = Buffer.from('c0000201c6336402' + 'dc04' + '0019', 'hex');
const tcp6 = Buffer.from(
  '20010db8000000000000000000000001' + '00000000000000000000ffffc0000202' + 'dc04' + '01d1',
  'hex',
);

const valid: [string, Buffer, object][] = [
  [
    'v1 over IPv4',
    v1('PROXY TCP4 192.0.2.1 198.51.100.2 56324 25\r\n'),
    {
      version: 1,
      source: { address: '192.0.2.1', port: 56324 },
      destination: { address: '198.51.100.2', port: 25 },
    },
  ],
  [
    'v1 over IPv6, spelled in one way',
    v1('PROXY TCP6 2001:DB8:0:0::1 ::ffff:c000:202 0 65535\r\n'),
    {
      version: 1,
      source: { address: '2001:db8::1', port: 0 },
      destination: { address: '192.0.2.2', port: 65535 },
    },
  ],
  ['v1 unknown', v1('PROXY UNKNOWN\r\n'), { version: 1, source: null, destination: null }],
  [
    'v1 unknown, of the greatest length (section 2.1)',
    v1(`PROXY UNKNOWN ${'ffff:f...f:ffff '.repeat(6).slice(0, 91)}\r\n`),
    { version: 1, length: 107, source: null },
  ],
  [
    'v2 over IPv4',
    v2(0x21, 0x11, tcp4),
    {
      version: 2,
      length: 28,
      source: { address: '192.0.2.1', port: 56324 },
      destination: { address: '198.51.100.2', port: 25 },
    },
  ],
  [
    'v2 over IPv6, a mapped address as IPv4',
    v2(0x21, 0x21, tcp6),
    {
      version: 2,
      length: 52,
      source: { address: '2001:db8::1', port: 56324 },
      destination: { address: '192.0.2.2', port: 465 },
    },
  ],
  [
    'v2 with TLVs (ALPN h2, NOOP)',
    v2(0x21, 0x11, Buffer.concat([tcp4, Buffer.from('0100026832' + '040003000000', 'hex')])),
    { version: 2, length: 39, source: { address: '192.0.2.1', port: 56324 } },
  ],
  ['v2 LOCAL, a health check', v2(0x20, 0x00, Buffer.alloc(0)), { version: 2, length: 16, source: null }],
  ['v2 LOCAL with any family', v2(0x20, 0x99, Buffer.alloc(7)), { version: 2, length: 23, source: null }],
  ['v2 UNSPEC', v2(0x21, 0x00, Buffer.alloc(5)), { version: 2, length: 21, source: null }],
  [
    'v2 UNIX',
    v2(0x21, 0x31, Buffer.alloc(216)),
    { version: 2, length: 232, source: null, destination: null },
  ],
  ['v2 of 4096 bytes', v2(0x21, 0x11, Buffer.concat([tcp4, Buffer.alloc(4068)])), { length: 4096 }],
];

describe('the client behind a proxy is known from its header', () => {
  test.each(valid)('%s', (_title, bytes, expected) => {
    const found = parseProxyHeader(bytes);
    expect(found).toMatchObject({ kind: 'header', length: bytes.length, ...expected });
    const followed = Buffer.concat([bytes, Buffer.from('EHLO a\r\n')]);
    expect(parseProxyHeader(followed)).toEqual(found);
  });

  test.each(valid)('%s, however it is cut', (_title, bytes) => {
    for (let i = 0; i < bytes.length; i += 1) {
      expect(parseProxyHeader(bytes.subarray(0, i)), `first ${i} bytes`).toEqual({ kind: 'need-more' });
    }
  });
});

test.each(['EHLO a\r\n', 'P\r\n', 'PROXZ', '\r\n\r\n\0\r\nQUIZ', '\x16\x03\x01', 'proxy TCP4 ', 'PROXYTCP4'])(
  '%j is no header',
  (text) => expect(parseProxyHeader(v1(text))).toEqual({ kind: 'none' }),
);

describe('a header that is not exact is refused with the reason', () => {
  test.each([
    ['PROXY TCP4 192.0.2.1 198.51.100.2 1 2\n', 'bare LF'],
    ['PROXY TCP4 192.0.2.1 198.51.100.2 1 2\rX', 'bare CR'],
    ['PROXY TCP5 192.0.2.1 198.51.100.2 1 2\r\n', 'TCP4, TCP6 and UNKNOWN'],
    ['PROXY constructor 1 2 3 4\r\n', 'TCP4, TCP6 and UNKNOWN'],
    ['PROXY \r\n', 'TCP4, TCP6 and UNKNOWN'],
    ['PROXY TCP4 192.0.2.1 198.51.100.2 1\r\n', 'two addresses and two ports'],
    ['PROXY TCP4  192.0.2.1 198.51.100.2 1 2\r\n', 'two addresses and two ports'],
    ['PROXY TCP4 192.0.2.1 198.51.100.2 1 2 \r\n', 'two addresses and two ports'],
    ['PROXY TCP4 192.0.2.256 198.51.100.2 1 2\r\n', 'not TCP4'],
    ['PROXY TCP4 192.0.02.1 198.51.100.2 1 2\r\n', 'not TCP4'],
    ['PROXY TCP4 ::1 ::1 1 2\r\n', 'not TCP4'],
    ['PROXY TCP6 192.0.2.1 ::1 1 2\r\n', 'not TCP6'],
    ['PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n', 'not TCP6'],
    ['PROXY TCP4 192.0.2.1 198.51.100.2 65536 2\r\n', 'port'],
    ['PROXY TCP4 192.0.2.1 198.51.100.2 01 2\r\n', 'port'],
    ['PROXY TCP4 192.0.2.1 198.51.100.2 -1 2\r\n', 'port'],
    ['PROXY TCP4 192.0.2.1 198.51.100.2 1 0x2\r\n', 'port'],
    [`PROXY UNKNOWN ${'x'.repeat(92)}\r\n`, 'longer than 107'],
    [`PROXY UNKNOWN ${'x'.repeat(93)}`, 'longer than 107'],
  ])('%j', (text, reason) => {
    expect(parseProxyHeader(v1(text))).toMatchObject({
      kind: 'invalid',
      reason: expect.stringContaining(reason),
    });
  });

  test.each([
    ['version 1 in the binary form', v2(0x11, 0x11, tcp4), 'Version 1 is not known'],
    ['an unknown command', v2(0x22, 0x11, tcp4), 'unknown command 2'],
    ['UDP', v2(0x21, 0x12, tcp4), '0x12'],
    ['an unknown family', v2(0x21, 0x41, tcp4), '0x41'],
    ['a block that is too short', v2(0x21, 0x21, tcp4), '12 bytes of addresses, its family needs 36'],
    ['a header over 4096 bytes', v2(0x21, 0x11, Buffer.alloc(4081)), 'at most 4096'],
  ])('v2 with %s', (_title, bytes, reason) => {
    expect(parseProxyHeader(bytes)).toMatchObject({
      kind: 'invalid',
      reason: expect.stringContaining(reason),
    });
  });
});

test('a header too long is refused before its bytes have come', () => {
  expect(parseProxyHeader(Buffer.concat([signature, Buffer.from('2111ffff', 'hex')]))).toMatchObject({
    kind: 'invalid',
  });
});

test('a judgement does not change when more bytes come', () => {
  const start = fc.constantFrom(
    v1('PROXY TCP4 '),
    v1('PROXY '),
    signature,
    Buffer.concat([signature, Buffer.from([0x21, 0x11, 0])]),
  );
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 130 }), (head, tail) => {
      const bytes = Buffer.concat([head, tail]);
      const results = Array.from({ length: bytes.length + 1 }, (_, i) =>
        parseProxyHeader(bytes.subarray(0, i)),
      );
      const first = results.findIndex(({ kind }) => kind !== 'need-more');
      if (first >= 0)
        for (const result of results.slice(first)) expect(result.kind).toBe(results[first]?.kind);
    }),
    { numRuns: 400 },
  );
});
