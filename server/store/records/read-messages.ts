// Reads messages back: list rows, one message with its detail, and its body.
import type { FoundSummary } from '../../../shared/finding.ts';
import type { Message, MessageSummary } from '../../../shared/message.ts';
import { isoOf } from '../../clock.ts';
import type { Connection } from '../sqlite/connection.ts';
import { damagedText, readJson } from '../sqlite/damage.ts';
import { inInbox, listedRows, oldestListed, type OneInbox } from './in-inbox.ts';

type Json = string;

interface SummaryRow extends Omit<
  MessageSummary,
  'receivedAt' | 'inboxes' | 'rcptTo' | 'from' | 'to' | 'read' | 'pinned' | 'tags' | 'findings'
> {
  inboxes: Json;
  rcptTo: Json;
  from: Json;
  to: Json;
  read: number;
  pinned: number;
  tags: Json;
  /** Null: nothing was found. */
  findings: Json | null;
}

const columns = `m.id, m.seq, m.received_us AS receivedAtUs, (SELECT id FROM session WHERE id = m.session_id) AS sessionId, m.transaction_n AS "transaction",
  m.origin, i.inboxes, m.size, m.mail_from AS mailFrom, m.rcpt_to AS rcptTo, m.rcpt_count AS rcptCount,
  m.header_from AS "from", m.header_to AS "to", m.subject, m.snippet, m.date, m.attachments, m.tls, m.user,
  i.read, i.pinned, m.parse, m.findings, (SELECT json_group_array(tag) FROM message_tag t WHERE t.seq = m.seq) AS tags`;

/** A message is there as long as one inbox has it; it is read when it is read in all. In an inbox, as it is there. */
const liveIn = (condition: string): string =>
  `SELECT seq, json_group_array(inbox) AS inboxes, min(read) AS read, max(pinned) AS pinned
   FROM ${listedRows} WHERE deleted_us IS NULL AND ${condition}`;
const live = liveIn('TRUE');

const parsed = <T>(text: Json): T => JSON.parse(text) as T;

const unknownAddresses: Message['from'] = [{ name: damagedText, address: '' }];

function summaryOf(row: SummaryRow): MessageSummary {
  const read = <T>(text: Json, part: string, instead: T): T =>
    readJson(text, () => ({ instead, what: `${part} of message ${row.id}`, parseAgain: row.seq }));
  const { findings, ...values } = row;
  const found =
    findings === null ? null : read<FoundSummary | null>(findings, 'the number of findings', null);
  return {
    ...values,
    ...(found && { findings: found }),
    receivedAt: isoOf(row.receivedAtUs),
    // A number within a session that is gone says nothing.
    transaction: row.sessionId === null ? null : row.transaction,
    inboxes: parsed(row.inboxes),
    rcptTo: read(row.rcptTo, 'the list of recipients', [damagedText]),
    from: read(row.from, 'From', unknownAddresses),
    to: read(row.to, 'To', unknownAddresses),
    read: row.read === 1,
    pinned: row.pinned === 1,
    tags: parsed(row.tags),
  };
}

export interface ListMessages {
  below: number;
  limit: number;
  inbox: string | null;
}

export function listMessages(
  { sql }: Connection,
  { below, limit, inbox }: ListMessages,
): { items: MessageSummary[]; last: number | null } {
  const rows =
    inbox === null
      ? sql<SummaryRow>(
          `SELECT ${columns} FROM (${live} AND seq < ? GROUP BY seq ORDER BY seq DESC LIMIT ?) i
           JOIN message m USING (seq) ORDER BY i.seq DESC`,
        ).all(below, limit + 1)
      : sql<SummaryRow>(
          `SELECT ${columns} FROM (
             SELECT seq, json_array(inbox) AS inboxes, read, pinned FROM message_inbox INDEXED BY message_inbox_inbox
             WHERE inbox = ? AND seq < ? AND seq >= ${oldestListed} AND deleted_us IS NULL ORDER BY seq DESC LIMIT ?) i
           JOIN message m USING (seq) ORDER BY i.seq DESC`,
        ).all(inbox, below, limit + 1);
  const shown = rows.slice(0, limit).map(summaryOf);
  return { items: shown, last: rows.length > limit ? (shown.at(-1)?.seq ?? null) : null };
}

/** Newest first. */
export function summariesBySeq(
  { sql }: Connection,
  seqs: number[],
  inbox: OneInbox = null,
): MessageSummary[] {
  const { condition, bound } = inInbox(inbox);
  return sql<SummaryRow>(
    `SELECT ${columns} FROM (${liveIn(condition)} AND seq IN (SELECT value FROM json_each(?)) GROUP BY seq) i
     JOIN message m USING (seq) ORDER BY i.seq DESC`,
  )
    .all(JSON.stringify(seqs), ...bound)
    .map(summaryOf);
}

