// The text of a line cut into pieces that are drawn in different ways.
import type { TranscriptLine } from '../../../shared/transcript.ts';
import { readableText } from './line-bytes.ts';

export interface Segment {
  text: string;
  /** `blank`: white space that is never seen and often matters, at the end of a line or a tab. */
  kind: 'plain' | 'head' | 'enhanced' | 'secret' | 'blank';
  /** It is what was searched for. */
  found: boolean;
}

/** More of a line is neither drawn nor searched; its bytes are in the panel. */
export const shownLength = 4000;

type Piece = Omit<Segment, 'found'>;

/** The first word of a command; code and separator of a reply (RFC 5321 §4.2), then its enhanced code (RFC 3463). */
function grammarOf(line: TranscriptLine, text: string): Piece[] {
  let head = '';
  if (line.kind === 'command') head = /^[A-Za-z]+( FROM:| TO:)?/i.exec(text)?.[0] ?? '';
  if (line.kind === 'reply') head = /^\d{3}[ -]?/.exec(text)?.[0] ?? '';
  let rest = text.slice(head.length);
  const pieces: Piece[] = [{ text: head, kind: 'head' }];
  if (line.enhanced && rest.startsWith(line.enhanced)) {
    pieces.push({ text: line.enhanced, kind: 'enhanced' });
    rest = rest.slice(line.enhanced.length);
  }
  // Stars that were really sent are told apart from a masked secret by the flag of the line.
  const parts = line.masked ? rest.split(/(\*+)/) : [rest];
  parts.forEach((part, index) => pieces.push({ text: part, kind: index % 2 === 1 ? 'secret' : 'plain' }));
  return pieces;
}

function markBlanks({ text, kind }: Piece, isLast: boolean): Piece[] {
  if (kind === 'secret') return [{ text, kind }];
  const pattern = isLast ? /((?<![ \t])[ \t]+$|\t+)/ : /(\t+)/;
  return text
    .split(pattern)
    .map((part, index): Piece => ({ text: part, kind: index % 2 === 1 ? 'blank' : kind }));
}

/** Where `find` stands in `text`, in any case. */
export function findSpans(text: string, find: string): [start: number, end: number][] {
  const [low, wanted] = [text.toLowerCase(), find.toLowerCase()];
  // A few letters change their length in lower case; their places cannot be told then.
  if (wanted === '' || low.length !== text.length) return [];
  const spans: [number, number][] = [];
  for (let at = low.indexOf(wanted); at !== -1; at = low.indexOf(wanted, at + wanted.length))
    spans.push([at, at + wanted.length]);
  return spans;
}

function cutAtSpans(pieces: readonly Piece[], spans: readonly [number, number][]): Segment[] {
  const segments: Segment[] = [];
  let offset = 0;
  let span = 0;
  for (const { text, kind } of pieces) {
    let done = 0;
    while (done < text.length) {
      while (span < spans.length && spans[span]![1] <= offset + done) span += 1;
      const [start, end] = spans[span] ?? [Infinity, Infinity];
      const found = start <= offset + done;
      const until = Math.min(text.length, (found ? end : start) - offset);
      segments.push({ text: text.slice(done, until), kind, found });
      done = until;
    }
    offset += text.length;
  }
  return segments;
}

export function lineSegments(
  line: TranscriptLine,
  options: { find?: string; marksBlanks?: boolean } = {},
): Segment[] {
  const text = readableText(line).slice(0, shownLength);
  let pieces = grammarOf(line, text).filter((piece) => piece.text !== '');
  if (options.marksBlanks)
    pieces = pieces.flatMap((piece, index) => markBlanks(piece, index === pieces.length - 1));
  return cutAtSpans(pieces, findSpans(text, options.find ?? ''));
}
