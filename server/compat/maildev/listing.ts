// maildev's lists: oldest first, filtered by any field of what they show.
import { and, or, type Query } from '../../../shared/search/query.ts';
import type { Message } from '../../../shared/message.ts';
import type { CompatParts } from '../parts.ts';
import { readAll, summaries } from '../reading.ts';
import { timeOf } from './email.ts';

interface Entry {
  id: string;
  time: number;
}

/** All that match, in order of arrival, or by their time where that is asked for. */
export async function listIds(
  parts: CompatParts,
  { query, sort }: { query?: Query; sort?: string | null } = {},
): Promise<string[]> {
  const found: Entry[] = [];
  for await (const summary of summaries(parts, query))
    found.push({ id: summary.id, time: Date.parse(timeOf(summary)) });
  found.reverse();
  if (sort === 'asc') found.sort((a, b) => a.time - b.time);
  if (sort === 'desc') found.sort((a, b) => b.time - a.time);
  return found.map(({ id }) => id);
}

/** `from.address` of an email: what stands there, of each member of a list. */
function lookUp(value: unknown, path: string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((member) => lookUp(member, path));
  if (path.length === 0) return [value];
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, path[0]!)) return [];
  return lookUp((value as Record<string, unknown>)[path[0]!], path.slice(1));
}

export interface Wanted {
  filters: [path: string, value: string][];
  skip: number;
  /** Null: all. */
  limit: number | null;
}

export async function* listEmails(
  parts: CompatParts,
  ids: string[],
  { filters, skip, limit }: Wanted,
  show: (message: Message) => Promise<Record<string, unknown>>,
): AsyncGenerator<Record<string, unknown>> {
  // Without filters the rest need not be read.
  const end = limit === null ? undefined : skip + limit;
  let [place, shown] = [0, 0];
  for await (const message of readAll(parts, filters.length === 0 ? ids.slice(skip, end) : ids)) {
    const email = await show(message);
    if (
      !filters.every(([path, value]) =>
        lookUp(email, path.split('.').slice(0, 8)).some((one) => String(one) === value),
      )
    )
      continue;
    place += 1;
    if (filters.length > 0 && place <= skip) continue;
    if (limit !== null && shown >= limit) return;
    shown += 1;
    yield email;
  }
}

const field = (name: string, value: string): Query => ({ type: 'field', field: name, header: null, value });

/** Undefined: everything. */
export function summaryQuery(search: string, unread: boolean): Query | undefined {
  const text = search.trim().slice(0, 1000);
  const wanted: Query[] = [];
  if (unread) wanted.push(field('is', 'unread'));
  if (text !== '')
    wanted.push(
      or([
        ...['subject', 'to', 'cc', 'body'].map((name) => field(name, text)),
        { type: 'field', field: 'header', header: 'from', value: text },
      ]),
    );
  return wanted.length === 0 ? undefined : and(wanted);
}
