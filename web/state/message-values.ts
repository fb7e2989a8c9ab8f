// What some messages have in common: their tags, and values to search for.
import type { MessageSummary } from '../../shared/message.ts';
import type { KnownValues } from './search.svelte.ts';

export interface TagState {
  tag: string;
  /** Which of the messages have it. */
  on: 'all' | 'some' | 'none';
}

/** The most used first. */
export function tagsOf(rows: readonly MessageSummary[]): string[] {
  const counts = new Map<string, number>();
  for (const { tags } of rows) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([tag]) => tag);
}

/** Of `count` messages, of which these rows are known. */
export function tagStatesOf(
  rows: readonly MessageSummary[],
  count: number,
  known: readonly string[],
): TagState[] {
  const having = new Map<string, number>();
  for (const { tags } of rows) for (const tag of tags) having.set(tag, (having.get(tag) ?? 0) + 1);
  return [...new Set([...known, ...having.keys()])].map((tag) => {
    const has = having.get(tag) ?? 0;
    return { tag, on: has === 0 ? 'none' : has === count ? 'all' : 'some' };
  });
}

const unique = (texts: readonly (string | null | undefined)[]): string[] =>
  [...new Set(texts)].filter((text) => text != null && text !== '') as string[];

/** What people attach; the rows do not say it. */
const attached = ['pdf', 'image', 'csv', 'zip', 'calendar', 'vcard', 'html', 'message/rfc822'];

export const valuesOf = (rows: readonly MessageSummary[]): KnownValues => ({
  attachment: attached,
  tag: tagsOf(rows),
  from: unique(rows.flatMap((row) => [row.from[0]?.address, row.mailFrom])),
  to: unique(rows.map((row) => row.to[0]?.address)),
  rcpt: unique(rows.flatMap((row) => row.rcptTo)),
  auth: unique(rows.map((row) => row.user)),
});
