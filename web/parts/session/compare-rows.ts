// The aligned lines of two sessions as rows to show: long runs that are the same are folded.
import type { Span } from '../../../shared/compare/changed-spans.ts';
import type { ComparedLine } from '../../../shared/compare/compare-sessions.ts';

export type CompareRow =
  | { kind: 'line'; key: string; line: ComparedLine }
  | { kind: 'fold'; key: string; from: number; count: number };

/** Lines that are kept around a difference. */
const context = 2;

/** `opened` are the folds, by their first place, that someone has opened. */
export function compareRows(
  lines: readonly ComparedLine[],
  onlyDifferences: boolean,
  opened: ReadonlySet<number>,
): CompareRow[] {
  const rows: CompareRow[] = [];
  const add = (from: number, to: number): void => {
    for (let at = from; at < to; at += 1) {
      const line = lines[at]!;
      rows.push({ kind: 'line', key: `${line.left?.n ?? ''}:${line.right?.n ?? ''}`, line });
    }
  };
  let at = 0;
  while (at < lines.length) {
    let end = at;
    while (end < lines.length && lines[end]!.kind === 'same') end += 1;
    // A run at the start or the end has a difference at one side only.
    const first = at === 0 ? at : Math.min(end, at + context);
    const last = end === lines.length ? end : Math.max(first, end - context);
    const isFolded = onlyDifferences && last - first > 2 && !opened.has(first);
    add(at, isFolded ? first : end);
    if (isFolded) {
      rows.push({ kind: 'fold', key: `fold ${first}`, from: first, count: last - first });
      add(last, end);
    }
    if (end < lines.length) add(end, end + 1);
    at = end + 1;
  }
  return rows;
}

/** Places where a run of differences begins. */
export function differenceStarts(rows: readonly CompareRow[]): number[] {
  const isChange = (row: CompareRow | undefined): boolean => row?.kind === 'line' && row.line.kind !== 'same';
  return rows.flatMap((row, index) => (isChange(row) && !isChange(rows[index - 1]) ? [index] : []));
}

export interface TextPart {
  text: string;
  changed: boolean;
}

/** `spans` are places in the text, ascending. */
export function textParts(text: string, spans: readonly Span[]): TextPart[] {
  const parts: TextPart[] = [];
  let done = 0;
  for (const { start, end } of spans) {
    if (start > done) parts.push({ text: text.slice(done, start), changed: false });
    if (end > start) parts.push({ text: text.slice(start, end), changed: true });
    done = Math.max(done, end);
  }
  if (done < text.length) parts.push({ text: text.slice(done), changed: false });
  return parts;
}
