// Sessions of several inboxes: one that leaves an inbox stays in the others, without what was of that inbox, which is
// kept for as long as it may come back.
import { emptyByInbox, ofInbox, type ByInbox } from '../../../shared/inbox-view.ts';
import type { SessionSummary } from '../../../shared/session.ts';
import type { Transaction } from '../../../shared/transaction.ts';
import { nowUs } from '../../clock.ts';
import { readSummary, readTransactions, type SessionTable } from '../records/damaged-session.ts';
import { readJson } from '../sqlite/damage.ts';
import type { Writing } from '../sqlite/writing.ts';
import { isSelected, type SessionStep } from './session-selection.ts';

/** What a session had in the inbox that it left. */
interface Left {
  session: number;
  inbox: string;
  /** JSON: the ids of its messages there, null where none are kept apart. */
  messages: string;
  /** JSON: the numbers of its transactions there. */
  transactions: string;
}

/**
 * Takes the selected sessions out of the inbox, and those that others have too out of the selection. Returns the ids of
 * all that were selected.
 */
export function leaveInbox(writing: Writing, inbox: string, { isForGood }: { isForGood: boolean }): string[] {
  const { sql } = writing;
  const ids = sql<{ id: string }>('SELECT id FROM session WHERE seq IN temp.selection ORDER BY seq').all();
  sql('DELETE FROM session_inbox WHERE inbox = ? AND session IN temp.selection').run(inbox);
  const shared = sql<{ seq: number }>(
    `SELECT seq FROM session WHERE seq IN temp.selection
       AND EXISTS (SELECT 1 FROM session_inbox o WHERE o.session = session.seq)`,
  ).all();
  for (const { seq } of shared) {
    const left = leave(writing, seq, inbox);
    if (!isForGood) keepLeft(writing, left);
    sql('DELETE FROM temp.selection WHERE seq = ?').run(seq);
  }
  return ids.map(({ id }) => id);
}

/** Takes all of the inbox out of a session. */
export function leave(
  writing: Writing,
  session: number,
  inbox: string,
  table: SessionTable = 'session',
): Left {
  const transactions: number[] = [];
  let messages: string[] | null = null;
  changeSummary(writing, session, table, ({ inboxes, inboxMessages, ...rest }) => {
    const { [inbox]: _, ...others } = inboxMessages ?? {};
    messages = ofInbox(inboxMessages ?? {}, inbox) ?? null;
    return {
      ...{ ...rest, inboxes: inboxes.filter((name) => name !== inbox) },
      ...(inboxMessages === undefined ? {} : { inboxMessages: others }),
    };
  });
  changeTransactions(writing, session, (transaction) => {
    if (!transaction.inboxes?.includes(inbox)) return undefined;
    transactions.push(transaction.n);
    return transaction.inboxes.filter((name) => name !== inbox);
  });
  return {
    ...{ session, inbox },
    messages: JSON.stringify(messages),
    transactions: JSON.stringify(transactions),
  };
}

const keepLeft = ({ sql }: Writing, { session, inbox, messages, transactions }: Left): unknown =>
  sql(
    `INSERT OR REPLACE INTO session_left (session, inbox, messages, transactions, left_us)
     VALUES (?, ?, ?, ?, ?)`,
  ).run(session, inbox, messages, transactions, nowUs());

/** JSON in any case. */
export const soundSummary = `iif(json_valid(summary), summary, '{}')`;

/** Takes the selected sessions out of all their inboxes, each of which may take that back. */
export function leaveAll(writing: Writing): void {
  const { sql } = writing;
  const rows = sql<{ seq: number; inbox: string }>(
    `SELECT seq, value AS inbox FROM session, json_each(${soundSummary}, '$.inboxes') WHERE seq IN temp.selection`,
  ).all();
  for (const { seq, inbox } of rows) keepLeft(writing, leave(writing, seq, inbox));
  sql('DELETE FROM session_inbox WHERE session IN temp.selection').run();
}

