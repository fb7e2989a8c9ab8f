// The regular expressions of inbox rules, read into a tree. Only what can be matched in linear time is taken:
// no look-around, no back-references. Case does not matter.

export type Node =
  | { type: 'empty' }
  | { type: 'char'; test: (code: number) => boolean; literal: string | null }
  | { type: 'start' }
  | { type: 'end' }
  | { type: 'sequence'; of: Node[] }
  | { type: 'either'; of: Node[] }
  | { type: 'repeat'; of: Node; least: number; most: number };

export type ParsedPattern = { ok: true; node: Node } | { ok: false; problem: string };

const maxLength = 200;
const maxDepth = 20;
/** Of `{n,m}`. */
const maxCount = 100;

class Problem extends Error {}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isWord = (code: number): boolean =>
  isDigit(code) || (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13) || code === 0xa0;
const classes: Record<string, (code: number) => boolean> = {
  d: isDigit,
  w: isWord,
  s: isSpace,
  D: (code) => !isDigit(code),
  W: (code) => !isWord(code),
  S: (code) => !isSpace(code),
};
const controls: Record<string, string> = { t: '\t', n: '\n', r: '\r', f: '\f', v: '\v', 0: '\0' };

/** What is matched is in lower case. */
const literal = (char: string): Node => {
  const folded = char.toLowerCase();
  // A letter whose small form is longer cannot be one step; it is taken as it is.
  const one = folded.length === 1 ? folded : char;
  const wanted = one.charCodeAt(0);
  return { type: 'char', test: (code) => code === wanted, literal: one };
};
const oneOf = (test: (code: number) => boolean): Node => ({ type: 'char', test, literal: null });

/** Never throws. */
export function parsePattern(text: string): ParsedPattern {
  let at = 0;
  const refuse = (why: string): never => {
    throw new Problem(`${why} at position ${at + 1}`);
  };

  function escaped(): Node {
    const char = text[at];
    if (char === undefined) return refuse('There is nothing behind the backslash');
    at += 1;
    const known = classes[char];
    if (known) return oneOf(known);
    if (controls[char] !== undefined) return literal(controls[char]);
    if (/[A-Za-z1-9]/.test(char)) return refuse(`\\${char} is not known here`);
    return literal(char);
  }

  function bracket(): Node {
    const isNegated = text[at] === '^';
    if (isNegated) at += 1;
    const tests: ((code: number) => boolean)[] = [];
    for (let first = true; text[at] !== ']' || first; first = false) {
      const from = member();
      if (typeof from === 'function') {
        tests.push(from);
        continue;
      }
      if (text[at] !== '-' || text[at + 1] === ']' || text[at + 1] === undefined) {
        tests.push((code) => code === from);
        continue;
      }
      at += 1;
      const to = member();
      if (typeof to === 'function' || to < from) return refuse('The range is in the wrong order');
      tests.push((code) => code >= from && code <= to);
    }
    at += 1;
    const has = (code: number): boolean => tests.some((test) => test(code));
    const inEitherCase = (code: number): boolean =>
      has(code) || has(String.fromCharCode(code).toUpperCase().charCodeAt(0));
    return oneOf(isNegated ? (code) => !inEitherCase(code) : inEitherCase);
  }

  function member(): number | ((code: number) => boolean) {
    const char = text[at];
    if (char === undefined) return refuse('The ] is missing');
    at += 1;
    if (char !== '\\') return char.charCodeAt(0);
    const node = escaped();
    if (node.type !== 'char') return refuse('This cannot stand in brackets');
    return node.literal === null ? node.test : node.literal.charCodeAt(0);
  }

  function group(depth: number): Node {
    if (text[at] === '?') {
      if (text[at + 1] !== ':') return refuse('Look-around and named groups are not taken');
      at += 2;
    }
    const inner = either(depth + 1);
    if (text[at] !== ')') return refuse('The ) is missing');
    at += 1;
    return inner;
  }

  function atom(depth: number): Node {
    const char = text[at]!;
    at += 1;
    switch (char) {
      case '(':
        return group(depth);
      case '[':
        return bracket();
      case '.':
        return oneOf((code) => code !== 10 && code !== 13);
      case '^':
        return { type: 'start' };
      case '$':
        return { type: 'end' };
      case '\\':
        return escaped();
      case '*':
      case '+':
      case '?':
        at -= 1;
        return refuse('There is nothing to repeat');
      default:
        return literal(char);
    }
  }

  function counts(): { least: number; most: number } | undefined {
    const simple = { '*': [0, Infinity], '+': [1, Infinity], '?': [0, 1] }[text[at] ?? ''];
    if (simple) {
      at += 1;
      return { least: simple[0]!, most: simple[1]! };
    }
    const braces = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(text.slice(at, at + 12));
    if (!braces) return undefined;
    const least = Number(braces[1]);
    const most = braces[2] === undefined ? least : braces[3] ? Number(braces[3]) : Infinity;
    if (most < least) return refuse('The numbers are in the wrong order');
    if (least > maxCount || (most !== Infinity && most > maxCount))
      return refuse(`More than ${maxCount} repetitions cannot be counted`);
    at += braces[0].length;
    return { least, most };
  }

  function sequence(depth: number): Node {
    const of: Node[] = [];
    while (at < text.length && text[at] !== '|' && text[at] !== ')') {
      let node = atom(depth);
      const count = counts();
      if (count !== undefined) {
        if (node.type === 'start' || node.type === 'end') return refuse('^ and $ cannot be repeated');
        // Greedy or not makes no difference to whether something is found.
        if (text[at] === '?') at += 1;
        node = { type: 'repeat', of: node, ...count };
        if (counts() !== undefined) return refuse('This is repeated already');
      }
      of.push(node);
    }
    return of.length === 1 ? of[0]! : of.length === 0 ? { type: 'empty' } : { type: 'sequence', of };
  }

  function either(depth: number): Node {
    if (depth > maxDepth) return refuse(`Groups are more than ${maxDepth} deep`);
    const of = [sequence(depth)];
    while (text[at] === '|') {
      at += 1;
      of.push(sequence(depth));
    }
    return of.length === 1 ? of[0]! : { type: 'either', of };
  }

  try {
    if (text.length > maxLength) return { ok: false, problem: `It is longer than ${maxLength} characters` };
    const node = either(0);
    if (at < text.length) refuse('The ) has no ( before it');
    return { ok: true, node };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { ok: false, problem: error.message };
  }
}
