// Bytes to text, for whatever charset a mail claims. What comes out never holds NUL or a lone surrogate.
import iconv from 'iconv-lite';
import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { standardName } from './charset-names.ts';
import { decodeEscaped, isEscapedCharset } from './escaped-charsets.ts';

// Node 20 decodes windows-1252 as ISO-8859-1: these 32 code points are then missing.
const windows1252 =
  '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f' +
  '\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';

function decodeWindows1252(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/[\x80-\x9f]/g, (c) => windows1252[c.charCodeAt(0) - 0x80] ?? c);
}

/** Replaces NUL and lone surrogates, which databases and JSON readers refuse. */
export function cleanText(text: string): string {
  const whole = /[\ud800-\udfff]/.test(text) ? text.replace(/\p{Surrogate}/gu, '\ufffd') : text;
  return whole.includes('\0') ? whole.replaceAll('\0', '\ufffd') : whole;
}

/** A byte order mark at the head of a text is none of its words, and mail readers do not show it. */
export const withoutMark = (text: string): string => text.replace(/^\ufeff+/, '');

/**
 * UTF-8 that a program cut within a character, or to which it added a byte of something else. In other charsets few
 * bytes look like a character of UTF-8, and many like none.
 */
function decodeDamagedUtf8(bytes: Buffer): string | null {
  const text = bytes.toString();
  let whole = 0;
  let broken = 0;
  for (const character of text)
    if (character === '\ufffd') broken++;
    else if (character > '\x7f') whole++;
  return whole > 2 * broken ? text : null;
}

/**
 * Bytes without a usable charset: UTF-8 when they are that, damaged UTF-8 with what is broken as U+FFFD, else what a
 * neighbour of theirs is labelled with, if they can be that, else what Windows programs write.
 */
export function decodeUnlabelled(bytes: Buffer, neighbour: string | null = null): string {
  if (isUtf8(bytes)) return cleanText(bytes.toString());
  const damaged = decodeDamagedUtf8(bytes);
  if (damaged !== null) return cleanText(damaged);
  if (neighbour !== null && !/^(?:us-)?ascii$|^utf-?8$/i.test(neighbour)) {
    const text = decodeText(bytes, neighbour);
    if (!text.includes('\ufffd')) return text;
  }
  return cleanText(decodeWindows1252(bytes));
}

// RFC 2781 §4.3 says big-endian without a mark; programs write what their machine uses. The zero bytes of ASCII tell.
function decodeUtf16(bytes: Buffer): string {
  let even = 0;
  let odd = 0;
  for (let i = 0; i + 1 < Math.min(bytes.length, 512); i += 2) {
    if (bytes[i] === 0) even++;
    if (bytes[i + 1] === 0) odd++;
  }
  const isLittle = bytes[0] === 0xff && bytes[1] === 0xfe;
  const isBig = bytes[0] === 0xfe && bytes[1] === 0xff;
  return new TextDecoder(isBig || (!isLittle && even >= odd) ? 'utf-16be' : 'utf-16le').decode(bytes);
}

// Encoding Standard §12.2 has U+FFFD for an escape right behind another: between two encoded words one ends with it.
const dropIdleEscapes = (bytes: Buffer): Buffer =>
  Buffer.from(bytes.toString('latin1').replace(/\x1b[$(][@-J](?=\x1b[$(][@-J])/g, ''), 'latin1');

type Decode = (bytes: Buffer) => string;

function makeDecoder(label: string): Decode | null {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(label);
  } catch {
    // What mailparser decodes texts with knows more, and two encodings that are no charsets.
    if (!/\d|^mac|^viscii$/.test(label) || /^base\W?64$/.test(label) || !iconv.encodingExists(label))
      return null;
    return (bytes) => iconv.decode(bytes, label);
  }
  switch (decoder.encoding) {
    case 'iso-2022-jp':
      return (bytes) => decoder.decode(dropIdleEscapes(bytes));
    case 'windows-1252':
      return decodeWindows1252;
    case 'euc-kr':
      // Node knows it without what Windows added.
      return (bytes) => iconv.decode(bytes, 'cp949');
    case 'big5':
      return (bytes) => {
        const text = decoder.decode(bytes);
        // So Node shows the characters of Hong Kong.
        return /[\ufffd\ue000-\uf8ff]/.test(text) ? iconv.decode(bytes, 'big5-hkscs') : text;
      };
    default:
      return (bytes) => decoder.decode(bytes);
  }
}

const decoders = new Map<string, Decode | null>();

/** Null for an unknown charset, which is not an error of the message: its bytes are read as unlabelled. */
function findDecoder(label: string): Decode | null {
  const known = decoders.get(label);
  if (known !== undefined) return known;
  const decoder = makeDecoder(label);
  // Hostile mail can name any number of charsets.
  if (decoders.size < 100) decoders.set(label, decoder);
  return decoder;
}

/** Of a label as mail writes it. */
export function isKnownCharset(charset: string): boolean {
  const label = standardName(charset.slice(0, 60).toLowerCase());
  return /^(?:us-)?ascii$|^utf-16$/.test(label) || isEscapedCharset(label) || findDecoder(label) !== null;
}

/** Never throws; an unknown charset is read as UTF-8, then as windows-1252. */
export function decodeText(bytes: Buffer, charset: string | null): string {
  const label = standardName(
    (charset ?? '')
      .slice(0, 60)
      .toLowerCase()
      .replace(/["'\s]/g, ''),
  );
  if (label === 'utf-16') return cleanText(decodeUtf16(bytes));
  const escaped = decodeEscaped(bytes, label);
  if (escaped !== null) return cleanText(escaped);
  const isPlain = label === '' || /^(us-)?ascii$/.test(label) || isEscapedCharset(label);
  const decode = isPlain ? null : findDecoder(label);
  return decode === null ? decodeUnlabelled(bytes) : cleanText(decode(bytes));
}
