// Overwrites what rows say before they are deleted. Where a page becomes too empty SQLite moves rows to it from its
// neighbours, and a copy of each stays where it was, in what is then unused of a page: among them rows of the same purge
// that are about to go, and of these nothing more would be known.
import type { Writing } from '../sqlite/writing.ts';

/** So many bytes of the same kind: SQLite then writes them in the same place. NULL stays NULL. */
const blankText = (column: string): string =>
  `${column} = substr(printf('%.*c', octet_length(${column}) + 1, ' '), 1, octet_length(${column}))`;
const blankBytes = (column: string): string =>
  `${column} = substr(zeroblob(length(${column})), 1, length(${column}))`;

/** Of the rows whose key is selected. */
const blank = ({ sql }: Writing, table: string, key: 'seq' | 'session', columns: string[]): unknown =>
  sql(`UPDATE ${table} SET ${columns.join(', ')} WHERE ${key} IN temp.selection`).run();

const texts = (...names: string[]): string[] => names.map(blankText);

/** Of the selected messages. */
export function blankMessages(writing: Writing): void {
  blank(writing, 'message_text', 'seq', texts('folded'));
  blank(writing, 'message_detail', 'seq', texts('headers', 'facts', 'text', 'html'));
  blank(writing, 'body', 'seq', [blankBytes('bytes')]);
  blank(
    writing,
    'message',
    'seq',
    texts('mail_from', 'rcpt_to', 'header_from', 'header_to', 'subject', 'snippet', 'envelope'),
  );
}

/** Of the selected sessions. */
export function blankSessions(writing: Writing, table: 'session' | 'session_deleted'): void {
  blank(writing, table, 'seq', texts('client_name', 'user', 'summary', 'facts', 'codes'));
}

/** What they said. */
export function blankRecords(writing: Writing): void {
  blank(writing, 'transcript', 'session', texts('content'));
  blank(writing, 'session_blob', 'session', [blankBytes('bytes')]);
  blank(writing, 'smtp_transaction', 'session', texts('mail_from', 'record'));
}
