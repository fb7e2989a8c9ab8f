// A guess about what a client speaks, by its first bytes; `need-more` while two answers are possible.
export type FirstBytes =
  'tls' | 'http' | 'smtp' | 'proxy' | 'ssh' | 'sslv2' | 'telnet' | 'binary' | 'need-more';

/** The signature of PROXY protocol version 2. */
const proxy2 = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
const httpMethods = 'GET|POST|HEAD|PUT|DELETE|OPTIONS|CONNECT|TRACE|PATCH|PRI';
const maxVerb = 32;

export function guessFirstBytes(bytes: Buffer): FirstBytes {
  const [first, second] = bytes;
  if (first === undefined) return 'need-more';
  // Handshake, or an alert of a client that gave up before it began.
  if (first === 0x16 || first === 0x15)
    return second === undefined ? 'need-more' : second === 3 ? 'tls' : 'binary';
  // RFC 854: IAC, then one of SB, WILL, WONT, DO and DONT.
  if (first === 0xff)
    return second === undefined ? 'need-more' : second >= 0xfa && second < 0xff ? 'telnet' : 'binary';
  if (first & 0x80) return guessSslv2(bytes);
  if (first === 0x0d || first === 0x0a) return guessBlank(bytes);
  return guessText(bytes);
}

/** RFC 5246 appendix E.2: two bytes of length, message type 1, then the version 0x0002 or 0x03.. */
function guessSslv2(bytes: Buffer): FirstBytes {
  const [, , type, major, minor] = bytes;
  if (type !== undefined && type !== 1) return 'binary';
  if (major === undefined || minor === undefined) return 'need-more';
  return major === 3 || (major === 0 && minor === 2) ? 'sslv2' : 'binary';
}

function guessBlank(bytes: Buffer): FirstBytes {
  const length = Math.min(bytes.length, proxy2.length);
  if (!bytes.subarray(0, length).equals(proxy2.subarray(0, length))) return 'smtp';
  return length === proxy2.length ? 'proxy' : 'need-more';
}

function guessText(bytes: Buffer): FirstBytes {
  const text = bytes.subarray(0, 64).toString('latin1');

  if (/[^\t\r\n\x20-\x7e]/.test(text)) return 'binary';
  if (text.startsWith('SSH-')) return 'ssh';
  if (text.startsWith('PROXY ')) return 'proxy';
  if (new RegExp(`^(${httpMethods}) `).test(text)) return 'http';
  // A verb ends at a space or the end of the line; before that it may still become any of the above.
  return /[ \t\r\n]/.test(text) || text.length >= maxVerb ? 'smtp' : 'need-more';
}
