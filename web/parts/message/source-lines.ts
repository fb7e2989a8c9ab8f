// What the source view asks of the state.
import type { RegionKind } from './source-regions.ts';

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

export interface Piece {
  text: string;
  kind: 'plain' | 'name';
  isHit: boolean;
}

/** A line cut by what its pieces are; hits of the search are cut out of those. */
export function cutLine(text: string, region: RegionKind, isContinued: boolean, query: string): Piece[] {
  const pieces: Piece[] = [];
  const colon = region === 'header' && !isContinued ? /^[!-9;-~]+:/.exec(text)?.[0].length : undefined;
  const add = (piece: string, kind: Piece['kind']): void => {
    if (piece === '') return;
    if (query === '') {
      pieces.push({ text: piece, kind, isHit: false });
      return;
    }
    const [low, wanted] = [piece.toLowerCase(), query.toLowerCase()];
    let done = 0;
    // Only where lower case is as long can places be taken over.
    for (
      let at = low.length === piece.length ? low.indexOf(wanted) : -1;
      at >= 0;
      at = low.indexOf(wanted, done)
    ) {
      if (at > done) pieces.push({ text: piece.slice(done, at), kind, isHit: false });
      pieces.push({ text: piece.slice(at, at + wanted.length), kind, isHit: true });
      done = at + wanted.length;
    }
    if (done < piece.length) pieces.push({ text: piece.slice(done), kind, isHit: false });
  };
  if (colon === undefined) {
    add(text, 'plain');
    return pieces;
  }
  add(text.slice(0, colon), 'name');
  add(text.slice(colon), 'plain');
  return pieces;
}
