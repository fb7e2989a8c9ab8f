// Charsets of seven bits that shift with escapes, which the runtime does not know: UTF-7, ISO-2022-KR, HZ. Each is read
// in one pass, without a call for each word: a text may have millions of them.
import { isAscii } from 'node:buffer';
import { TextDecoder } from 'node:util';

const LF = 10;
const CR = 13;
const TILDE = 126;

const sextets = new Int8Array(256).fill(-1);
for (const [i, digit] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  sextets[digit.charCodeAt(0)] = i;

/** RFC 2152; in `+...-` stands UTF-16 in base64. */
function decodeUtf7(bytes: Buffer): string {
  const out = Buffer.allocUnsafe(2 * bytes.length);
  let length = 0;
  const put = (unit: number): void => {
    out[length++] = unit & 255;
    out[length++] = unit >> 8;
  };
  for (let i = 0; i < bytes.length; i++) {
    put(bytes[i]!);
    if (bytes[i] !== 43) continue;
    const start = i + 1;
    let bits = 0;
    let count = 0;
    for (; i + 1 < bytes.length && sextets[bytes[i + 1]!]! >= 0; i++) {
      // In place of the plus sign.
      if (i + 1 === start) length -= 2;
      bits = (bits << 6) | sextets[bytes[i + 1]!]!;
      count += 6;
      if (count < 16) continue;
      count -= 16;
      put((bits >> count) & 0xffff);
      bits &= (1 << count) - 1;
    }
    if (bytes[i + 1] === 45) i++;
  }
  return out.toString('utf16le', 0, length);
}

/** What stands shifted, as the bytes of the charset that has them with their eighth bit. */
class Shifted {
  readonly #out: Buffer;
  #length = 0;
  isOn = false;
  /** Whether the second byte of a letter comes next. */
  isHalf = false;

  constructor(mostBytes: number) {
    this.#out = Buffer.allocUnsafe(mostBytes);
  }

  put(byte: number): void {
    if (this.isOn && byte > 32) {
      this.#out[this.#length++] = byte | 0x80;
      this.isHalf = !this.isHalf;
      return;
    }
    this.#endRun();
    this.#out[this.#length++] = byte;
    // Both charsets have a line begin unshifted.
    if (byte === LF) this.isOn = false;
  }

  turn(isOn: boolean): void {
    this.#endRun();
    this.isOn = isOn;
  }

  /** Half a letter would take the next byte with it: a control character that no text has stands for it. */
  #endRun(): void {
    if (this.isHalf) this.#out[this.#length - 1] = 26;
    this.isHalf = false;
  }

  decode(charset: string): string {
    this.#endRun();
    return new TextDecoder(charset).decode(this.#out.subarray(0, this.#length)).replaceAll('\x1a', '\ufffd');
  }
}

/** RFC 1557: SO and SI switch KS X 1001 on and off. */
function decodeIso2022Kr(bytes: Buffer): string {
  const shifted = new Shifted(bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === 14 || byte === 15) shifted.turn(byte === 14);
    else if (byte === 27 && bytes[i + 1] === 36 && bytes[i + 2] === 41 && bytes[i + 3] === 67) i += 3;
    else shifted.put(byte);
  }
  return shifted.decode('euc-kr');
}

/** RFC 1843: `~{` and `~}` switch GB 2312 on and off, `~~` is a tilde, and one at the end of a line joins it to the next. */
function decodeHz(bytes: Buffer): string {
  const shifted = new Shifted(bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    const next = bytes[i + 1];
    if (byte !== TILDE || (shifted.isHalf && next !== 125)) {
      shifted.put(byte);
      continue;
    }
    const wasOn = shifted.isOn;
    shifted.turn(next === 123);
    if (next === 123 || (wasOn && next === 125) || next === LF) i++;
    else if (next === CR && bytes[i + 2] === LF) i += 2;
    else {
      shifted.put(TILDE);
      if (next === TILDE) i++;
    }
  }
  return shifted.decode('gbk');
}

const decoders = new Map<string, (bytes: Buffer) => string>([
  ...['utf-7', 'unicode-1-1-utf-7', 'x-unicode-2-0-utf-7', 'utf7'].map((name) => [name, decodeUtf7] as const),
  ...['iso-2022-kr', 'csiso2022kr'].map((name) => [name, decodeIso2022Kr] as const),
  ...['hz-gb-2312', 'hz'].map((name) => [name, decodeHz] as const),
]);

export const isEscapedCharset = (label: string): boolean => decoders.has(label);

/** null: another charset, or it cannot be this one, for a byte has its eighth bit. */
export function decodeEscaped(bytes: Buffer, label: string): string | null {
  const decode = decoders.get(label);
  return decode === undefined || !isAscii(bytes) ? null : decode(bytes);
}
