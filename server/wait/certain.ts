// What a search asks that is the same for the whole of a session and for the part of it that an inbox has.
import { and, or, termsOf, type Query, type Term } from '../../shared/search/query.ts';

const ofParts = new Set(['from', 'rcpt', 'code']);

/** Whether the answer may be another one for a part of a session than for all of it. */
const isUncertain = (term: Term): boolean =>
  term.type !== 'field' || ofParts.has(term.field) || term.value === 'message';

/** A search that finds all that the query finds in any part; null: all. */
export function certainOf(query: Query): Query | null {
  if (query.type === 'and') {
    const parts = query.of.flatMap((part) => certainOf(part) ?? []);
    return parts.length === 0 ? null : and(parts);
  }
  if (query.type === 'or') {
    const parts = query.of.flatMap((part) => certainOf(part) ?? []);
    return parts.length < query.of.length ? null : or(parts);
  }
  return termsOf(query).some(isUncertain) ? null : query;
}

export const asksCodes = (query: Query | null): boolean =>
  query !== null && termsOf(query).some((term) => term.type === 'field' && term.field === 'code');
export const asksOfParts = (query: Query): boolean => termsOf(query).some(isUncertain);
