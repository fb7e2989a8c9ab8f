// The `query` of a call, read by the grammar that the search box has too.
import { MailscopeError } from '../../shared/errors.ts';
import { parsePlacedSearch, type ParsedSearch } from '../../shared/search/parse-search.ts';
import type { Query, SearchScope } from '../../shared/search/query.ts';
import type { Search } from './parts.ts';

/** Undefined where nothing is asked for. Throws `invalid_request` with the place of what is wrong. */
export function readQuery(text: string | undefined, scope: SearchScope): Query | undefined {
  if (text === undefined) return undefined;
  return readSearch(text, scope).query ?? undefined;
}

/** The same with the places of its parts. `path` says where in a body it stands. */
export function readSearch(text = '', scope: SearchScope, path?: string): Search {
  const { parsed, places } = parsePlacedSearch(text, scope);
  if (parsed.ok) return { text, query: parsed.query, places };
  throw toError(parsed, path);
}

function toError({ errors }: Extract<ParsedSearch, { ok: false }>, path: string | undefined): MailscopeError {
  const { message, hint, start, end } = errors[0]!;
  const details = { start, end, ...(path === undefined ? {} : { path }) };
  return new MailscopeError('invalid_request', path === undefined ? message : `${path}: ${message}`, {
    hint,
    details,
  });
}

/** For changes: an empty query is more likely a mistake than a wish to change everything. */
export function readSelectingQuery(text: string): Query {
  const query = readQuery(text, 'messages');
  if (query !== undefined) return query;
  throw new MailscopeError('invalid_request', 'The query is empty.', {
    hint: 'For all messages give "all": true instead.',
    details: { start: 0, end: text.length },
  });
}
