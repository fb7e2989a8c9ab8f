// Whether parts are encoded as their Content-Transfer-Encoding says, and texts in the charset that they name.
import { isAscii } from 'node:buffer';
import type { Found } from '../../../shared/finding.ts';
import type { Part } from '../../../shared/message.ts';
import { decodeUnlabelled, isKnownCharset } from '../charset.ts';
import { decodePieces } from '../decode-part.ts';
import { isMislabelled, untilWhole } from './charset-guess.ts';
import {
  bodyPlace,
  type CheckedMessage,
  listLeaves,
  partFieldPlace,
  placeOf,
  toFound,
  wordsPlace,
} from './checked.ts';

const LF = 10;
const EQUALS = 61;
const maxEncodedLine = 76;
/** Python's email package writes two more in quoted-printable, which harms nobody. */
const maxQuotedLine = 78;
/** Of all parts together that are looked through byte by byte. */
const mostEncodedBytes = 8 * 1024 * 1024;
/** Of a text whose charset is guessed. */
const mostTextBytes = 256 * 1024;
const mostParts = 200;

const bytesOf = (characters: string): Uint8Array => {
  const table = new Uint8Array(256);
  for (const byte of Buffer.from(characters)) table[byte] = 1;
  return table;
};
const hex = bytesOf('0123456789ABCDEFabcdef');
/** Digits of base64, padding and white space. */
const ofBase64 = bytesOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n\f\v\0');

interface Wrong {
  /** In the message; -1: nothing. */
  at: number;
  length: number;
}

/** The first "=" that begins neither two digits nor the end of a line. */
function loneEquals(raw: Buffer, start: number, end: number): Wrong {
  for (let at = raw.indexOf(EQUALS, start); at >= 0 && at < end; at = raw.indexOf(EQUALS, at + 1)) {
    if (hex[raw[at + 1] ?? 0] === 1 && hex[raw[at + 2] ?? 0] === 1) {
      at += 2;
      continue;
    }
    const rest = raw.toString('latin1', at + 1, Math.min(end, at + 80));
    if (!/^[ \t]*(?:\r?\n|$)/.test(rest)) return { at, length: Math.min(3, end - at) };
  }
  return { at: -1, length: 0 };
}

/** The first byte that is neither a digit of base64, padding nor white space, to the end of its line. */
function foreignByte(raw: Buffer, start: number, end: number): Wrong {
  for (let i = start; i < end; i++) {
    if (ofBase64[raw[i]!] === 1) continue;
    const stop = raw.indexOf(LF, i);
    return { at: i, length: Math.min((stop < 0 || stop > end ? end : stop) - i, 60) };
  }
  return { at: -1, length: 0 };
}

function longLine(raw: Buffer, start: number, end: number, most: number): Wrong {
  for (let pos = start; pos < end;) {
    const lf = raw.indexOf(LF, pos);
    const next = lf < 0 || lf >= end ? end : lf + 1;
    const length = next - pos - (raw[next - 2] === 13 ? 2 : lf >= 0 && lf < end ? 1 : 0);
    if (length > most) return { at: pos, length };
    pos = next;
  }
  return { at: -1, length: 0 };
}

function* checkEncoded(raw: Buffer, part: Part): Generator<Found> {
  const { bodyOffset: start, encoding, path } = part;
  const end = start + part.bodyLength;
  const wrong = encoding === 'base64' ? foreignByte(raw, start, end) : loneEquals(raw, start, end);
  if (wrong.at >= 0)
    yield toFound(`mime.${encoding}-broken`, [placeOf(raw, wrong.at, wrong.length, { part: path })], {
      part: path,
      found: raw.toString('latin1', wrong.at, wrong.at + wrong.length).replace(/^=/, ''),
    });
  const long = longLine(raw, start, end, encoding === 'base64' ? maxEncodedLine : maxQuotedLine);
  if (long.at >= 0)
    yield toFound('mime.encoded-line-long', [placeOf(raw, long.at, long.length, { part: path })], {
      part: path,
      encoding,
      length: long.length,
    });
}

