// Where a wait begins: behind an event of the log, at a time, or with everything that is stored.
import { MailscopeError } from '../../shared/errors.ts';
import { parseIsoTime } from '../../shared/iso-time.ts';
import type { WaitParts } from './parts.ts';

export type After = { kind: 'start' } | { kind: 'seq'; seq: number } | { kind: 'time'; atUs: number };

const storeOf = (cursor: string): string => cursor.slice(0, cursor.lastIndexOf('.'));
const seqOf = (cursor: string): number => Number(cursor.slice(cursor.lastIndexOf('.') + 1));

/** Of two cursors of one store. */
export const laterOf = (cursor: string, other: string | undefined): string =>
  other !== undefined && seqOf(other) > seqOf(cursor) ? other : cursor;

const invalid = (message: string, hint: string): MailscopeError =>
  new MailscopeError('invalid_request', message, { hint, details: [{ path: 'after', problem: message }] });

/** Throws `invalid_request` for a cursor of another store, and for what is neither a cursor nor a time. */
export function readAfter(text: string | undefined, current: string): After {
  if (text === undefined) return { kind: 'start' };
  const cursor = /^([A-Za-z0-9]{1,64})\.(\d{1,15})$/.exec(text);
  if (cursor !== null) {
    const seq = Number(cursor[2]);
    if (cursor[1] === storeOf(current) && seq <= seqOf(current)) return { kind: 'seq', seq };
    throw invalid(
      'The cursor in `after` is not one of this store.',
      'Mailscope was started anew in memory or with another data folder. Take the Mailscope-Cursor header of a new answer.',
    );
  }
  // A plus sign that was not escaped arrives as a blank.
  const time = text.replace(/ (?=\d{2}:\d{2}$)/, '+');
  const ms = parseIsoTime(time);
  if (ms !== undefined) {
    const fraction = /\.(\d{1,9})/.exec(time)?.[1] ?? '';
    return { kind: 'time', atUs: ms * 1000 + Number(fraction.padEnd(6, '0').slice(3, 6)) };
  }
  throw invalid(
    '`after` is neither a cursor nor an ISO time.',
    'Use the Mailscope-Cursor header of an answer, or a time with its zone such as 2026-01-31T12:00:00Z.',
  );
}

const tooOld = (): MailscopeError =>
  invalid(
    'The log of events no longer reaches back to `after`.',
    'Take the Mailscope-Cursor header of a newer answer.',
  );

const sinceOf = (after: After, store: string): string | undefined => {
  if (after.kind === 'start') return undefined;
  return after.kind === 'seq'
    ? `${store}.${after.seq}`
    : new Date(Math.floor(after.atUs / 1000)).toISOString();
};

/** Pages of the log from there on, until `take` says that it is enough. */
export async function readLog(
  store: WaitParts['store'],
  after: After,
  take: (events: Awaited<ReturnType<WaitParts['store']['readEvents']>>['items']) => boolean,
): Promise<void> {
  let since = sinceOf(after, storeOf(store.cursor()));
  for (;;) {
    const { items, next, reset } = await store.readEvents(since, 500);
    if (reset) throw tooOld();
    if (items.length === 0 || take(items)) return;
    since = next;
    // In memory a page is read at once; others want their turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The time of `after`, for what has no place in the log. */
export async function timeOf(store: WaitParts['store'], after: After): Promise<number | null> {
  if (after.kind !== 'seq') return after.kind === 'time' ? after.atUs : null;
  if (after.seq === 0) return 0;
  const { items } = await store.readEvents(`${storeOf(store.cursor())}.${after.seq - 1}`, 1);
  return items[0] ? Date.parse(items[0].at) * 1000 : 0;
}
