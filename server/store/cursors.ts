// Cursors are opaque to callers and strictly parsed: exactly what was given out, or nothing.
import { MailscopeError } from '../../shared/errors.ts';
import { parseIsoTime } from '../../shared/iso-time.ts';

type Kind = 'm' | 's';

export const formatCursor = (kind: Kind, seq: number): string =>
  Buffer.from(`${kind}:${String(seq)}`).toString('base64url');

/** The seq below which the next page begins; without a cursor above all. */
export function seqOfCursor(kind: Kind, cursor: string | undefined): number {
  if (cursor === undefined) return Number.MAX_SAFE_INTEGER;
  const text = Buffer.from(cursor.slice(0, 64), 'base64url').toString('latin1');
  const digits = /^([ms]):([1-9]\d{0,14})$/.exec(text);
  if (digits?.[1] === kind && formatCursor(kind, Number(digits[2])) === cursor) return Number(digits[2]);
  throw new MailscopeError('invalid_request', 'The cursor is not one that this list gave out.', {
    hint: 'Leave it out to start with the first page, then pass on `nextCursor` unchanged.',
  });
}

/** Where to go on in the log of events. */
export type EventPosition =
  { kind: 'start' } | { kind: 'seq'; seq: number } | { kind: 'time'; atUs: number } | { kind: 'foreign' };

export function eventPosition(storeId: string, since: string | undefined): EventPosition {
  if (since === undefined) return { kind: 'start' };
  const cursor = /^([A-Za-z0-9]{1,64})\.(\d{1,15})$/.exec(since);
  if (cursor !== null)
    return cursor[1] === storeId ? { kind: 'seq', seq: Number(cursor[2]) } : { kind: 'foreign' };
  const time = parseIsoTime(since);
  if (time !== undefined) return { kind: 'time', atUs: time * 1000 };
  throw new MailscopeError('invalid_request', '`since` is neither a cursor of an event nor an ISO time.', {
    hint: 'Use `cursor` or `next` of an answer, or a time such as 2026-01-31T12:00:00Z.',
  });
}
