// What was deleted and could still come back, and is not to any more: its inbox ends, or somebody purges.
import type { Writing } from '../sqlite/writing.ts';
import { leave, soundSummary } from './session-inboxes.ts';
import { isSelected, type SessionStep } from './session-selection.ts';

export interface ForgetDeleted extends SessionStep {
  /** Those above this seq. */
  after: number;
}

/** So many times the limit are looked at in a step: most of them are often of other inboxes. */
const lookedAt = 8;

/** One step. Gives where the next one goes on; null: nothing is left. */
export function forgetDeleted(writing: Writing, step: ForgetDeleted): number | null {
  const { which, limit, inbox, after } = step;
  const { sql } = writing;
  const { text, values } = isSelected(which, 'id');
  const some = sql<{ seq: number }>(
    `SELECT seq FROM session_deleted WHERE deleted_us > 0 AND seq > ? AND ${text} ORDER BY seq LIMIT ?`,
  )
    .all(after, ...values, lookedAt * limit)
    .map(({ seq }) => seq);
  const seqs = JSON.stringify(some);
  if (inbox === null)
    sql('UPDATE session_deleted SET deleted_us = 0 WHERE seq IN (SELECT value FROM json_each(?))').run(seqs);
  else forgetIn(writing, inbox, seqs);
  if (some.length === lookedAt * limit) return some.at(-1)!;
  return inbox !== null && forgetLeft(writing, step, inbox) ? Number.MAX_SAFE_INTEGER : null;
}

/** What others may still take back stays theirs. */
function forgetIn(writing: Writing, inbox: string, seqs: string): void {
  const { sql } = writing;
  const own = sql<{ seq: number }>(
    `SELECT seq FROM session_deleted WHERE seq IN (SELECT value FROM json_each(?))
       AND EXISTS (SELECT 1 FROM json_each(${soundSummary}, '$.inboxes') WHERE value = ?)`,
  ).all(seqs, inbox);
  for (const { seq } of own) leave(writing, seq, inbox, 'session_deleted');
  sql('DELETE FROM session_left WHERE inbox = ? AND session IN (SELECT value FROM json_each(?))').run(
    inbox,
    seqs,
  );
  sql(
    `UPDATE session_deleted SET deleted_us = 0 WHERE seq IN (SELECT value FROM json_each(?))
       AND json_array_length(${soundSummary}, '$.inboxes') = 0
       AND NOT EXISTS (SELECT 1 FROM session_left l WHERE l.session = session_deleted.seq)`,
  ).run(seqs);
}

/** Of those that others have. True when there may be more. */
function forgetLeft({ sql }: Writing, { which, limit }: SessionStep, inbox: string): boolean {
  const { text, values } = isSelected(which, 's.id');
  const left = `SELECT l.session FROM session_left l JOIN session s ON s.seq = l.session WHERE l.inbox = ? AND ${text} LIMIT ?`;
  const { changes } = sql(`DELETE FROM session_left WHERE inbox = ? AND session IN (${left})`).run(
    ...[inbox, inbox, ...values, limit],
  );
  return changes === limit;
}
