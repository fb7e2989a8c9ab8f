// Messages made to hurt a parser. Each is a function of its size, so that a test can compare n with 2n.
const lines = (...parts: string[]): string => parts.join('\r\n');
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

function nestMultiparts(depth: number): Buffer {
  const out: string[] = ['Subject: nest'];
  for (let i = 0; i < depth; i++) out.push(`Content-Type: multipart/mixed; boundary="b${i}"`, '', `--b${i}`);
  out.push('', 'deep');
  for (let i = depth - 1; i >= 0; i--) out.push(`--b${i}--`);
  return bytes(lines(...out));
}

const nestWithoutEnd = (depth: number): Buffer =>
  bytes(
    Array.from(
      { length: depth },
      (_, i) => `Content-Type: multipart/mixed; boundary=x${i}\r\n\r\n--x${i}\r\n`,
    ).join('') + 'deep',
  );

const nestMessages = (depth: number): Buffer =>
  bytes('Content-Type: message/rfc822\r\n\r\n'.repeat(depth) + 'Subject: innermost\r\n\r\ndeep');

/** The same boundary on every level: each delimiter could mean any of them. */
const nestSameBoundary = (depth: number): Buffer =>
  bytes(
    'Content-Type: multipart/mixed; boundary=same\r\n\r\n--same\r\n'.repeat(depth) +
      '\r\ntext' +
      '\r\n--same--'.repeat(depth),
  );

const withHeader = (field: string, body = 'body'): Buffer =>
  bytes(lines('Subject: hostile', field, '', body));

const multipart = (body: string): Buffer =>
  bytes(lines('Subject: hostile', 'Content-Type: multipart/mixed; boundary=b', '', body, '--b--', ''));

