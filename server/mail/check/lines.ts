// The bytes line by line: endings that are not CR LF, lines that are too long, NUL. One pass over all of them.
import type { Evidence, Found } from '../../../shared/finding.ts';
import { type CheckedMessage, placeOf, toFound } from './checked.ts';

const CR = 13;
const LF = 10;
const DOT = 46;
/** Of a line without its ending (RFC 5322 2.1.1). */
const maxLine = 998;
/** Places that are kept of each problem. */
const mostPlaces = 5;

interface Seen {
  count: number;
  places: { offset: number; length: number }[];
}

const none = (): Seen => ({ count: 0, places: [] });

function note(seen: Seen, offset: number, length: number): void {
  if (seen.count++ < mostPlaces) seen.places.push({ offset, length });
}

interface Lines {
  /** Without any the message comes from a file, whose line endings are none of the wire. */
  hasCrLf: boolean;
  bareLf: Seen;
  bareCr: Seen;
  nul: Seen;
  long: Seen;
  /** A dot alone between line endings of which one is not CR LF. */
  loneDot: Seen;
}

function scanLines(raw: Buffer): Lines {
  const lines: Lines = {
    hasCrLf: false,
    bareLf: none(),
    bareCr: none(),
    nul: none(),
    long: none(),
    loneDot: none(),
  };
  let start = 0;
  /** Behind the last line ending of any kind, and whether that was CR LF. */
  let piece = 0;
  let isWhole = true;
  const endPiece = (end: number, next: number, endsWhole: boolean): void => {
    if (end - piece === 1 && raw[piece] === DOT && piece > 0 && !(isWhole && endsWhole))
      note(lines.loneDot, piece, 1);
    piece = next;
    isWhole = endsWhole;
  };
  for (let i = 0; i < raw.length; i++) {
    const byte = raw[i]!;
    if (byte > CR) continue;
    if (byte === LF) {
      const hasCr = i > start && raw[i - 1] === CR;
      const end = hasCr ? i - 1 : i;
      if (hasCr) lines.hasCrLf = true;
      else note(lines.bareLf, i, 1);
      if (end - start > maxLine) note(lines.long, start, end - start);
      endPiece(end, i + 1, hasCr);
      start = i + 1;
    } else if (byte === CR) {
      if (raw[i + 1] === LF) continue;
      note(lines.bareCr, i, 1);
      endPiece(i, i + 1, false);
    } else if (byte === 0) note(lines.nul, i, 1);
  }
  if (raw.length - start > maxLine) note(lines.long, start, raw.length - start);
  return lines;
}

export function* checkLines({ raw, structure }: CheckedMessage): Generator<Found> {
  const lines = scanLines(raw);
  const where = (offset: number): string => (offset < structure.root.bodyOffset ? 'header' : 'body');
  const tell = (rule: string, seen: Seen, vars: Found['vars'] = {}): Found => {
    const evidence: Evidence[] = seen.places.map(({ offset, length }) => placeOf(raw, offset, length));
    return toFound(rule, evidence, { count: seen.count, where: where(seen.places[0]!.offset), ...vars });
  };
  if (lines.hasCrLf && lines.bareLf.count > 0) yield tell('content.bare-lf', lines.bareLf);
  if (lines.bareCr.count > 0) yield tell('content.bare-cr', lines.bareCr);
  if (lines.hasCrLf && lines.loneDot.count > 0) yield tell('content.smuggling', lines.loneDot);
  if (lines.nul.count > 0) yield tell('content.nul', lines.nul);
  if (lines.long.count > 0)
    yield tell('content.line-too-long', lines.long, { length: lines.long.places[0]!.length });
}