function* checkUndeclared(raw: Buffer, part: Part): Generator<Found> {
  const body = raw.subarray(part.bodyOffset, part.bodyOffset + part.bodyLength);
  if (isAscii(body)) return;
  const at = part.bodyOffset + body.findIndex((byte) => byte > 127);
  let length = 1;
  while (length < 60 && raw[at + length]! > 127) length++;
  const rule =
    part.encoding === 'quoted-printable' ? 'mime.8bit-in-quoted-printable' : 'mime.8bit-undeclared';
  yield toFound(rule, [placeOf(raw, at, length, { part: part.path })], {
    part: part.path,
    encoding: part.encoding,
  });
}

export function* checkTransferEncodings({ raw, structure }: CheckedMessage): Generator<Found> {
  let budget = mostEncodedBytes;
  for (const part of listLeaves(structure.root).slice(0, mostParts)) {
    const { encoding, path } = part;
    if (/^7-?bit$/.test(encoding)) yield* checkUndeclared(raw, part);
    else if (encoding === 'base64' || encoding === 'quoted-printable') {
      if (encoding === 'quoted-printable') yield* checkUndeclared(raw, part);
      if (part.bodyLength > budget) continue;
      budget -= part.bodyLength;
      yield* checkEncoded(raw, part);
    } else if (!/^(?:8-?bit|binary|x-.*|uuencode)$/.test(encoding))
      yield toFound('mime.unknown-encoding', [partFieldPlace(raw, part, 'content-transfer-encoding')], {
        encoding,
        part: path,
      });
  }
}

/** The beginning of a text without its encoding. */
function decodedText(raw: Buffer, part: Part): Buffer {
  const isWhole = part.bodyLength <= mostTextBytes;
  const look = isWhole ? part : { ...part, bodyLength: mostTextBytes };
  const pieces = Array.from(decodePieces(raw, look), (piece) => Buffer.from(piece));
  const bytes = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  return isWhole ? bytes : untilWhole(bytes);
}

const sampleOf = (bytes: Buffer): string => {
  const at = bytes.findIndex((byte) => byte > 127);
  return decodeUnlabelled(bytes.subarray(Math.max(0, at - 10), at + 20)).replace(/\s+/g, ' ');
};

/** HTML may say it itself. */
const hasMeta = (bytes: Buffer): boolean =>
  /<meta[^>]{0,200}charset/i.test(bytes.toString('latin1', 0, 4096));

function* checkCharset(raw: Buffer, part: Part): Generator<Found> {
  const { charset, path, contentType } = part;
  const label = () => partFieldPlace(raw, part, 'content-type');
  const bytes = decodedText(raw, part);
  if (charset !== null && !isKnownCharset(charset)) {
    // Whoever does not know it reads ASCII, which most charsets share.
    const about = isAscii(bytes) ? { severity: 'notice' as const } : {};
    yield toFound('mime.charset-unknown', [label()], { part: path, charset }, about);
    return;
  }
  if (isAscii(bytes)) return;
  if (charset === null) {
    if (contentType === 'text/html' && hasMeta(bytes)) return;
    const vars = { part: path, sample: sampleOf(bytes), type: contentType };
    yield toFound('mime.charset-missing', [bodyPlace(raw, part)], vars);
    return;
  }
  const actual = isMislabelled(bytes, charset);
  if (actual !== null)
    yield toFound('mime.charset-wrong', [label()], { part: path, charset, actual }, { confidence: 0.9 });
  else if (/^utf-?8$/.test(charset) && bytes.includes('\ufffd'))
    yield toFound('content.lost-characters', [wordsPlace(raw, [part], '\ufffd')], { where: `Part ${path}` });
}

export function* checkCharsets({ raw, structure }: CheckedMessage): Generator<Found> {
  const texts = listLeaves(structure.root).filter(
    ({ contentType, disposition }) =>
      /^text\/(?:plain|html)$/.test(contentType) && disposition !== 'attachment',
  );
  for (const part of texts.slice(0, 20)) yield* checkCharset(raw, part);
}
