// Conditions for one inbox, and what a change means for each inbox.
import { defaultInbox, inboxNameForm } from '../../../shared/inbox-name.ts';
import { emptyByInbox, type ByInbox } from '../../../shared/inbox-view.ts';
import type { Connection } from '../sqlite/connection.ts';
import type { Writing } from '../sqlite/writing.ts';

/** Null: all inboxes. */
export type OneInbox = string | null;

/** A condition on message_inbox, and what is bound to it besides what its statement binds by place. */
export const inInbox = (inbox: OneInbox): { condition: string; bound: { inbox: string }[] } =>
  inbox === null ? { condition: 'TRUE', bound: [] } : { condition: 'inbox = @inbox', bound: [{ inbox }] };

/** The rows of what is listed, where these are looked through by seq. */
export const listedRows = 'message_inbox INDEXED BY message_inbox_listed';

/** The oldest message that is listed, by its seq: all before were deleted, and may be very many. */
export const oldestListed = `(SELECT coalesce(min(seq), 0) FROM ${listedRows} WHERE deleted_us IS NULL)`;

/**
 * The same for statements that are put together anew each time and bind by place. Names have no other characters than
 * those of their form, so that there is nothing to quote.
 */
export function inInboxLiteral(inbox: OneInbox): string {
  if (inbox === null) return 'TRUE';
  return inboxNameForm.test(inbox) ? `inbox = '${inbox}'` : 'FALSE';
}

/**
 * Takes those out of temp.selection that are in an inbox, listed or still to be taken back. Looked up one by one: an IN
 * would read the whole table.
 */
export const deselectKept = ({ sql }: Writing): unknown =>
  sql(
    'DELETE FROM temp.selection WHERE EXISTS (SELECT 1 FROM message_inbox i WHERE i.seq = selection.seq)',
  ).run();

/** A condition on a session's seq. */
export function sessionInInbox(column: string, inbox: OneInbox): { text: string; values: string[] } {
  if (inbox === null) return { text: 'TRUE', values: [] };
  const own = `${column} IN (SELECT session FROM session_inbox WHERE inbox = ?)`;
  const none = `NOT EXISTS (SELECT 1 FROM session_inbox o WHERE o.session = ${column})`;
  return { text: inbox === defaultInbox ? `(${own} OR ${none})` : own, values: [inbox] };
}

type Row = { id: string; inbox: string };

function gather(rows: Row[], isLimited: boolean): ByInbox<string[]> | undefined {
  if (rows.length === 0 || (!isLimited && rows.every(({ inbox }) => inbox === defaultInbox)))
    return undefined;
  const byInbox = emptyByInbox<string[]>();
  for (const { id, inbox } of rows) (byInbox[inbox] ??= []).push(id);
  return byInbox;
}

/** For the event of a change: the selected messages by inbox; nothing where the default one has all of them. */
export function selectedByInbox(
  { sql, counters }: Writing,
  which: 'live' | 'restorable',
  inbox: OneInbox = null,
): { byInbox?: ByInbox<string[]> } {
  if (counters.inboxes === 0) return {};
  const { condition, bound } = inInbox(inbox);
  const state = which === 'live' ? 'deleted_us IS NULL' : 'deleted_us > 0';
  const byInbox = gather(
    sql<Row>(
      `SELECT id, inbox FROM temp.selection JOIN message_inbox USING (seq) JOIN message USING (seq)
       WHERE ${state} AND ${condition} ORDER BY seq`,
    ).all(...bound),
    inbox !== null,
  );
  return byInbox === undefined ? {} : { byInbox };
}

/** The same for sessions. */
export function selectedSessionsByInbox({ sql, counters }: Writing): { byInbox?: ByInbox<string[]> } {
  if (counters.inboxes === 0) return {};
  const byInbox = gather(
    sql<Row>(
      `SELECT id, coalesce(i.inbox, 'default') AS inbox FROM temp.selection t JOIN session s USING (seq)
       LEFT JOIN session_inbox i ON i.session = t.seq ORDER BY t.seq`,
    ).all(),
    false,
  );
  return byInbox === undefined ? {} : { byInbox };
}

/** The marks of a message in each inbox, where it is in several. */
export function marksByInbox(
  { sql }: Connection,
  seq: number,
  inboxes: readonly string[],
): { byInbox?: ByInbox<{ read: boolean; pinned: boolean }> } {
  if (inboxes.length < 2) return {};
  const rows = sql<{ inbox: string; read: number; pinned: number }>(
    'SELECT inbox, read, pinned FROM message_inbox WHERE seq = ? AND deleted_us IS NULL',
  ).all(seq);
  return {
    byInbox: Object.fromEntries(
      rows.map(({ inbox, read, pinned }) => [inbox, { read: read === 1, pinned: pinned === 1 }]),
    ),
  };
}
