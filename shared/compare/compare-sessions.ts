// Two sessions line by line and as a list of what differs: "it works with library A and fails with B".
import type { Session } from '../session.ts';
import type { TranscriptLine } from '../transcript.ts';
import { align, numberTexts } from './align.ts';
import { changedSpans, type ChangedSpans } from './changed-spans.ts';
import { readMeanings, type Ignore, type Meaning } from './line-meaning.ts';
import { listDifferences, type Difference } from './session-facts.ts';

export interface ComparedLine {
  left: TranscriptLine | null;
  right: TranscriptLine | null;
  kind: 'same' | 'changed' | 'only-left' | 'only-right';
  /** Of a changed line: which parts of `text` differ. Empty lists where only the line endings do. */
  parts?: ChangedSpans;
}

export interface SessionComparison {
  rows: ComparedLine[];
  /** What differs, as facts with a sentence each; the most telling first. */
  differences: Difference[];
}

export interface RecordedSession {
  session: Session;
  lines: TranscriptLine[];
}

/** Beyond that many lines of a side only the first ones are compared. */
const maxComparedLines = 20_000;

function pair(left: Meaning, right: Meaning): ComparedLine {
  const both = { left: left.line, right: right.line };
  if (left.text === right.text && left.line.eol === right.line.eol) return { ...both, kind: 'same' };
  return { ...both, kind: 'changed', parts: changedSpans(left.line.text, right.line.text) };
}

/** Between two lines that are the same on both sides: what has one key stands for each other. */
function compareGap(left: Meaning[], right: Meaning[]): ComparedLine[] {
  const [a, b] = numberTexts(
    left.map(({ key }) => key),
    right.map(({ key }) => key),
  );
  const partner = align(a!, b!);
  const rows: ComparedLine[] = [];
  let next = 0;
  const upTo = (end: number): void => {
    for (; next < end; next++) rows.push({ left: null, right: right[next]!.line, kind: 'only-right' });
  };
  left.forEach((meaning, index) => {
    const other = partner[index]!;
    if (other < 0) {
      rows.push({ left: meaning.line, right: null, kind: 'only-left' });
      return;
    }
    upTo(other);
    rows.push(pair(meaning, right[other]!));
    next = other + 1;
  });
  upTo(right.length);
  return rows;
}

export function compareLines(
  left: TranscriptLine[],
  right: TranscriptLine[],
  ignore: Ignore = {},
): ComparedLine[] {
  const [a, b] = [left, right].map((lines) => readMeanings(lines.slice(0, maxComparedLines), ignore));
  const [x, y] = numberTexts(
    a!.map(({ whole }) => whole),
    b!.map(({ whole }) => whole),
  );
  // Lines that are wholly the same are found first and hold the rest in place.
  const partner = align(x!, y!);
  const rows: ComparedLine[] = [];
  let [from, next] = [0, 0];
  for (let index = 0; index <= partner.length; index++) {
    const other = index === partner.length ? b!.length : partner[index]!;
    if (other < 0) continue;
    for (const row of compareGap(a!.slice(from, index), b!.slice(next, other))) rows.push(row);
    if (index < partner.length) rows.push(pair(a![index]!, b![other]!));
    [from, next] = [index + 1, other + 1];
  }
  return rows;
}

/** `ignore.addresses` also leaves mail addresses out of the lines. */
export function compareSessions(
  left: RecordedSession,
  right: RecordedSession,
  ignore: Ignore = {},
): SessionComparison {
  return {
    rows: compareLines(left.lines, right.lines, ignore),
    differences: listDifferences(left, right),
  };
}
