// The log of what changed: written in the transaction of the change, with contiguous numbers.
import type { DurableEvents, DurableEventType } from '../../../shared/events.ts';
import { defaultInbox } from '../../../shared/inbox-name.ts';
import type { EventPosition } from '../cursors.ts';
import type { StoredEvent } from '../event-log.ts';
import type { Connection } from '../sqlite/connection.ts';
import { loadCounters } from '../sqlite/counters.ts';
import type { Writing } from '../sqlite/writing.ts';
import { onSoundEvents } from './event-repair.ts';
import type { OneInbox } from './in-inbox.ts';

/**
 * Events that are kept: the log of a store of few messages is not to be much larger than they are. A message has about
 * four in its life.
 */
const fewest = 20_000;
const most = 100_000;
const ofMessage = 4;
/** Pruning goes in steps of so many, so that not each event pays for it. */
const pruneStep = 1000;
/** The most that go at once, where the messages have become fewer. */
const mostPruned = 2 * pruneStep;

export function appendEvent<T extends DurableEventType>(
  writing: Writing,
  type: T,
  payload: DurableEvents[T],
): void {
  appendEventText(writing, type, JSON.stringify(payload));
}

export function appendEventText(writing: Writing, type: DurableEventType, payload: string): void {
  writing.counters.eventSeq += 1;
  const { eventSeq: seq } = writing.counters;
  const { atUs } = writing;
  writing
    .sql('INSERT INTO event (seq, at_us, type, payload) VALUES (?, ?, ?, ?)')
    .run(seq, atUs, type, payload);
  if (seq % pruneStep === 0) pruneEvents(writing);
  writing.events.push({ seq, atUs, type, payload });
}

/** The last one of a summary as JSON; within a text its quotes would be escaped. */
const firstMail = ',"firstMail":';

/** The log stays when a session is deleted: it does not say from whom to whom its mail went. */
export function announceClosed(writing: Writing, summary: string): void {
  const at = summary.lastIndexOf(firstMail);
  const told = at < 0 ? summary : `${summary.slice(0, at)}}`;
  appendEventText(writing, 'session:closed', `{"session":${told}}`);
}

/** One step. Returns whether there was anything to prune. */
export function pruneEvents(writing: Writing): boolean {
  const { eventSeq, messages } = writing.counters;
  const kept = Math.min(most, Math.max(fewest, ofMessage * messages));
  const prune = writing.sql('DELETE FROM event WHERE seq <= min(?, (SELECT min(seq) FROM event) + ?)');
  return onSoundEvents(writing, () => prune.run(eventSeq - kept, mostPruned - 1).changes > 0);
}

/**
 * Of an inbox most events of a large log say nothing; those that may are told by its name. Of the default one nearly all
 * do, without naming it.
 */
const naming = `AND (instr(payload, ?) > 0 OR instr(payload, '"ids":null') > 0)`;

/** The events after a position. `reset`: they are not all there any more, or never were. */
export function readEvents(
  connection: Connection,
  { after, limit, inbox }: { after: EventPosition; limit: number; inbox: OneInbox },
): { items: StoredEvent[]; nextSeq: number; reset: boolean } {
  const last = loadCounters(connection).eventSeq;
  const oldest = connection
    .sql<{ seq: number; atUs: number }>('SELECT seq, at_us AS atUs FROM event ORDER BY seq LIMIT 1')
    .get() ?? { seq: last + 1, atUs: 0 };
  const pruned = oldest.seq > 1;
  let from: number;
  if (after.kind === 'start') from = oldest.seq;
  else if (after.kind === 'seq') from = after.seq + 1;
  else if (after.kind === 'time') {
    const found = connection.sql<{ seq: number }>(
      'SELECT seq FROM event WHERE at_us >= ? ORDER BY at_us, seq LIMIT 1',
    );
    from = pruned && after.atUs < oldest.atUs ? 0 : (found.get(after.atUs)?.seq ?? last + 1);
  } else from = 0;
  if (from < oldest.seq || from > last + 1) return { items: [], nextSeq: last, reset: true };
  const isNamed = inbox !== null && inbox !== defaultInbox;
  const items = connection
    .sql<StoredEvent>(
      `SELECT seq, at_us AS atUs, type, payload FROM event WHERE seq >= ? ${isNamed ? naming : ''} ORDER BY seq LIMIT ?`,
    )
    .all(from, ...(isNamed ? [`"${inbox}"`] : []), limit);
  const nextSeq = isNamed && items.length < limit ? last : (items.at(-1)?.seq ?? last);
  return { items, nextSeq, reset: false };
}
