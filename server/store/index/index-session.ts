// Takes sessions up in the search index, from what is stored of them.
import { searchedTransactions, sessionTexts } from '../../../shared/search/session-texts.ts';
import { readSummary, readTransactions } from '../records/damaged-session.ts';
import { decodeRow } from '../records/transcript-content.ts';
import type { Connection } from '../sqlite/connection.ts';
import { orInstead } from '../sqlite/damage.ts';
import type { Writing } from '../sqlite/writing.ts';
import { inOrder } from './index-message.ts';
import { sessionCorpus } from './search-blocks.ts';
import { dropBlocks } from './search-sealing.ts';

/** Bits of session_search.flags. */
export const sessionFlags = { message: 1, tls: 2, auth: 4, anomaly: 8, fault: 32, finding: 64 } as const;
/** One more: it still runs, and is not in the full-text table. */
const running = 16;

/** Rows of a transcript, of 500 lines each, that are read for its reply codes where they were not kept. */
const readRows = 20;

const parseCodes = (codes: string): number[] => codes.split(' ').filter(Boolean).map(Number);

interface Entry {
  seq: number;
  /** A text for each column of the full-text table. */
  words: string[];
  ended: boolean;
  /** It is in the full-text table already. */
  wasEnded: boolean;
}

/** A session stored before codes were kept beside it. */
const codesOfTranscript = ({ sql }: Connection, seq: number): number[] =>
  sql<{ content: string }>('SELECT content FROM transcript WHERE session = ? ORDER BY first_line LIMIT ?')
    .all(seq, readRows)
    .flatMap(({ content }) => decodeRow(content, seq).lines)
    .flatMap(({ code }) => code ?? []);

/** What cannot be read is left out, or it would be in the way of all others. */
const indexIfReadable = (writing: Writing, seq: number): Entry[] =>
  orInstead(
    () => indexSession(writing, seq),
    () => {
      writing.sql('UPDATE session SET searched = 1 WHERE seq = ?').run(seq);
      return { instead: [], what: `what a search looks at of the session with the number ${String(seq)}` };
    },
  );

function indexSession(writing: Writing, seq: number): Entry[] {
  const { sql } = writing;
  const row = sql<{ summary: string; codes: string | null }>(
    'SELECT summary, codes FROM session WHERE seq = ?',
  ).get(seq);
  if (row === undefined) return [];
  const summary = readSummary(writing, seq, row.summary);
  const transactions = readTransactions(writing, seq, searchedTransactions);
  const codes = row.codes === null ? codesOfTranscript(writing, seq) : parseCodes(row.codes);
  const texts = sessionTexts({ ...summary, transactions, codes });
  const { message, tls, auth, anomaly, fault, finding } = sessionFlags;
  const ended = summary.closedAt !== null;
  const flags =
    (ended ? 0 : running) +
    (summary.messages > 0 ? message : 0) +
    (summary.tls === null ? 0 : tls) +
    (summary.user === null ? 0 : auth) +
    (summary.anomalies > 0 ? anomaly : 0) +
    ((summary.faults ?? 0) > 0 ? fault : 0) +
    (summary.findings === undefined ? 0 : finding);
  const wasEnded = sql("SELECT 1 FROM session_search WHERE seq = ? AND words = ''").get(seq) !== undefined;
  sql(
    `INSERT OR REPLACE INTO session_search (seq, opened_us, outcome, flags, codes, client, mechanism, user, tls,
       listener, peer, sender, rcpt, words) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    ...[
      seq,
      summary.openedAtUs,
      summary.outcome,
      flags,
      texts.codes,
      texts.client,
      texts.mechanism,
      texts.user,
    ],
    ...[texts.tls, texts.listener, texts.peer, texts.sender, texts.rcpt, ended ? '' : texts.words],
  );
  sql('UPDATE session SET searched = 1, codes = ? WHERE seq = ?').run(texts.codes, seq);
  return [{ seq, words: texts.words.split('\n'), ended, wasEnded }];
}

/** Those that still run are found by the words of their row, without the full-text table. */
export function indexSessions(writing: Writing, seqs: number[]): void {
  // In order, and each table in its turn, as messages are.
  dropBlocks(writing, sessionCorpus, seqs);
  const entries = inOrder(seqs).flatMap((seq) => indexIfReadable(writing, seq));
  const { sql } = writing;
  for (const { seq, wasEnded } of entries)
    if (wasEnded) sql('DELETE FROM session_words WHERE rowid = ?').run(seq);
  const insert = sql(
    `INSERT INTO session_words (rowid, listener, peer, client, user, mechanism, sender, rcpt, ended, outcome)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const { seq, words, ended } of entries) if (ended) insert.run(seq, ...words);
}

/** All of the index goes at once. */
export function emptySessionIndex({ sql }: Writing): void {
  sql("INSERT INTO session_words (session_words) VALUES ('delete-all')").run();
  for (const table of ['session_block', 'session_search']) sql(`DELETE FROM ${table}`).run();
}

/** The reply codes of a session that has ended, or as far as it is stored. */
export function readCodes({ sql }: Connection, { id }: { id: string }): number[] {
  const row = sql<{ codes: string | null }>('SELECT codes FROM session WHERE id = ?').get(id);
  return parseCodes(row?.codes ?? '');
}
