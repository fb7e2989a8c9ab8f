// Takes messages up in the search index, from what is stored of them.
import type { FoundSummary } from '../../../shared/finding.ts';
import type { Address, Attachment } from '../../../shared/message.ts';
import { spaceWords, wordsOf } from '../../../shared/search/fold.ts';
import {
  bodyText,
  messageTexts,
  paddedWords,
  searchedHeaders,
  wordTexts,
  type MessageTexts,
  type SearchableMessage,
} from '../../../shared/search/message-texts.ts';
import type { EnvelopeAddress } from '../../../shared/transaction.ts';
import { orInstead, readJson } from '../sqlite/damage.ts';
import type { Writing } from '../sqlite/writing.ts';
import { rowsOfMessage, stretchesOf } from './grams.ts';
import { jointWords } from './joints.ts';
import { pairsOf } from './pairs.ts';
import { messageCorpus } from './search-blocks.ts';
import { dropBlocks, dropSelectedBlocks } from './search-sealing.ts';
import { startsOf } from './starts.ts';

/** Bits of message_search.flags. */
export const messageFlags = {
  attachment: 1,
  html: 2,
  text: 4,
  problem: 8,
  tls: 16,
  auth: 32,
  finding: 128,
} as const;
/** One more: it is not parsed yet, and in no full-text table. */
const pending = 64;

interface StoredRow {
  seq: number;
  id: string;
  receivedAtUs: number;
  size: number;
  mailFrom: string;
  from: string;
  to: string;
  subject: string;
  tls: string | null;
  user: string | null;
  parse: string;
  findings: string | null;
  envelope: string;
  detailTo: string | null;
  headers: string | null;
  facts: string | null;
  text: string | null;
  html: string | null;
  sessionSeq: number | null;
}

const stored = `SELECT m.seq, m.id, m.received_us AS receivedAtUs, m.size, m.mail_from AS mailFrom, m.header_from AS "from",
    m.header_to AS "to", m.subject, m.tls, m.user, m.parse, m.findings, m.envelope, d.header_to AS detailTo, d.headers, d.facts,
    d.text, d.html, s.seq AS sessionSeq
  FROM message m LEFT JOIN message_detail d USING (seq) LEFT JOIN session s ON s.id = m.session_id WHERE m.seq = ?`;

interface Facts {
  cc?: Address[];
  bcc?: Address[];
  problem?: string | null;
  attachmentList?: Attachment[];
}

function searchable(row: StoredRow): SearchableMessage {
  const read = <T>(text: string, part: string, instead: T, isDerived = true): T =>
    readJson(text, () => ({
      ...{ instead, what: `${part} of message ${row.id}` },
      ...(isDerived && { parseAgain: row.seq }),
    }));
  const {
    cc = [],
    bcc = [],
    problem = null,
    attachmentList = [],
  } = read<Facts>(row.facts ?? '{}', 'the list of parts', {});
  const inCc = new Set(cc.map(({ address }) => address));
  const to = read<Address[]>(row.detailTo ?? row.to, 'To', []);
  const { to: recipients } = read<{ to: EnvelopeAddress[] }>(row.envelope, 'the envelope', { to: [] }, false);
  return {
    ...row,
    from: read<Address[]>(row.from, 'From', []),
    // A row for the list has To and Cc together.
    to: row.detailTo === null ? to.filter(({ address }) => !inCc.has(address)) : to,
    cc,
    bcc,
    recipients: recipients.map(({ address }) => address),
    headers: read<SearchableMessage['headers']>(row.headers ?? '[]', 'the header', []),
    attachments: attachmentList,
    problem,
    findings:
      row.findings === null
        ? undefined
        : read<FoundSummary | undefined>(row.findings, 'the number of findings', undefined),
    // What follows is looked up where it is kept.
    ...{ mechanism: null, clientName: null, sessionId: null, codes: [], anomalies: 0 },
    ...{ read: false, pinned: false, tags: [] },
  };
}

function flagsOf({ attachments, html, text, problem, tls, user, findings }: SearchableMessage): number {
  const has: Record<keyof typeof messageFlags, boolean> = {
    attachment: attachments.length > 0,
    html: html !== null,
    text: text !== null,
    problem: problem !== null,
    tls: tls !== null,
    auth: user !== null,
    finding: findings !== undefined,
  };
  return Object.entries(messageFlags).reduce(
    (sum, [name, bit]) => (has[name as keyof typeof messageFlags] ? sum + bit : sum),
    0,
  );
}

interface Entry {
  row: StoredRow;
  message: SearchableMessage;
  texts: MessageTexts;
  body: string;
  isParsed: boolean;
  /** It is in the full-text tables, with what it was parsed to before. */
  wasParsed: boolean;
}

/** What cannot be read is left out, or it would be in the way of all others. */
const readIfReadable = (writing: Writing, seq: number): Entry[] =>
  orInstead(
    () => readEntry(writing, seq),
    () => {
      writing.sql('UPDATE message SET searched = 1 WHERE seq = ?').run(seq);
      const what = `what a search looks at of the message with the number ${String(seq)}`;
      return { instead: [], what, parseAgain: seq };
    },
  );