/** One step: those that left the inbox, or any, and that others still have. Returns their ids by inbox. */
export function rejoinInboxes(writing: Writing, { which, limit, inbox }: SessionStep): ByInbox<string[]> {
  const selected = isSelected(which, 's.id');
  const own = inbox === null ? { text: 'TRUE', values: [] } : { text: 'l.inbox = ?', values: [inbox] };
  return rejoinWhere(writing, `${selected.text} AND ${own.text} ORDER BY l.session LIMIT ?`, [
    ...selected.values,
    ...own.values,
    limit,
  ]);
}

/** The selected sessions, which are to have left the inbox. */
export const rejoinSelected = (writing: Writing, inbox: string): ByInbox<string[]> =>
  rejoinWhere(writing, 'l.inbox = ? AND l.session IN temp.selection', [inbox]);

function rejoinWhere(writing: Writing, those: string, values: (string | number)[]): ByInbox<string[]> {
  const rows = writing
    .sql<Left & { id: string }>(
      `SELECT s.id, l.session, l.inbox, l.messages, l.transactions
       FROM session_left l JOIN session s ON s.seq = l.session WHERE ${those}`,
    )
    .all(...values);
  const byInbox = emptyByInbox<string[]>();
  for (const { id, ...left } of rows) {
    rejoin(writing, left);
    (byInbox[left.inbox] ??= []).push(id);
  }
  return byInbox;
}

function rejoin(writing: Writing, left: Left): void {
  const { session, inbox } = left;
  const what = `what inbox ${inbox} had of the session with the number ${String(session)}`;
  const messages = readJson<string[] | null>(left.messages, () => ({ what, instead: null }));
  const transactions = readJson<number[]>(left.transactions, () => ({ what, instead: [] }));
  changeSummary(writing, session, 'session', ({ inboxes, inboxMessages, ...rest }) => ({
    ...{ ...rest, inboxes: withInbox(inboxes, inbox) },
    ...(inboxMessages === undefined
      ? {}
      : { inboxMessages: { ...inboxMessages, ...(messages === null ? {} : { [inbox]: messages }) } }),
  }));
  changeTransactions(writing, session, ({ n, inboxes = [] }) =>
    transactions.includes(n) ? withInbox(inboxes, inbox) : undefined,
  );
  const { sql } = writing;
  sql('INSERT OR IGNORE INTO session_inbox (inbox, session) VALUES (?, ?)').run(inbox, session);
  sql('DELETE FROM session_left WHERE session = ? AND inbox = ?').run(session, inbox);
}

const withInbox = (inboxes: readonly string[], inbox: string): string[] =>
  [...new Set([...inboxes, inbox])].sort();

function changeSummary(
  writing: Writing,
  session: number,
  table: SessionTable,
  change: (summary: SessionSummary) => SessionSummary,
): void {
  const { sql } = writing;
  const row = sql<{ summary: string }>(`SELECT summary FROM ${table} WHERE seq = ?`).get(session);
  if (row === undefined) return;
  const changed = change(readSummary(writing, session, row.summary, table));
  sql(`UPDATE ${table} SET summary = ? WHERE seq = ?`).run(JSON.stringify(changed), session);
}

/** Undefined: it stays as it is. */
function changeTransactions(
  writing: Writing,
  session: number,
  inboxesOf: (transaction: Transaction) => string[] | undefined,
): void {
  for (const transaction of readTransactions(writing, session)) {
    const { n } = transaction;
    const inboxes = inboxesOf(transaction);
    if (inboxes === undefined) continue;
    writing
      .sql('UPDATE smtp_transaction SET record = ? WHERE session = ? AND n = ?')
      .run(JSON.stringify({ ...transaction, inboxes }), session, n);
  }
}

/** One step: what left before the given time does not come back. */
export const purgeLeftStep = (
  { sql }: Writing,
  { beforeUs, limit }: { beforeUs: number; limit: number },
): number =>
  sql(
    `DELETE FROM session_left WHERE (session, inbox) IN
       (SELECT session, inbox FROM session_left WHERE left_us < ? LIMIT ?)`,
  ).run(beforeUs, limit).changes;
