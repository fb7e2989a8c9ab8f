// Running numbers and totals: held in memory by the writer, written in the transaction that changes them.
import type { Connection } from './connection.ts';

const names = [
  'messages',
  'unread',
  'sessions',
  'messageBytes',
  'transcriptBytes',
  'eventSeq',
  'sessionSeq',
  /** 1: words of purged messages may still be in the full-text table. */
  'unmerged',
  /** 1: pages that were free at the last purge may hold what it removed. */
  'uncleared',
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