function readEntry({ sql }: Writing, seq: number): Entry[] {
  const row = sql<StoredRow>(stored).get(seq);
  if (row === undefined) return [];
  const message = searchable(row);
  const before = sql('SELECT 1 FROM message_search WHERE seq = ? AND words IS NULL').get(seq);
  return [
    {
      row,
      message,
      texts: messageTexts(message),
      body: bodyText(row.text, row.html),
      isParsed: row.parse !== 'pending',
      wasParsed: before !== undefined,
    },
  ];
}

/** Those that are not parsed yet are found by what their header scan gave, without the full-text tables. */
export function indexMessages(writing: Writing, seqs: number[]): void {
  // A full-text table writes what it has gathered, as a segment of its own, whenever a number is not above the one
  // before, or another table is written to: so they go in order, and each table has its turn.
  const entries = inOrder(seqs).flatMap((seq) => readIfReadable(writing, seq));
  dropBlocks(writing, messageCorpus, seqs);
  for (const entry of entries) writeRow(writing, entry);
  for (const { row } of entries.filter(({ wasParsed }) => wasParsed)) removeFromTables(writing, row.seq);
  const parsed = entries.filter(({ isParsed }) => isParsed);
  const { sql } = writing;
  const texts = parsed.map(({ texts, body }) => wordTexts(texts, body));
  for (const [n, { row }] of parsed.entries()) {
    const { subject = '', addresses = '', body = '', filenames = '' } = texts[n] ?? {};
    sql('INSERT INTO message_words (rowid, subject, addresses, body, filenames) VALUES (?, ?, ?, ?, ?)').run(
      row.seq,
      ...[subject, addresses, body, filenames].map(spaceWords),
    );
  }
  for (const [n, { row, body }] of parsed.entries()) {
    const words = Object.values(texts[n] ?? {}).map(wordsOf);
    const starts = [startsOf(words), pairsOf(body), jointWords(words)].join(' ');
    sql('INSERT INTO message_starts (rowid, starts) VALUES (?, ?)').run(row.seq, starts);
  }
  const insertGrams = sql('INSERT INTO message_grams (rowid, body) VALUES (?, ?)');
  for (const { row, body } of parsed) {
    for (const [n, stretch] of stretchesOf(body).entries()) insertGrams.run(gramRow(row.seq, n), stretch);
  }
}

export const inOrder = (seqs: number[]): number[] => [...seqs].sort((a, b) => a - b);

function writeRow({ sql }: Writing, { row, message, texts, body, isParsed }: Entry): void {
  const { seq } = row;
  sql('DELETE FROM header WHERE seq = ?').run(seq);
  sql(
    `INSERT OR REPLACE INTO message_search (seq, received_us, size, session_seq, flags, tls, sender, recipient, subject,
       rcpt, cc, bcc, user, filenames, attachments, words) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    ...[
      seq,
      row.receivedAtUs,
      row.size,
      row.sessionSeq ?? 0,
      flagsOf(message) + (isParsed ? 0 : pending),
      texts.tls,
      texts.sender,
      texts.to,
    ],
    ...[texts.subject, texts.rcpt, texts.cc, texts.bcc, texts.user, texts.filenames, texts.attachments],
    isParsed ? null : paddedWords(texts, body),
  );
  if (isParsed) sql('INSERT OR REPLACE INTO message_text (seq, folded) VALUES (?, ?)').run(seq, body);
  else sql('DELETE FROM message_text WHERE seq = ?').run(seq);
  const insert = sql('INSERT INTO header (name, seq, position, value) VALUES (?, ?, ?, ?)');
  const headers = isParsed ? searchedHeaders(message.headers) : [];
  for (const [position, { name, value }] of headers.entries()) insert.run(name, seq, position, value);
  sql('UPDATE message SET searched = 1 WHERE seq = ?').run(seq);
}

const gramRow = (seq: number, n: number): bigint => BigInt(seq) * BigInt(rowsOfMessage) + BigInt(n);

function removeFromTables({ sql }: Writing, seq: number): void {
  sql('DELETE FROM message_words WHERE rowid = ?').run(seq);
  sql('DELETE FROM message_starts WHERE rowid = ?').run(seq);
  sql('DELETE FROM message_grams WHERE rowid BETWEEN ? AND ?').run(
    gramRow(seq, 0),
    gramRow(seq, rowsOfMessage - 1),
  );
}

/** The rows of those that are selected. */
const selectedGrams = `SELECT d.id FROM temp.selection s JOIN message_grams_docsize d
  ON d.id BETWEEN s.seq * ${rowsOfMessage} AND s.seq * ${rowsOfMessage} + ${rowsOfMessage - 1}`;

/** The selected messages are about to go. */
export function removeSelectedFromIndex(writing: Writing): void {
  const { sql } = writing;
  dropSelectedBlocks(writing, messageCorpus);
  sql('DELETE FROM header WHERE seq IN temp.selection').run();
  for (const table of ['message_words', 'message_starts'])
    sql(`DELETE FROM ${table} WHERE rowid IN (SELECT seq FROM temp.selection)`).run();
  sql(`DELETE FROM message_grams WHERE rowid IN (${selectedGrams})`).run();
  sql('DELETE FROM message_text WHERE seq IN temp.selection').run();
  sql('DELETE FROM message_search WHERE seq IN temp.selection').run();
}
