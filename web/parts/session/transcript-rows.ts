// The lines of a transcript as rows to show: bands where the phase changes, and gaps where someone was slow.
import type { Side } from '../../../shared/transcript.ts';
import type { TranscriptLine } from '../../../shared/transcript.ts';

/** A pause from here on is drawn as a row of its own. */
export const gapUs = 50_000;

export type TranscriptRow =
  | { kind: 'phase'; key: string; phase: string; secure: boolean; atUs: number }
  | { kind: 'gap'; key: string; us: number; by: Side }
  | {
      kind: 'line';
      key: string;
      line: TranscriptLine;
      /** Since the line before. */
      waitUs: number;
      /** Came in the same read or write as the line before. */
      sameChunk: boolean;
      /** Of the same side as the line before, without a band or gap between. */
      sameSide: boolean;
    };

export function buildRows(lines: readonly TranscriptLine[]): TranscriptRow[] {
  const rows: TranscriptRow[] = [];
  let before: TranscriptLine | undefined;
  // A pipelined command stands after the reply to the one before it, and came earlier.
  let latestUs = 0;
  for (const line of lines) {
    const waitUs = Math.max(0, line.atUs - latestUs);
    latestUs = Math.max(latestUs, line.atUs);
    const hasBand = line.phase !== before?.phase || line.secure !== before?.secure;
    const hasGap = line.from !== null && waitUs >= gapUs;
    if (hasGap && line.from) rows.push({ kind: 'gap', key: `gap ${line.n}`, us: waitUs, by: line.from });
    if (hasBand) {
      rows.push({
        kind: 'phase',
        key: `phase ${line.n}`,
        phase: line.phase,
        secure: line.secure,
        atUs: line.atUs,
      });
    }
    const sameSide = !hasBand && !hasGap && before?.from === line.from;
    const sameChunk = sameSide && line.chunk !== undefined && line.chunk === before?.chunk;
    rows.push({ kind: 'line', key: `line ${line.n}`, line, waitUs, sameChunk, sameSide });
    before = line;
  }
  return rows;
}

/** How wide a wait is drawn, from 0 to 1: from 50 micro-seconds to one second, logarithmic. */
export function waitShare(us: number): number {
  if (us <= 50) return 0;
  return Math.min(1, Math.log10(us / 50) / Math.log10(1_000_000 / 50));
}
