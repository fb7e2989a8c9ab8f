// The boundary lines that count at a place in the message (RFC 2046 §5.1.1): those of all multiparts that are open.

/** Longer than RFC 2046 allows by far (70), shorter than what would make comparing costly. */
export const maxBoundary = 998;
const maxTrailingBlanks = 200;

export interface Delimiter {
  /** What was given to `add` for this boundary. */
  level: number;
  isClosing: boolean;
  lineStart: number;
  /** Just past the line ending. */
  next: number;
}

export interface Delimiters {
  readonly count: number;
  add(boundary: string, level: number): void;
  /** Makes the boundary mean what it meant before `add`. Only the newest of a name can be removed. */
  remove(boundary: string): void;
  /** The delimiter that begins at this start of a line, which holds two hyphens. */
  at(lineStart: number): Delimiter | null;
  /** The first one at or after this start of a line. */
  findNext(from: number): Delimiter | null;
}

const lineWithHyphens = Buffer.from('\n--');

export function createDelimiters(raw: Buffer): Delimiters {
  // By the bytes as ISO-8859-1, so that a lookup costs the same however many multiparts are open.
  const levels = new Map<string, number[]>();
  const lengths = new Uint16Array(maxBoundary + 1);
  let count = 0;
  let longest = 0;

  function at(lineStart: number): Delimiter | null {
    const start = lineStart + 2;
    const limit = Math.min(raw.length, start + longest + maxTrailingBlanks);
    let next = start;
    while (next < limit && raw[next] !== 10) next++;
    if (next < raw.length && raw[next] !== 10) return null;
    let end = next;
    while (end > start && (raw[end - 1] === 13 || raw[end - 1] === 32 || raw[end - 1] === 9)) end--;
    const length = end - start;
    const canOpen = lengths[length]! > 0;
    const canClose = length > 2 && lengths[length - 2]! > 0 && raw[end - 1] === 45 && raw[end - 2] === 45;
    if (!canOpen && !canClose) return null;
    const text = raw.toString('latin1', start, end);
    const opened = canOpen ? levels.get(text) : undefined;
    const closed = opened === undefined && canClose ? levels.get(text.slice(0, -2)) : undefined;
    const level = (opened ?? closed)?.at(-1);
    if (level === undefined) return null;
    return { level, isClosing: opened === undefined, lineStart, next: Math.min(next + 1, raw.length) };
  }

  return {
    get count() {
      return count;
    },
    add(boundary, level) {
      const key = Buffer.from(boundary).toString('latin1');
      const known = levels.get(key);
      if (known) known.push(level);
      else levels.set(key, [level]);
      lengths[key.length]!++;
      count++;
      longest = Math.max(longest, key.length + 2);
    },
    remove(boundary) {
      const key = Buffer.from(boundary).toString('latin1');
      const known = levels.get(key);
      known?.pop();
      if (known?.length === 0) levels.delete(key);
      lengths[key.length]!--;
      count--;
    },
    at,
    findNext(from) {
      // The line feed before the line is part of what is searched for.
      let pos = Math.max(from - 1, 0);
      while (count > 0) {
        const hit = raw.indexOf(lineWithHyphens, pos);
        if (hit < 0) return null;
        const found = at(hit + 1);
        if (found) return found;
        pos = hit + 2;
      }
      return null;
    },
  };
}
