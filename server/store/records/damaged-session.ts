// What is stored of a session, read back; what damage has taken is put together from the other columns, as far as it can be.
import { defaultInbox } from '../../../shared/inbox-name.ts';
import type { Session, SessionSummary } from '../../../shared/session.ts';
import type { Transaction } from '../../../shared/transaction.ts';
import { isoOf } from '../../clock.ts';
import type { Connection } from '../sqlite/connection.ts';
import { damagedText, readJson } from '../sqlite/damage.ts';
import type { factsOf } from './encode-session.ts';

/** Where the row of a session is: that of a deleted one is apart. */
export type SessionTable = 'session' | 'session_deleted';
type Facts = ReturnType<typeof factsOf>;

export const readSummary = (
  connection: Connection,
  seq: number,
  text: string,
  table: SessionTable = 'session',
): SessionSummary =>
  readJson(text, () => {
    const instead = summaryOfColumns(connection, seq, table);
    return { instead, what: `the summary of session ${instead.id}` };
  });

interface Columns extends Pick<SessionSummary, 'id' | 'outcome' | 'listener' | 'clientName' | 'user'> {
  openedUs: number;
  closedUs: number | null;
  peer: string;
}

function summaryOfColumns({ sql }: Connection, seq: number, table: SessionTable): SessionSummary {
  const { openedUs, closedUs, peer, ...columns } = sql<Columns>(
    `SELECT id, opened_us AS openedUs, closed_us AS closedUs, outcome, listener, peer, client_name AS clientName, user
     FROM ${table} WHERE seq = ?`,
  ).get(seq)!;
  const ids = sql<{ id: string }>(
    `SELECT message_id AS id FROM smtp_transaction
     WHERE session = ? AND outcome = 'stored' AND message_id IS NOT NULL ORDER BY n`,
  ).all(seq);
  const inboxes = sql<{ inbox: string }>(
    'SELECT inbox FROM session_inbox WHERE session = ? ORDER BY inbox',
  ).all(seq);
  const text = `How it ended, TLS, and the counts are not known ${damagedText}.`;
  return {
    ...columns,
    openedAt: isoOf(openedUs),
    openedAtUs: openedUs,
    closedAt: closedUs === null ? null : isoOf(closedUs),
    durationUs: closedUs === null ? null : closedUs - openedUs,
    peer: { address: peer, port: 0 },
    local: { address: '', port: 0 },
    ...{ tls: null, mechanism: null, commands: 0, bytesIn: 0, bytesOut: 0, anomalies: 0 },
    messageIds: ids.slice(0, 100).map(({ id }) => id),
    messages: ids.length,
    inboxes: inboxes.length === 0 ? [defaultInbox] : inboxes.map(({ inbox }) => inbox),
    ended: closedUs === null ? null : { by: 'server', how: 'error', phase: 'plain', text },
  };
}

/** With a sentence for those who look at how it ended, where nothing of it can be had. */
export function readFacts(
  { sql }: Connection,
  seq: number,
  text: string,
  summary: SessionSummary,
): Facts & Pick<Session, 'ended'> {
  let { ended } = summary;
  const facts = readJson<Facts>(text, () => {
    const said = `What was offered, its logins and its handshakes are not known ${damagedText}.`;
    ended &&= { ...ended, text: `${ended.text} ${said}` };
    const last = sql<{ line: number | null }>(
      'SELECT max(last_line) AS line FROM transcript WHERE session = ?',
    );
    const instead: Facts = {
      ...{ proxy: null, socketPeer: summary.peer, xclient: [], ehlo: [], handshakes: [], auth: [] },
      ...{ anomalyList: [], lines: (last.get(seq)?.line ?? -1) + 1, truncated: true },
    };
    return { instead, what: `a part of session ${summary.id}` };
  });
  return { ...facts, ended };
}

interface TransactionRow {
  n: number;
  outcome: Transaction['outcome'];
  mailFrom: string;
  code: number | null;
  messageId: string | null;
  record: string;
}

/** The first ones, or all. */
export const readTransactions = ({ sql }: Connection, session: number, limit = -1): Transaction[] =>
  sql<TransactionRow>(
    `SELECT n, outcome, mail_from AS mailFrom, reply_code AS code, message_id AS messageId, record
     FROM smtp_transaction WHERE session = ? ORDER BY n LIMIT ?`,
  )
    .all(session, limit)
    .map((row) => readTransaction(row, session));

const readTransaction = (row: TransactionRow, session: number): Transaction =>
  readJson(row.record, () => {
    const { n, outcome, mailFrom, code, messageId } = row;
    const address = { params: [], line: 0, reply: null };
    return {
      instead: {
        ...{ n, outcome, messageId, firstLine: 0, lastLine: null, data: null },
        from: { address: mailFrom, ...address },
        recipients: [{ address: damagedText, ...address }],
        recipientCount: 1,
        reply: code === null ? null : { code, enhanced: null, text: damagedText },
      },
      what: `transaction ${String(n)} of the session with the number ${String(session)}`,
    };
  });
