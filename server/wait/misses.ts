// How near something came to a query: which parts of it held, and what was found where one did not.
import { formatSearch } from '../../shared/search/format-search.ts';
import type { Query, Term } from '../../shared/search/query.ts';
import type { FailedTerm, Miss } from '../../shared/wait.ts';
import type { Search } from './parts.ts';

/** One that may have come near: how to judge a part of the query, and how to say what is there instead. */
export interface Candidate {
  id: string;
  title: string;
  pending: boolean;
  holds(part: Query): boolean;
  explain(term: Term): string;
}

/** What has to hold together; of alternatives those of the one that came nearest. */
function partsOf(query: Query | null, { holds }: Candidate): Query[] {
  if (query === null) return [];
  if (query.type !== 'or') return query.type === 'and' ? query.of : [query];
  const failing = (parts: Query[]): number => parts.filter((part) => !holds(part)).length;
  return query.of
    .map((one) => (one.type === 'and' ? one.of : [one]))
    .reduce((best, parts) => (failing(parts) < failing(best) ? parts : best));
}

function explainPart(part: Query, candidate: Pick<Candidate, 'explain' | 'holds'>): string {
  const { explain, holds } = candidate;
  switch (part.type) {
    case 'not': {
      const { of } = part;
      const isTerm = of.type !== 'and' && of.type !== 'or' && of.type !== 'not';
      return `It is so, and must not be. ${isTerm ? explain(of) : ''}`.trim();
    }
    case 'or':
    case 'and':
      return [
        ...new Set(
          part.of
            .filter((one) => !holds(one))
            .slice(0, 3)
            .map((one) => explainPart(one, candidate)),
        ),
      ].join(' ');
    default:
      return explain(part);
  }
}

function placeOf(part: Query, places: Search['places']): { start: number; end: number } | undefined {
  const own = places.get(part);
  if (own || (part.type !== 'or' && part.type !== 'and')) return own;
  const inner = part.of.flatMap((one) => placeOf(one, places) ?? []);
  return inner.length === 0
    ? undefined
    : { start: Math.min(...inner.map(({ start }) => start)), end: Math.max(...inner.map(({ end }) => end)) };
}

function failedTerm(part: Query, search: Search, candidate: Candidate): FailedTerm {
  const place = placeOf(part, search.places) ?? { start: 0, end: search.text.length };
  const term = search.text.slice(place.start, place.end) || formatSearch(part);
  return { term, ...place, text: explainPart(part, candidate).slice(0, 1000) };
}

export function missOf(search: Search, candidate: Candidate): Miss {
  const parts = partsOf(search.query, candidate);
  const failed = parts.filter((part) => !candidate.holds(part));
  return {
    id: candidate.id,
    title: candidate.title,
    held: parts.length - failed.length,
    of: parts.length,
    failed: failed.slice(0, 20).map((part) => failedTerm(part, search, candidate)),
    pending: candidate.pending,
  };
}

/** Those that failed in the fewest parts; of equals the newest, which come first. */
export const nearest = (misses: Miss[], most: number): Miss[] =>
  misses
    .filter(({ failed }) => failed.length > 0)
    .toSorted((a, b) => b.held - a.held)
    .slice(0, most);
