// What the source view asks of the state.
import { htmlSpans, htmlStateAfter, quotedPrintableSpans, type Span } from './html-spans.ts';
import type { Region } from './source-regions.ts';

export interface SourceRowText {
  n: number;
  text: string;
  eol: 'CRLF' | 'LF' | 'CR' | '';
  offset: number;
  isContinued: boolean;
  isCut: boolean;
}

export interface SourceLines {
  readonly rows: number;
  readonly loaded: number;
  readonly loading: boolean;
  readonly isCut: boolean;
  row(index: number): SourceRowText;
  rowAt(offset: number): number;
  bytes(start: number, end: number): Uint8Array;
}

export interface SourceFinder {
  readonly query: string;
  readonly hits: readonly number[];
  readonly current: number;
  readonly row: number | null;
  readonly isRunning: boolean;
  readonly isFull: boolean;
  find(query: string, size: number): Promise<void>;
  step(by: 1 | -1): void;
  clear(): void;
}

export interface Piece extends Span {
  isHit: boolean;
}

/** A row as spans, by what its region is. `above` gives what stands before it in the region, as far as HTML needs. */
export function spansOf(
  text: string,
  region: Region | null,
  isContinued: boolean,
  above: () => string,
): Span[] {
  if (region?.kind === 'header') {
    const colon = isContinued ? undefined : /^[!-9;-~]+:/.exec(text)?.[0].length;
    if (colon === undefined) return [{ text, kind: 'plain' }];
    return [
      { text: text.slice(0, colon), kind: 'name' },
      { text: text.slice(colon), kind: 'plain' },
    ];
  }
  if (region?.kind !== 'text') return [{ text, kind: 'plain' }];
  const isHtml = /^(?:text\/html|application\/xhtml\+xml|image\/svg\+xml)$/i.test(region.part.contentType);
  const isQuoted = /^quoted-printable$/i.test(region.part.encoding);
  const before = (): string => (isQuoted ? above().replace(/=[ \t]*\r?\n/g, '') : above());
  const spans: Span[] = isHtml ? htmlSpans(text, htmlStateAfter(before())).spans : [{ text, kind: 'plain' }];
  return isQuoted ? quotedPrintableSpans(spans) : spans;
}

/** Spans with the hits of the search cut out of them; a hit may go over several. */
export function cutHits(spans: readonly Span[], query: string): Piece[] {
  const text = spans.map((span) => span.text).join('');
  const [low, wanted] = [text.toLowerCase(), query.toLowerCase()];
  // Only where lower case is as long can places be taken over.
  if (wanted === '' || low.length !== text.length || !low.includes(wanted))
    return spans.flatMap((span) => (span.text === '' ? [] : [{ ...span, isHit: false }]));
  const pieces: Piece[] = [];
  let begin = 0;
  let hit = low.indexOf(wanted);
  for (const span of spans) {
    const end = begin + span.text.length;
    while (begin < end) {
      if (hit >= 0 && begin >= hit + wanted.length) hit = low.indexOf(wanted, hit + wanted.length);
      const isHit = hit >= 0 && begin >= hit;
      const edge = hit < 0 ? end : isHit ? hit + wanted.length : hit;
      const next = Math.min(end, edge);
      pieces.push({ text: text.slice(begin, next), kind: span.kind, isHit });
      begin = next;
    }
  }
  return pieces;
}
