// Which chunk of its message the bytes behind a BDAT command are (RFC 3030).
import type { TranscriptLine } from './transcript.ts';

export interface BdatChunk {
  /** From 1. */
  n: number;
  /** Null until LAST was said. */
  count: number | null;
  isLast: boolean;
  /** Bytes of this chunk and of those before it. */
  total: number;
}

/** By the number of the line that stands for the bytes. */
export function readBdatChunks(lines: readonly TranscriptLine[]): ReadonlyMap<number, BdatChunk> {
  const chunks = new Map<number, BdatChunk>();
  let message: BdatChunk[] = [];
  let awaited: BdatChunk | null = null;
  for (const { kind, n, text } of lines) {
    if (kind === 'data' && awaited) chunks.set(n, awaited);
    if (kind !== 'data' && kind !== 'command') continue;
    awaited = null;
    if (kind === 'data') continue;
    const said = /^BDAT +(\d{1,12})( +LAST)? *$/i.exec(text);
    if (/^(?:MAIL|RSET)\b/i.test(text)) message = [];
    if (!said) continue;
    const total = (message.at(-1)?.total ?? 0) + Number(said[1]);
    awaited = { n: message.length + 1, count: null, isLast: said[2] !== undefined, total };
    message.push(awaited);
    if (!awaited.isLast) continue;
    for (const chunk of message) chunk.count = message.length;
    message = [];
  }
  return chunks;
}
