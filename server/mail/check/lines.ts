// The bytes line by line: endings that are not CR LF, lines that are too long, NUL. The searches of Buffer pass over
// what lies between in a fraction of the time that a loop over the bytes takes.
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
  /** Else the message comes from a file, whose line endings are none of the wire. */
  isOfWire: boolean;
  bareLf: Seen;
  bareCr: Seen;
  nul: Seen;
  long: Seen;
  /** A dot alone between line endings of which one is not CR LF. */
  loneDot: Seen;
}

/** Where the next such byte is, from `from` on; -1: nowhere. A call for each of many in a row would cost. */
const nextOf = (raw: Buffer, byte: number, from: number): number =>
  raw[from] === byte ? from : raw.indexOf(byte, from);

function scanNul(raw: Buffer): Seen {
  const nul = none();
  for (let at = raw.indexOf(0); at >= 0; at = nextOf(raw, 0, at + 1)) note(nul, at, 1);
  return nul;
}

function scanLines(raw: Buffer): Lines {
  const [bareLf, bareCr, long, loneDot] = [none(), none(), none(), none()];
  let whole = 0;
  let startsWhole = false;
  /** Behind the last line ending of any kind, and whether that was CR LF. */
  let piece = 0;
  let isWhole = true;
  const endPiece = (end: number, next: number, endsWhole: boolean): void => {
    if (end - piece === 1 && raw[piece] === DOT && piece > 0 && !(isWhole && endsWhole))
      note(loneDot, piece, 1);
    piece = next;
    isWhole = endsWhole;
  };
  let cr = raw.indexOf(CR);
  for (let start = 0; start < raw.length;) {
    const lf = nextOf(raw, LF, start);
    const hasCr = lf > start && raw[lf - 1] === CR;
    const end = hasCr ? lf - 1 : lf < 0 ? raw.length : lf;
    for (; cr >= 0 && cr < end; cr = nextOf(raw, CR, cr + 1)) {
      note(bareCr, cr, 1);
      endPiece(cr, cr + 1, false);
    }
    if (end - start > maxLine) note(long, start, end - start);
    if (lf < 0) break;
    if (!hasCr) note(bareLf, lf, 1);
    else {
      whole++;
      startsWhole ||= start === 0;
      cr = nextOf(raw, CR, lf + 1);
    }
    endPiece(end, lf + 1, hasCr);
    start = lf + 1;
  }
  const isOfWire = startsWhole || whole > bareLf.count;
  return { isOfWire, bareLf, bareCr, nul: scanNul(raw), long, loneDot };
}

export function* checkLines({ raw, structure }: CheckedMessage): Generator<Found> {
  const lines = scanLines(raw);
  const where = (offset: number): string => (offset < structure.root.bodyOffset ? 'header' : 'body');
  const tell = (rule: string, seen: Seen, vars: Found['vars'] = {}): Found => {
    const evidence: Evidence[] = seen.places.map(({ offset, length }) => placeOf(raw, offset, length));
    return toFound(rule, evidence, { count: seen.count, where: where(seen.places[0]!.offset), ...vars });
  };
  if (lines.isOfWire && lines.bareLf.count > 0) yield tell('content.bare-lf', lines.bareLf);
  if (lines.bareCr.count > 0) yield tell('content.bare-cr', lines.bareCr);
  if (lines.isOfWire && lines.loneDot.count > 0) yield tell('content.smuggling', lines.loneDot);
  if (lines.nul.count > 0) yield tell('content.nul', lines.nul);
  if (lines.long.count > 0)
    yield tell('content.line-too-long', lines.long, { length: lines.long.places[0]!.length });
}
