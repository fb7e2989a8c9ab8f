// Rows as they lie in pages (https://sqlite.org/fileformat2.html, 1.6 and 2.1).
import type { Pages } from './pages.ts';

export type Value = null | number | string | Buffer;

export interface Cell {
  /** Null in the pages of an index or of a table without rowid. */
  rowid: number | null;
  values: Value[];
}

/** A number of up to nine bytes, and where it ends. None of ours is negative or takes all nine. */
function varint(bytes: Buffer, at: number): [number, number] {
  let value = 0;
  for (let n = 0; n < 8; n++) {
    const byte = bytes[at + n];
    if (byte === undefined) break;
    value = value * 128 + (byte & 127);
    if (byte < 128) return [value, at + n + 1];
  }
  throw new RangeError('no number');
}

/** The cell at an offset of a page. Throws where it cannot be one. */
export function readCell(pages: Pages, page: Buffer, at: number, isTable: boolean): Cell {
  const [length, afterLength] = varint(page, at);
  const [rowid, start] = isTable ? varint(page, afterLength) : [null, afterLength];
  return { rowid, values: readRecord(readPayload(pages, page, start, length, isTable)) };
}

/** Large payloads go on in a chain of overflow pages. */
function readPayload(pages: Pages, page: Buffer, at: number, length: number, isTable: boolean): Buffer {
  const usable = pages.size;
  if (length < 1 || length > 2 ** 31) throw new RangeError('no length of a payload');
  const most = isTable ? usable - 35 : Math.floor(((usable - 12) * 64) / 255) - 23;
  if (length <= most) return copy(page, at, length);
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const wanted = least + ((length - least) % (usable - 4));
  const local = wanted <= most ? wanted : least;
  const parts = [copy(page, at, local)];
  let next = page.readUInt32BE(at + local);
  for (let left = length - local; left > 0;) {
    const more = pages.read(next);
    if (more === undefined) throw new RangeError('an overflow page is missing');
    next = more.readUInt32BE(0);
    const part = copy(more, 4, Math.min(left, usable - 4));
    parts.push(part);
    left -= part.length;
  }
  // The last one says so; one that was overwritten does not.
  if (next !== 0) throw new RangeError('the overflow pages do not end where the payload does');
  return Buffer.concat(parts);
}

function copy(page: Buffer, at: number, length: number): Buffer {
  if (at + length > page.length) throw new RangeError('beyond the page');
  return Buffer.from(page.subarray(at, at + length));
}

function readRecord(payload: Buffer): Value[] {
  const [end, start] = varint(payload, 0);
  const values: Value[] = [];
  let body = end;
  for (let at = start; at < end;) {
    const [type, next] = varint(payload, at);
    const length = lengthOf(type);
    if (body + length > payload.length) throw new RangeError('a value is beyond the record');
    values.push(valueOf(type, payload.subarray(body, body + length)));
    body += length;
    at = next;
  }
  if (body !== payload.length) throw new RangeError('the record is longer than its values');
  return values;
}

const integerLengths = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];

function lengthOf(type: number): number {
  if (type >= 12) return (type - (type % 2 === 0 ? 12 : 13)) / 2;
  const length = integerLengths[type];
  if (length === undefined) throw new RangeError('no type of a value');
  return length;
}

function valueOf(type: number, bytes: Buffer): Value {
  if (type === 0) return null;
  if (type >= 12) return type % 2 === 0 ? bytes : bytes.toString('utf8');
  if (type === 7) return bytes.readDoubleBE(0);
  if (type >= 8) return type - 8;
  return type === 6 ? Number(bytes.readBigInt64BE(0)) : bytes.readIntBE(0, bytes.length);
}
