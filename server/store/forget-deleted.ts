// What was deleted and could still come back, and is not to any more: its inbox ends, or somebody purges.
import { leave } from './session-inboxes.ts';
import { isSelected, type SessionStep } from './session-selection.ts';
import type { Writing } from './writing.ts';

/** One step. In one inbox what others may still take back stays theirs. Returns how many it was about. */
export function forgetDeleted(writing: Writing, { which, limit, inbox }: SessionStep): number {
  const { sql } = writing;
  const { text, values } = isSelected(which, 'd.id');
  const deleted = `FROM session_deleted d WHERE d.deleted_us > 0 AND ${text}`;
  const forget = (those: string, bound: string[]): number =>
    sql(
      `UPDATE session_deleted SET deleted_us = 0 WHERE seq IN (SELECT d.seq ${deleted} AND ${those} LIMIT ?)`,
    ).run(...values, ...bound, limit).changes;
  if (inbox === null) return forget('TRUE', []);

  const others = 'SELECT 1 FROM session_left l WHERE l.session = d.seq AND l.inbox <> ?';
  const isItsAlone = `json_extract(d.summary, '$.inboxes') = json_array(?) AND NOT EXISTS (${others})`;
  const own = forget(isItsAlone, [inbox, inbox]);
  const shared = sql<{ seq: number }>(
    `SELECT d.seq ${deleted} AND EXISTS (SELECT 1 FROM json_each(d.summary, '$.inboxes') WHERE value = ?) LIMIT ?`,
  ).all(...values, inbox, limit);
  for (const { seq } of shared) leave(writing, seq, inbox, 'session_deleted');
  const isMeant = ['session', 'session_deleted']
    .map((table) => `EXISTS (SELECT 1 FROM ${table} d WHERE d.seq = l.session AND ${text})`)
    .join(' OR ');
  const left = sql(
    `DELETE FROM session_left WHERE inbox = ? AND session IN (
       SELECT l.session FROM session_left l WHERE l.inbox = ? AND (${isMeant}) LIMIT ?)`,
  ).run(inbox, inbox, ...values, ...values, limit).changes;
  return Math.max(own, shared.length, left);
}
