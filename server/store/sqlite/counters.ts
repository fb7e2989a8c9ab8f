// Running numbers and totals: held in memory by the writer, written in the transaction that changes them.
import { freePages, type Connection } from './connection.ts';

const names = [
  'messages',
  'unread',
  'sessions',
  'messageBytes',
  'transcriptBytes',
  'eventSeq',
  'sessionSeq',
  /** 1: a purge is under way, and until the full-text tables are rid of its words. */
  'unmerged',
  /** 1: pages that were free when it began may hold what it removes. */
  'uncleared',
  /** So many of the free pages hold nothing: when a purge ended there were as many, and never fewer since. */
  'cleared',
  /** Inboxes besides the default one. */
  'inboxes',
] as const;

export type Counters = Record<(typeof names)[number], number>;

export function loadCounters({ sql }: Connection): Counters {
  const counters = Object.fromEntries(names.map((name) => [name, 0])) as Counters;
  for (const row of sql<{ name: keyof Counters; value: number }>('SELECT name, value FROM counter').all()) {
    if (row.name in counters) counters[row.name] = row.value;
  }
  return counters;
}

/** Writes those that differ from what was written before. */
export function saveCounters({ sql }: Connection, written: Counters, counters: Counters): void {
  for (const name of names) {
    if (written[name] === counters[name]) continue;
    sql(
      'INSERT INTO counter (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
    ).run(name, counters[name]);
  }
}

/** What is known of the free pages, at the end of a transaction. */
export function noteFreePages(connection: Connection, counters: Counters): void {
  const { unmerged, uncleared, cleared } = counters;
  if (uncleared === 1 || (unmerged === 0 && cleared === 0)) return;
  const free = freePages(connection);
  counters.cleared = unmerged === 1 ? free : Math.min(cleared, free);
}
