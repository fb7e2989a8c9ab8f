// Reads pages of a transcript back, with the chunks that their lines name.
import type { TranscriptChunk, TranscriptLine } from '../../../shared/transcript.ts';
import type { Connection } from '../sqlite/connection.ts';
import { chunksNamedBy } from './named-chunks.ts';
import { sessionSeqOf } from './sessions.ts';
import { decodeRow, type TranscriptContent } from './transcript-content.ts';

export function readBlob(
  connection: Connection,
  { id, line }: { id: string; line: number },
): Uint8Array | null {
  const session = sessionSeqOf(connection, id);
  const row = connection
    .sql<{ bytes: Buffer }>('SELECT bytes FROM session_blob WHERE session = ? AND line = ?')
    .get(session, line);
  return row?.bytes ?? null;
}

interface TranscriptRow {
  firstLine: number;
  firstChunk: number;
  content: string;
}

const columns = 'SELECT first_line AS firstLine, first_chunk AS firstChunk, content FROM transcript';
/** Rows looked through after the last line for the rest of its chunks. */
const rowsAhead = 64;

export function readTranscript(
  connection: Connection,
  { id, from, limit }: { id: string; from: number; limit: number },
): TranscriptContent {
  const { sql } = connection;
  const session = sessionSeqOf(connection, id);
  if (session === null) return { lines: [], chunks: [] };
  const start = sql<{ line: number }>(
    'SELECT first_line AS line FROM transcript WHERE session = ? AND first_line <= ? ORDER BY first_line DESC LIMIT 1',
  ).get(session, from);
  const lines: TranscriptLine[] = [];
  const chunks: TranscriptChunk[] = [];
  let ahead = 0;
  const onwards = sql<TranscriptRow>(
    `${columns} WHERE session = ? AND first_line >= ? ORDER BY first_line, first_chunk`,
  ).iterate(session, start?.line ?? 0);
  let firstRow: TranscriptRow | null = null;
  for (const row of onwards) {
    firstRow ??= row;
    const content = decodeRow(row.content, session, row.firstLine);
    if (lines.length < limit) {
      const fitting = content.lines.filter(({ n }) => n >= from).slice(0, limit - lines.length);
      for (const line of fitting) lines.push(line);
    } else if (++ahead > rowsAhead) break;
    for (const chunk of content.chunks) chunks.push(chunk);
    if (lines.length >= limit && chunksNamedBy(lines, chunks).complete) break;
  }
  if (firstRow !== null) addEarlierChunks(sql, session, firstRow, lines, chunks);
  return {
    lines: lines.map((line) => withLoss(connection, line)),
    chunks: chunksNamedBy(lines, chunks).chunks,
  };
}

/** A line may begin in a chunk that was saved with the lines before. */
function addEarlierChunks(
  sql: Connection['sql'],
  session: number,
  firstRow: TranscriptRow,
  lines: TranscriptLine[],
  chunks: TranscriptChunk[],
): void {
  const least = Math.min(...lines.slice(0, 8).map(({ chunk }) => chunk ?? Infinity));
  let known = firstRow.firstChunk < 0 ? Infinity : firstRow.firstChunk;
  if (known <= least || least === Infinity) return;
  // An iterator that is made and not used would keep the connection busy.
  const backwards = sql<TranscriptRow>(
    `${columns} WHERE session = ? AND (first_line, first_chunk) < (?, ?) ORDER BY first_line DESC, first_chunk DESC
     LIMIT ${String(rowsAhead)}`,
  ).iterate(session, firstRow.firstLine, firstRow.firstChunk);
  for (const row of backwards) {
    chunks.unshift(...decodeRow(row.content, session).chunks);
    if (row.firstChunk >= 0) known = row.firstChunk;
    if (known <= least) return;
  }
}

/** The bytes of a message go with it; the line stays and says so. */
function withLoss({ sql }: Connection, line: TranscriptLine): TranscriptLine {
  if (line.kind !== 'data' || line.messageId === undefined || line.lost === true) return line;
  const message = sql(
    `SELECT 1 FROM message JOIN message_inbox USING (seq) WHERE id = ? AND deleted_us IS NULL LIMIT 1`,
  ).get(line.messageId);
  return message === undefined ? { ...line, lost: true } : line;
}