export function summaryBySeq(
  { sql }: Connection,
  seq: number,
  inbox: OneInbox = null,
): MessageSummary | null {
  const { condition, bound } = inInbox(inbox);
  const row = sql<SummaryRow>(
    `SELECT ${columns} FROM (${liveIn(condition)} AND seq = ? GROUP BY seq) i JOIN message m USING (seq)`,
  ).get(seq, ...bound);
  return row === undefined ? null : summaryOf(row);
}

/** An id or `latest`. */
const seqOf = ({ sql }: Connection, id: string, inbox: OneInbox): number | null =>
  (id === 'latest'
    ? sql<{ seq: number }>(
        `SELECT seq FROM ${listedRows} WHERE deleted_us IS NULL AND ${inInbox(inbox).condition}
         ORDER BY seq DESC LIMIT 1`,
      ).get(...inInbox(inbox).bound)
    : sql<{ seq: number }>('SELECT seq FROM message WHERE id = ?').get(id)
  )?.seq ?? null;

interface DetailRow {
  envelope: Json;
  /** All of To, without Cc; null until it is parsed. */
  to: Json | null;
  firstLine: number | null;
  lastLine: number | null;
  headers: Json | null;
  facts: Json | null;
  text: string | null;
  html: string | null;
}

const notParsed: Pick<
  Message,
  | 'cc'
  | 'bcc'
  | 'replyTo'
  | 'messageId'
  | 'headers'
  | 'structure'
  | 'attachmentList'
  | 'links'
  | 'codes'
  | 'unsubscribe'
  | 'problem'
> = {
  cc: [],
  bcc: [],
  replyTo: [],
  messageId: null,
  headers: [],
  structure: null,
  attachmentList: [],
  links: [],
  codes: [],
  unsubscribe: null,
  problem: null,
};

export function findMessage(
  connection: Connection,
  { id, inbox }: { id: string; inbox: OneInbox },
): Message | null {
  const seq = seqOf(connection, id, inbox);
  if (seq === null) return null;
  const summary = summaryBySeq(connection, seq, inbox);
  const row = connection
    .sql<DetailRow>(
      `SELECT envelope, d.header_to AS "to", first_line AS firstLine, last_line AS lastLine, headers, facts, text, html
       FROM message LEFT JOIN message_detail d USING (seq) WHERE seq = ?`,
    )
    .get(seq);
  if (summary === null || row === undefined) return null;
  const { firstLine: first, lastLine: last, text, html } = row;
  const damaged: string[] = [];
  const read = <T>(json: Json, part: string, instead: T, isDerived = true): T =>
    readJson(json, () => {
      damaged.push(part);
      return { instead, what: `${part} of message ${summary.id}`, ...(isDerived && { parseAgain: seq }) };
    });
  return {
    ...summary,
    ...notParsed,
    ...(row.facts === null ? {} : read<Partial<Message>>(row.facts, 'the list of parts', {})),
    ...(row.to === null ? {} : { to: read(row.to, 'To', summary.to) }),
    ...(row.headers === null ? {} : { headers: read<Message['headers']>(row.headers, 'the header', []) }),
    envelope: read(row.envelope, 'the envelope', envelopeOf(summary), false),
    ...(damaged.length === 0 ? {} : { problem: problemOf(damaged) }),
    lines: first === null || last === null || summary.sessionId === null ? null : { first, last },
    text,
    html,
  };
}

/** As far as a list row has it. */
function envelopeOf({ mailFrom, rcptTo }: MessageSummary): Message['envelope'] {
  const of = (address: string) => ({ address, params: [], line: 0, reply: null });
  return { from: of(mailFrom), to: rcptTo.map(of) };
}

const problemOf = (damaged: string[]): string =>
  `The database is damaged: of this message ${damaged.join(', ')} cannot be read. Its source is as it came.`;

export interface BodyRow {
  size: number;
  dots: Uint8Array | null;
  bdat: Json | null;
  /** Below the folder of bodies. */
  file: string | null;
  bytes: Uint8Array | null;
}

export function findBody(
  connection: Connection,
  { id, inbox }: { id: string; inbox: OneInbox },
): BodyRow | null {
  const seq = seqOf(connection, id, inbox);
  const { condition, bound } = inInbox(inbox);
  const row = connection
    .sql<BodyRow>(
      `SELECT size, dots, bdat, file, bytes FROM body WHERE seq = ?
           AND EXISTS (SELECT 1 FROM message_inbox i WHERE i.seq = body.seq AND deleted_us IS NULL AND ${condition})`,
    )
    .get(seq, ...bound);
  if (row === undefined) return null;
  const what = `the sizes of the BDAT chunks of message ${id}`;
  const isRead = row.bdat === null || readJson<unknown>(row.bdat, () => ({ instead: null, what })) !== null;
  return isRead ? row : { ...row, bdat: null };
}
