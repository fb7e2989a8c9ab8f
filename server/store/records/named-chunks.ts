// Which chunks a page of transcript lines is made of.
import type { TranscriptChunk, TranscriptLine } from '../../../shared/transcript.ts';

type Side = TranscriptChunk['from'];

/**
 * A line names its first chunk and over how many of its side it is spread; chunks of the other side may lie between.
 * `complete` is false when a line goes on beyond the chunks given.
 */
export function chunksNamedBy(
  lines: TranscriptLine[],
  chunks: TranscriptChunk[],
): { chunks: TranscriptChunk[]; complete: boolean } {
  const sides: Record<Side, TranscriptChunk[]> = { client: [], server: [] };
  for (const chunk of chunks) sides[chunk.from].push(chunk);
  const named = new Set<TranscriptChunk>();
  /** Everything before this index of a side was looked at: lines that share a chunk cost nothing more. */
  const seen: Record<Side, number> = { client: 0, server: 0 };
  let complete = true;
  for (const line of lines) {
    if (line.from === null || line.chunk === undefined) continue;
    const side = sides[line.from];
    const first = indexOf(side, line.chunk);
    const end = first + (line.chunks ?? 1);
    if (end > side.length) complete = false;
    for (let at = Math.max(first, seen[line.from] - 1); at < Math.min(end, side.length); at += 1) {
      const chunk = side[at];
      if (chunk !== undefined) named.add(chunk);
    }
    seen[line.from] = Math.max(seen[line.from], Math.min(end, side.length));
  }
  return { chunks: [...named].sort((a, b) => a.n - b.n), complete };
}

/** Where chunk `n` is, or would be. */
function indexOf(chunks: TranscriptChunk[], n: number): number {
  let low = 0;
  let high = chunks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((chunks[middle]?.n ?? Infinity) < n) low = middle + 1;
    else high = middle;
  }
  return low;
}
