// A search as the terms that must all be true: what filter chips switch and an empty result offers to leave out.
import { formatSearch } from '../../shared/search/format-search.ts';
import { parseSearch } from '../../shared/search/parse-search.ts';
import { and, type Query, type SearchScope } from '../../shared/search/query.ts';

/** Each as its canonical text; null where the search cannot be read. */
export function termsOfSearch(text: string, scope: SearchScope): string[] | null {
  const parsed = parseSearch(text, scope);
  if (!parsed.ok) return null;
  return partsOf(parsed.query).map(formatSearch);
}

const partsOf = (query: Query | null): Query[] =>
  query === null ? [] : query.type === 'and' ? query.of : [query];

/** The search without one of its terms. */
export function withoutTerm(text: string, term: string, scope: SearchScope): string {
  const parsed = parseSearch(text, scope);
  if (!parsed.ok) return text;
  const kept = partsOf(parsed.query).filter((part) => formatSearch(part) !== term);
  return kept.length === 0 ? '' : formatSearch(and(kept));
}

/** The search with a term, or without it where it has it. One that cannot be read is replaced. */
export function toggleTerm(text: string, term: string, scope: SearchScope): string {
  const terms = termsOfSearch(text, scope);
  if (terms === null) return term;
  if (terms.includes(term)) return withoutTerm(text, term, scope);
  const parsed = parseSearch(text, scope);
  const added = parseSearch(term, scope);
  if (!parsed.ok || !added.ok || added.query === null) return text;
  return formatSearch(and([...partsOf(parsed.query), added.query]));
}

/** An operator with its value, quoted where it must be. */
export const fieldTerm = (field: string, value: string): string =>
  formatSearch({ type: 'field', field, header: null, value });
