// Charsets of seven bits that shift with escapes, which the runtime does not know: UTF-7, ISO-2022-KR, HZ.
import { TextDecoder } from 'node:util';

/** RFC 2152; in `+...-` stands UTF-16 in base64. */
function decodeUtf7(text: string): string {
  return text.replace(/\+([A-Za-z0-9+/]*)-?/g, (whole, digits: string) => {
    if (digits === '') return whole === '+-' ? '+' : whole;
    const bytes = Buffer.from(digits, 'base64');
    return bytes
      .subarray(0, bytes.length & ~1)
      .swap16()
      .toString('utf16le');
  });
}

const setHighBits = (text: string): Buffer =>
  Buffer.from(Buffer.from(text, 'latin1').map((byte) => byte | 0x80));

/** RFC 1557: SO and SI switch KS X 1001 on and off. */
function decodeIso2022Kr(text: string): string {
  const korean = new TextDecoder('euc-kr');
  return text
    .replaceAll('\x1b$)C', '')
    .replace(/\x0e([^\x0f\n]*)\x0f?/g, (_, shifted: string) => korean.decode(setHighBits(shifted)))
    .replaceAll('\x0f', '');
}

/** RFC 1843: `~{` and `~}` switch GB 2312 on and off. */
function decodeHz(text: string): string {
  const chinese = new TextDecoder('gbk');
  return text.replace(/~(?:\{([^~\n]*)(?:~\}|$)?|(~)|\r?\n)/gm, (_, shifted?: string, tilde?: string) =>
    shifted === undefined ? (tilde ?? '') : chinese.decode(setHighBits(shifted)),
  );
}

const decoders = new Map<string, (text: string) => string>([
  ...['utf-7', 'unicode-1-1-utf-7', 'x-unicode-2-0-utf-7', 'utf7'].map((name) => [name, decodeUtf7] as const),
  ...['iso-2022-kr', 'csiso2022kr'].map((name) => [name, decodeIso2022Kr] as const),
  ...['hz-gb-2312', 'hz'].map((name) => [name, decodeHz] as const),
]);

export const isEscapedCharset = (label: string): boolean => decoders.has(label);

/** null: another charset, or it cannot be this one, for a byte has its eighth bit. */
export function decodeEscaped(bytes: Buffer, label: string): string | null {
  const decode = decoders.get(label);
  if (decode === undefined) return null;
  const text = bytes.toString('latin1');
  return /[\x80-\xff]/.test(text) ? null : decode(text);
}
