// Reads what was typed into the search box or given as `query` of the API. Never throws.
import { foldText, wellFormed, wordsOf } from './fold.ts';
import { lexSearch, type Place, type SearchToken } from './lex-search.ts';
import { and, not, or, type Query, type SearchScope } from './query.ts';
import { parseFieldTerm } from './parse-term.ts';

/** What is wrong, where, and what to write instead. Places are offsets in UTF-16 units. */
export interface SearchError extends Place {
  message: string;
  hint: string;
}

/** Where each part of a query stands in its text; parts that were joined have none of their own. */
export type Places = ReadonlyMap<Query, Place>;

/** `query` is null where nothing was asked for: everything matches. */
export type ParsedSearch = { ok: true; query: Query | null } | { ok: false; errors: SearchError[] };

export const searchLimits = { length: 4096, depth: 32, terms: 64 } as const;

const maxErrors = 10;

/**
 * The grammar, weakest first: `a OR b`; `a b` or `a AND b`; `-a` or `NOT a`; `(a)`; then words, `"phrases"` and
 * `operator:value`. The keywords are in capitals.
 */
export function parseSearch(input: string, scope: SearchScope): ParsedSearch {
  return parsePlacedSearch(input, scope).parsed;
}

/** The same with the places of its parts. */
export function parsePlacedSearch(
  input: string,
  scope: SearchScope,
): { parsed: ParsedSearch; places: Places } {
  const places = new Map<Query, Place>();
  return { parsed: readSearch(input, scope, places), places };
}

function readSearch(input: string, scope: SearchScope, places: Map<Query, Place>): ParsedSearch {
  const text = wellFormed(input);
  if (text.length > searchLimits.length) {
    const place = { start: searchLimits.length, end: text.length };
    const message = `The search is longer than ${searchLimits.length} characters.`;
    return { ok: false, errors: [{ ...place, message, hint: 'Leave something out.' }] };
  }
  const reader = createReader(text, scope, places);
  const query = reader.read();
  return reader.errors.length > 0 ? { ok: false, errors: reader.errors } : { ok: true, query };
}

function createReader(text: string, scope: SearchScope, places: Map<Query, Place>) {
  const tokens = lexSearch(text);
  const errors: SearchError[] = [];
  let at = 0;
  let depth = 0;
  let terms = 0;
  /** Set by an error that makes no sense of the rest. */
  let stopped = false;

  function report(place: Place, message: string, hint: string): null {
    if (!stopped && errors.length < maxErrors)
      errors.push({ start: place.start, end: place.end, message, hint });
    return null;
  }
  function stop(place: Place, message: string, hint: string): null {
    report(place, message, hint);
    stopped = true;
    return null;
  }

  const peek = (): SearchToken | undefined => (stopped ? undefined : tokens[at]);
  const isKind = (kind: SearchToken['kind']): boolean => peek()?.kind === kind;
  const startsOperand = (): boolean => {
    const kind = peek()?.kind;
    return kind !== undefined && kind !== ')' && kind !== 'OR' && kind !== 'AND';
  };

  /** Members that could not be read are left out: their errors are reported. */
  function readOr(): Query | null {
    const parts = [readAnd()];
    while (isKind('OR')) {
      at += 1;
      parts.push(readAnd());
    }
    return combine(or, parts);
  }

  function readAnd(): Query | null {
    const parts = [readUnary()];
    while (isKind('AND') || startsOperand()) {
      if (isKind('AND')) at += 1;
      parts.push(readUnary());
    }
    return combine(and, parts);
  }

  function readUnary(): Query | null {
    const first = peek();
    const query = readOperand();
    const last = tokens[at - 1];
    if (query && first && last) places.set(query, { start: first.start, end: last.end });
    return query;
  }

  function readOperand(): Query | null {
    const token = peek();
    if (token?.kind !== 'NOT' && token?.kind !== '-' && token?.kind !== '(') return readTerm();
    if (depth === searchLimits.depth)
      return stop(
        token,
        `Brackets and NOT are nested more than ${searchLimits.depth} deep.`,
        'Take some away.',
      );
    depth += 1;
    at += 1;
    const inner = token.kind === '(' ? readGroup(token) : readUnary();
    depth -= 1;
    return inner === null || token.kind === '(' ? inner : not(inner);
  }

  function readGroup(open: Place): Query | null {
    const close = peek();
    if (close?.kind === ')')
      return stop(
        { start: open.start, end: close.end },
        'There is nothing between the brackets.',
        quoteHint('()'),
      );
    const inner = readOr();
    if (isKind(')')) at += 1;
    else stop(open, 'This bracket is not closed.', `Add a ")", or ${quoteHint('(').toLowerCase()}`);
    return inner;
  }

  function readTerm(): Query | null {
    const token = peek();
    if (stopped) return null;
    const before = tokens[at - 1];
    const keyword = before && ['AND', 'OR', 'NOT', '-'].includes(before.kind) ? before : undefined;
    const here = token && ['AND', 'OR'].includes(token.kind) ? token : undefined;
    if (token === undefined || token.kind === ')' || here) {
      const name = (keyword ?? here)?.kind;
      if (name === undefined && token?.kind === ')')
        return stop(
          token,
          'This bracket was not opened.',
          `Take it away, or ${quoteHint(')').toLowerCase()}`,
        );
      if (name === undefined && before?.kind === '(')
        return stop(before, 'This bracket is not closed.', `Add a ")", or ${quoteHint('(').toLowerCase()}`);
      return stop(
        keyword ?? here ?? { start: text.length, end: text.length },
        `Something to search for must ${keyword ? 'follow' : 'stand before'} ${name}.`,
        `To search for the word itself write it small or in quotes.`,
      );
    }
    at += 1;
    terms += 1;
    if (terms > searchLimits.terms)
      return stop(
        token,
        `There are more than ${searchLimits.terms} things to search for.`,
        'Leave some out.',
      );
    if (token.kind === 'field') return parseFieldTerm(token, scope, report);
    if (token.kind !== 'word' && token.kind !== 'quoted') return null;
    if (token.kind === 'quoted' && !token.closed)
      return report(
        { start: token.start, end: token.start + 1 },
        'This quote is not closed.',
        'Add a second ".',
      );
    if (wordsOf(foldText(token.text)).length === 0)
      return report(
        token,
        'There is no letter and no digit to search for.',
        scope === 'messages' ? 'Signs are found by subject:"..." and body:"...".' : 'Add one.',
      );
    return { type: token.kind === 'word' ? 'word' : 'phrase', text: token.text };
  }

  return {
    errors,
    read(): Query | null {
      if (tokens.length === 0) return null;
      const query = readOr();
      const rest = peek();
      if (rest?.kind === ')')
        stop(rest, 'This bracket was not opened.', `Take it away, or ${quoteHint(')').toLowerCase()}`);
      return query;
    },
  };
}

const quoteHint = (text: string): string => `Put it in quotes to search for it: "${text}".`;

function combine(join: (parts: Query[]) => Query, parts: (Query | null)[]): Query | null {
  const read = parts.filter((part) => part !== null);
  return read.length === 0 ? null : join(read);
}
