// The `query` of a call, read by the grammar that the search box has too.
import { MailscopeError } from '../../shared/errors.ts';
import { parseSearch } from '../../shared/search/parse-search.ts';
import type { Query, SearchScope } from '../../shared/search/query.ts';

/** Undefined where nothing is asked for. Throws `invalid_request` with the place of what is wrong. */
export function readQuery(text: string | undefined, scope: SearchScope): Query | undefined {
  if (text === undefined) return undefined;
  const parsed = parseSearch(text, scope);
  if (parsed.ok) return parsed.query ?? undefined;
  const { message, hint, start, end } = parsed.errors[0]!;
  throw new MailscopeError('invalid_request', message, { hint, details: { start, end } });
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
