// What the bytes at a place of a message are, by its MIME tree.
import type { Part } from '../../../shared/message.ts';

export type RegionKind = 'header' | 'text' | 'encoded' | 'between';

export interface Region {
  start: number;
  end: number;
  kind: RegionKind;
  part: Part;
}

/** Parts in the order of the message. A stack, not recursion: the depth is the sender's choice. */
export function listParts(root: Part | null, limit = 5000): { part: Part; depth: number }[] {
  const found: { part: Part; depth: number }[] = [];
  const waiting = root ? [{ part: root, depth: 0 }] : [];
  for (let row = waiting.pop(); row && found.length < limit; row = waiting.pop()) {
    found.push(row);
    for (const child of row.part.children.toReversed()) waiting.push({ part: child, depth: row.depth + 1 });
  }
  return found;
}

/** Ascending, without overlaps. What lies in none of them is a boundary, a preamble or an epilogue. */
export function regionsOf(root: Part | null): Region[] {
  const found: Region[] = [];
  for (const { part } of listParts(root)) {
    found.push({ start: part.headerOffset, end: part.bodyOffset, kind: 'header', part });
    if (part.children.length > 0) continue;
    const kind = /^(base64|x-uuencode)$/i.test(part.encoding) ? 'encoded' : 'text';
    found.push({ start: part.bodyOffset, end: part.bodyOffset + part.bodyLength, kind, part });
  }
  return found.sort((a, b) => a.start - b.start);
}

export function regionAt(regions: readonly Region[], offset: number): Region | null {
  let [low, high] = [0, regions.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const region = regions[middle];
    if (!region) return null;
    if (offset < region.start) high = middle - 1;
    else if (offset >= region.end) low = middle + 1;
    else return region;
  }
  return null;
}
