// The lines of a transcript as rows to show: bands where the phase changes, gaps where someone was slow, and the
// lines of messages that are unfolded.
import { readBdatChunks, type BdatChunk } from '../../../shared/bdat-chunks.ts';
import type { Side, TranscriptLine } from '../../../shared/transcript.ts';
import type { DataLine } from './data-lines.ts';
import { findSpans, shownLength } from './line-segments.ts';
import { readableText } from './line-bytes.ts';
import { readPackets, type Rail } from './packets.ts';
import { turnAfter } from './waits.ts';

/** A pause from here on is drawn as a row of its own. */
const gapUs = 50_000;

/** A part of the session: plain, handshake, secured, auth, each transaction, quit. */
export interface Band {
  phase: string;
  secure: boolean;
  atUs: number;
  endUs: number;
  firstLine: number;
  transaction: number | null;
  isAfterMail: boolean;
}

export interface LineRow {
  kind: 'line';
  key: string;
  line: TranscriptLine;
  /** Since the line before. */
  waitUs: number;
  /** Came in the same read or write as the line before. */
  sameChunk: boolean;
  /** Of the same side as the line before, without a band or gap between. */
  sameSide: boolean;
  rails: { client?: Rail; server?: Rail };
  /** How many lines its packet brought, where it is the first of several. */
  together: number | null;
  /** Of the bytes of a BDAT command. */
  bdat: BdatChunk | null;
}

export type TranscriptRow =
  | { kind: 'phase'; key: string; phase: string; band: Band }
  | { kind: 'gap'; key: string; us: number; by: Side; isMessage: boolean }
  | LineRow
  | { kind: 'data'; key: string; of: number; index: number; data: DataLine };

/** What an unfolded message is in lines, by the number of the line that stands for it. */
export type UnfoldedLines = ReadonlyMap<number, readonly DataLine[]>;

export function buildRows(
  lines: readonly TranscriptLine[],
  unfolded: UnfoldedLines = new Map(),
): TranscriptRow[] {
  const rows: TranscriptRow[] = [];
  const packets = readPackets(lines);
  const bdat = readBdatChunks(lines);
  let before: TranscriptLine | undefined;
  let spoke: TranscriptLine | undefined;
  let band: Band | undefined;
  let isAfterMail = false;
  // A pipelined command stands after the reply to the one before it, and came earlier.
  let latestUs = 0;
  lines.forEach((line, index) => {
    const waitUs = Math.max(0, line.atUs - latestUs);
    latestUs = Math.max(latestUs, line.atUs);
    const hasBand = !band || line.phase !== band.phase || line.secure !== band.secure;
    const hasGap = waitUs >= gapUs;
    if (hasGap) {
      const by = line.from ?? turnAfter(spoke);
      rows.push({ kind: 'gap', key: `gap ${line.n}`, us: waitUs, by, isMessage: line.kind === 'data' });
    }
    if (hasBand) {
      const { phase, secure, n, atUs } = line;
      const transaction = phase.startsWith('transaction') ? (line.transaction ?? null) : null;
      band = { phase, secure, atUs, endUs: atUs, firstLine: n, transaction, isAfterMail };
      isAfterMail ||= transaction !== null;
      rows.push({ kind: 'phase', key: `phase ${n}`, phase, band });
    }
    band!.endUs = Math.max(band!.endUs, line.atUs);
    const sameSide = !hasBand && !hasGap && before?.from === line.from;
    const sameChunk = sameSide && line.chunk !== undefined && line.chunk === before?.chunk;
    rows.push({
      kind: 'line',
      key: `line ${line.n}`,
      line,
      waitUs,
      sameChunk,
      sameSide,
      rails: packets.rails[index] ?? {},
      together: packets.counts.get(index) ?? null,
      bdat: bdat.get(line.n) ?? null,
    });
    unfolded.get(line.n)?.forEach((data, at) => {
      rows.push({ kind: 'data', key: `data ${line.n}.${at}`, of: line.n, index: at, data });
    });
    before = line;
    if (line.from !== null) spoke = line;
  });
  return rows;
}

export type LineFilter = 'all' | 'commands' | 'errors';

const isRefusal = (line: TranscriptLine): boolean => (line.code ?? 0) >= 400;

/** `pointedAt` is always among them. `errors`: refusals with the commands that they answer, and every line with something unusual. */
export function filterRows(
  rows: readonly TranscriptRow[],
  filter: LineFilter,
  isUnusual: (line: number) => boolean,
  pointedAt: number | null = null,
): readonly TranscriptRow[] {
  if (filter === 'all') return rows;
  const kept = new Set<number>();
  if (pointedAt !== null) kept.add(pointedAt);
  let asked: number | null = null;
  for (const row of rows) {
    if (row.kind !== 'line') continue;
    const { line } = row;
    if (line.from === 'client') asked = line.n;
    if (filter === 'commands') {
      if (line.from === 'client') kept.add(line.n);
    } else if (isRefusal(line) || isUnusual(line.n) || line.undelivered !== undefined || line.eol === 'LF') {
      kept.add(line.n);
      if (isRefusal(line) && asked !== null) kept.add(asked);
    }
  }
  const shown = rows.filter((row) =>
    row.kind === 'line'
      ? kept.has(row.line.n)
      : row.kind === 'data'
        ? kept.has(row.of)
        : row.kind === 'phase',
  );
  // A band over nothing says nothing.
  return shown.filter(
    (row, index) => row.kind !== 'phase' || (shown[index + 1]?.kind ?? 'phase') !== 'phase',
  );
}

export function bandsOf(rows: readonly TranscriptRow[]): Band[] {
  return rows.flatMap((row) => (row.kind === 'phase' ? [row.band] : []));
}

/** Places of the rows that hold `find`, in any case. */
export function findRows(rows: readonly TranscriptRow[], find: string): number[] {
  if (find === '') return [];
  const hits: number[] = [];
  rows.forEach((row, index) => {
    const text =
      row.kind === 'line'
        ? readableText(row.line).slice(0, shownLength)
        : row.kind === 'data'
          ? row.data.text
          : '';
    if (text !== '' && findSpans(text, find).length > 0) hits.push(index);
  });
  return hits;
}

/** How wide a wait is drawn, from 0 to 1: from 50 micro-seconds to one second, logarithmic. */
export function waitShare(us: number): number {
  if (us <= 50) return 0;
  return Math.min(1, Math.log10(us / 50) / Math.log10(1_000_000 / 50));
}
