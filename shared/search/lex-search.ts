// Splits a search into tokens with their places. Never fails: what is wrong is found by the parser.

export interface Place {
  /** Offset of the first character, in UTF-16 units. */
  start: number;
  /** Offset behind the last. */
  end: number;
}

export type SearchToken = Place &
  (
    | { kind: '(' | ')' | '-' | 'AND' | 'OR' | 'NOT' }
    | { kind: 'word'; text: string }
    | { kind: 'quoted'; text: string; closed: boolean }
    | {
        kind: 'field';
        /** As typed, e.g. `header.X-Mailer`. */
        name: string;
        value: string;
        valueStart: number;
        quoted: boolean;
        closed: boolean;
      }
  );

const bare = /[^\s"()]+/y;
const operator = /^([a-z][a-z-]*(?:\.[^\s":]*)?):/i;
const keywords = new Set(['AND', 'OR', 'NOT']);

/** From a quote on: `\"` and `\\` stand for `"` and `\`. */
function readQuoted(input: string, start: number): { text: string; end: number; closed: boolean } {
  let text = '';
  let pos = start + 1;
  while (pos < input.length) {
    const character = input[pos]!;
    if (character === '"') return { text, end: pos + 1, closed: true };
    const next = input[pos + 1];
    if (character === '\\' && (next === '"' || next === '\\')) {
      text += next;
      pos += 2;
    } else {
      text += character;
      pos += 1;
    }
  }
  return { text, end: pos, closed: false };
}

function readBare(input: string, start: number): SearchToken {
  bare.lastIndex = start;
  const text = bare.exec(input)![0];
  const end = start + text.length;
  if (keywords.has(text)) return { kind: text as 'AND', start, end };
  const found = operator.exec(text);
  if (!found) return { kind: 'word', text, start, end };
  const [typed, name] = [found[0], found[1]!];
  const valueStart = start + typed.length;
  if (valueStart === end && input[end] === '"') {
    const { text: value, ...quoted } = readQuoted(input, end);
    return { kind: 'field', name, value, valueStart, quoted: true, start, ...quoted };
  }
  const value = text.slice(typed.length);
  return { kind: 'field', name, value, valueStart, quoted: false, closed: true, start, end };
}

export function lexSearch(input: string): SearchToken[] {
  const tokens: SearchToken[] = [];
  let pos = 0;
  while (pos < input.length) {
    const character = input[pos]!;
    if (/\s/.test(character)) {
      pos += 1;
      continue;
    }
    let token: SearchToken;
    const next = input[pos + 1];
    if (character === '(' || character === ')') token = { kind: character, start: pos, end: pos + 1 };
    else if (character === '"') token = { kind: 'quoted', start: pos, ...readQuoted(input, pos) };
    else if (character === '-' && next !== undefined && !/[\s)]/.test(next))
      token = { kind: '-', start: pos, end: pos + 1 };
    else token = readBare(input, pos);
    tokens.push(token);
    pos = token.end;
  }
  return tokens;
}
