// Two texts line by line.
import { align, numberTexts } from './align.ts';
import { changedSpans, type ChangedSpans } from './changed-spans.ts';

export interface ComparedText {
  left: { n: number; text: string } | null;
  right: { n: number; text: string } | null;
  kind: 'same' | 'changed' | 'only-left' | 'only-right';
  parts?: ChangedSpans;
}

/** Beyond that many lines of a side only the first ones are compared. */
const maxLines = 20_000;

const linesOf = (text: string): string[] => {
  const lines = text.split(/\r\n|\r|\n/, maxLines + 1);
  if (lines.at(-1) === '') lines.pop();
  return lines.slice(0, maxLines);
};

/** Line numbers are from 1. Removed and added lines at one place are taken as changed, one for one. */
export function compareTexts(left: string, right: string): ComparedText[] {
  const [a, b] = [linesOf(left), linesOf(right)];
  const [x, y] = numberTexts(a, b);
  const partner = align(x!, y!);
  const rows: ComparedText[] = [];
  const side = (lines: string[], index: number) => ({ n: index + 1, text: lines[index]! });
  let [from, next] = [0, 0];
  for (let index = 0; index <= a.length; index++) {
    const other = index === a.length ? b.length : partner[index]!;
    if (other < 0) continue;
    while (from < index || next < other) {
      const one = from < index ? side(a, from++) : null;
      const two = next < other ? side(b, next++) : null;
      if (one && two)
        rows.push({ left: one, right: two, kind: 'changed', parts: changedSpans(one.text, two.text) });
      else rows.push({ left: one, right: two, kind: one ? 'only-left' : 'only-right' });
    }
    if (index < a.length) rows.push({ left: side(a, index), right: side(b, other), kind: 'same' });
    [from, next] = [index + 1, other + 1];
  }
  return rows;
}