/** By name; `size` is the number that fits the name. */
export const hostileMail: Record<string, { size: number; make(size: number): Buffer }> = {
  'multiparts in multiparts': { size: 10_000, make: nestMultiparts },
  'multiparts that never end': { size: 10_000, make: nestWithoutEnd },
  'multiparts with one boundary': { size: 10_000, make: nestSameBoundary },
  'messages in messages': { size: 5000, make: nestMessages },
  'parts side by side': {
    size: 100_000,
    make: (n) => multipart('--b\r\nContent-Type: text/plain\r\n\r\nx\r\n'.repeat(n)),
  },
  'empty parts': { size: 1_000_000, make: (n) => multipart('--b\r\n'.repeat(n)) },
  'lines that look like delimiters': { size: 500_000, make: (n) => multipart('--c\r\n'.repeat(n)) },
  'delimiters with long tails': {
    size: 2000,
    make: (n) => multipart(`--b${' '.repeat(900)}x\r\n`.repeat(n)),
  },
  'lines that are almost the boundary': {
    size: 14_000,
    make: (n) =>
      bytes(
        lines(
          `Content-Type: multipart/mixed; boundary=${'b'.repeat(900)}`,
          '',
          `--${'b'.repeat(899)}\r\n`.repeat(n),
        ),
      ),
  },
  'header fields': { size: 100_000, make: (n) => bytes('X-Field: value\r\n'.repeat(n) + '\r\nbody') },
  'header lines of one letter': {
    size: 1_000_000,
    make: (n) => bytes('Subject: x\r\n' + 'a\n'.repeat(n) + '\nbody'),
  },
  'folded lines': { size: 500_000, make: (n) => withHeader('X-Long: start' + '\r\n x'.repeat(n)) },
  'bytes of header': { size: 10_000_000, make: (n) => withHeader(`X-Long: ${'x'.repeat(n)}`) },
  'bytes of white space in a field': {
    size: 1_000_000,
    make: (n) => withHeader(`To: a${' '.repeat(n)}b@c.d`),
  },
  'bytes of white space in a date': {
    size: 1_000_000,
    make: (n) => withHeader(`Date: Mon, ${' '.repeat(n)}x`),
  },
  addresses: { size: 200_000, make: (n) => withHeader(`To: ${'a@b.example, '.repeat(n)}end@b.example`) },
  'addresses in one group': {
    size: 100_000,
    make: (n) => withHeader(`To: g: ${'a@b.example, '.repeat(n)};`),
  },
  'nested groups': { size: 50_000, make: (n) => withHeader(`To: ${'g:'.repeat(n)}a@b.c${';'.repeat(n)}`) },
  'nested comments': {
    size: 100_000,
    make: (n) => withHeader(`To: ${'('.repeat(n)}x${')'.repeat(n)} a@b.example`),
  },
  'open comments': { size: 400_000, make: (n) => withHeader(`To: ${'('.repeat(n)} a@b.example`) },
  'open angles': { size: 200_000, make: (n) => withHeader(`To: ${'<'.repeat(n)}`) },
  'open brackets': { size: 200_000, make: (n) => withHeader(`To: ${'['.repeat(n)}`) },
  'open quotes': { size: 200_000, make: (n) => withHeader(`To: ${'"a\\'.repeat(n)}`) },
  'open angles with quotes': { size: 100_000, make: (n) => withHeader(`To: ${'<"'.repeat(n)}`) },
  'colons behind an at sign': {
    size: 200_000,
    make: (n) => withHeader(`To: ${'a'.repeat(n)}@${':'.repeat(n)}`),
  },
  'encoded words': { size: 50_000, make: (n) => withHeader(`Subject: ${'=?utf-8?q?=41?= '.repeat(n)}`) },
  'encoded words that never end': {
    size: 200_000,
    make: (n) => withHeader(`X-A: ${'=?utf-8?q?'.repeat(n)}`),
  },
  'halves of encoded words': { size: 200_000, make: (n) => withHeader(`X-A: ${'=?'.repeat(n)}`) },
  'encoded words in addresses': {
    size: 20_000,
    make: (n) => withHeader(`To: ${'=?utf-8?b?SsO2cmc=?= <a@b.c>, '.repeat(n)}`),
  },
  'RFC 2231 segments': {
    size: 100_000,
    make: (n) =>
      withHeader(
        'Content-Disposition: attachment' +
          Array.from({ length: n }, (_, i) => `;\r\n filename*${i}*=${i === 0 ? "utf-8''" : ''}%41`).join(''),
      ),
  },
  'RFC 2231 segments with holes': {
    size: 50_000,
    make: (n) =>
      withHeader('Content-Type: a/b' + Array.from({ length: n }, (_, i) => `; name*${i * 7 + 1}=x`).join('')),
  },
  'parameters named like prototypes': {
    size: 10_000,
    make: (n) =>
      withHeader('Content-Type: text/plain' + '; __proto__=x; constructor=y; __proto__*0*=z'.repeat(n)),
  },
  'fields named like prototypes': {
    size: 10_000,
    make: (n) =>
      bytes(
        '__proto__: {"polluted":1}\r\nconstructor: x\r\nList-__proto__: <http://x>\r\n'.repeat(n) + '\r\nx',
      ),
  },
  'unknown charsets': {
    size: 5000,
    make: (n) =>
      withHeader(`Subject: ${Array.from({ length: n }, (_, i) => `=?x-none-${i}?q?=ff?=`).join('\r\n ')}`),
  },
  'bytes in one line of text': { size: 20_000_000, make: (n) => withHeader('X: y', 'x'.repeat(n)) },
  'bytes of quoted-printable white space': {
    size: 5_000_000,
    make: (n) =>
      withHeader('Content-Transfer-Encoding: quoted-printable', ` =${' '.repeat(98)}x`.repeat(n / 100)),
  },
  'padded base64 lines': {
    size: 500_000,
    make: (n) => withHeader('Content-Transfer-Encoding: base64', 'QQ==\r\n'.repeat(n)),
  },
  'nested HTML elements': {
    size: 200_000,
    make: (n) => withHeader('Content-Type: text/html', '<b>'.repeat(n)),
  },
  'entities in HTML': {
    size: 500_000,
    make: (n) => withHeader('Content-Type: text/html', '&amp;'.repeat(n)),
  },
  'NUL bytes': { size: 1_000_000, make: (n) => bytes('Subject: a\0b\r\n\r\n' + '\0'.repeat(n)) },
};

/** The embedded messages all reach to the end, so that hashing each of them would be quadratic. */
export const heavyNest = (bytesInside: number): Buffer =>
  bytes('Content-Type: message/rfc822\r\n\r\n'.repeat(90) + `Subject: x\r\n\r\n${'x'.repeat(bytesInside)}`);
