// Saves the lines and chunks of sessions, in rows of up to some hundred, and bytes that belong to no message.
import type { Connection } from '../sqlite/connection.ts';
import type { Writing } from '../sqlite/writing.ts';
import type { EncodedTranscript } from './encode-session.ts';

/** Appends, and returns how many bytes that takes. */
export function saveTranscript({ sql }: Writing, session: number, rows: EncodedTranscript[]): number {
  let bytes = 0;
  for (const { firstLine, lastLine, firstChunk, lastChunk, content } of rows) {
    const first = firstLine ?? lastLineOf(sql, session) + 1;
    sql(
      `INSERT OR REPLACE INTO transcript (session, first_line, first_chunk, last_line, last_chunk, content)
       VALUES (?, ?, ?, ?, ?, ?)`,
    ).run(session, first, firstChunk ?? -1, lastLine ?? -1, lastChunk ?? -1, content);
    bytes += Buffer.byteLength(content);
  }
  return bytes;
}

const lastLineOf = (sql: Connection['sql'], session: number): number =>
  sql<{ line: number }>(
    'SELECT last_line AS line FROM transcript WHERE session = ? AND last_line >= 0 ORDER BY first_line DESC LIMIT 1',
  ).get(session)?.line ?? -1;

export function saveBlobs(
  { sql }: Writing,
  session: number,
  blobs: { line: number; bytes: Uint8Array }[],
): number {
  let size = 0;
  for (const { line, bytes } of blobs) {
    sql('INSERT OR REPLACE INTO session_blob (session, line, bytes) VALUES (?, ?, ?)').run(
      session,
      line,
      bytes,
    );
    size += bytes.byteLength;
  }
  return size;
}

/** What a session takes; told by the lengths, without reading the texts. */
export const transcriptBytes = ({ sql }: Writing, session: number): number =>
  sql<{ bytes: number }>(
    `SELECT coalesce((SELECT sum(octet_length(content)) FROM transcript WHERE session = ?), 0) +
       coalesce((SELECT sum(length(bytes)) FROM session_blob WHERE session = ?), 0) AS bytes`,
  ).get(session, session)?.bytes ?? 0;
