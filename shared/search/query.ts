// A search as a tree. The parser makes it; the formatter, the matchers and the store's compiler read it.

/** What is searched: the list of messages or that of sessions. Each has operators of its own, see fields.ts. */
export type SearchScope = 'messages' | 'sessions';

/** The beginning of a word, e.g. `rese`; where it has marks inside (`ann@ex`), words in sequence. */
export interface WordTerm {
  type: 'word';
  text: string;
}

/** Whole words in sequence, e.g. `"reset your password"`. */
export interface PhraseTerm {
  type: 'phrase';
  text: string;
}

/** An operator with its value, e.g. `from:ann`. */
export interface FieldTerm {
  type: 'field';
  /** A name of the table in fields.ts. */
  field: string;
  /** The header field's name, of `header.NAME:`; else null. */
  header: string | null;
  value: string;
}

export type Term = WordTerm | PhraseTerm | FieldTerm;

export interface AndQuery {
  type: 'and';
  of: Query[];
}
export interface OrQuery {
  type: 'or';
  of: Query[];
}
export interface NotQuery {
  type: 'not';
  of: Query;
}

/** Lists have two members at least and none of their own type; a `not` holds no `not`. */
export type Query = Term | AndQuery | OrQuery | NotQuery;

function join(type: 'and' | 'or', parts: Query[]): Query {
  const of = parts.flatMap((part) => (part.type === type ? part.of : [part]));
  return of.length === 1 ? of[0]! : { type, of };
}

/** All of one or more. */
export const and = (parts: Query[]): Query => join('and', parts);
/** Any of one or more. */
export const or = (parts: Query[]): Query => join('or', parts);
export const not = (of: Query): Query => (of.type === 'not' ? of.of : { type: 'not', of });

/** Whether a query is true of something, given how to judge a term. */
export function holds(query: Query, judge: (term: Term) => boolean): boolean {
  switch (query.type) {
    case 'and':
      return query.of.every((part) => holds(part, judge));
    case 'or':
      return query.of.some((part) => holds(part, judge));
    case 'not':
      return !holds(query.of, judge);
    default:
      return judge(query);
  }
}

/** The terms from left to right. */
export function termsOf(query: Query): Term[] {
  if (query.type === 'and' || query.type === 'or') return query.of.flatMap(termsOf);
  return query.type === 'not' ? termsOf(query.of) : [query];
}
