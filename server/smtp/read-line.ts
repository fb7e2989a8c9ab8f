// The next line of the client, with the limits on its length.
import { maskLoose, maskResponse } from './auth/mask.ts';
import { endUnframed } from './bdat.ts';
import type { Connection } from './connection.ts';
import { findOverlongAuth, refuseOverlongAuth } from './overlong-auth.ts';
import type { ReadLine } from './reader.ts';
import { replies } from './replies.ts';
import { isHttpRequest, refuseHttp } from './stray.ts';

/** What is kept of a line that is too long; the rest is counted. */
const maxKept = 64 * 1024;

/** A line that is here with its ending. */
export function readWholeLine(connection: Connection, max: number): ReadLine | undefined {
  return connection.over ? undefined : connection.reader.tryWholeLine(max);
}

/**
 * The next line; undefined when the client has left or the session is over. An overlong one is drained, answered
 * where a command was expected, and given as an empty line that is not complete.
 */
export async function readLine(
  connection: Connection,
  waiting: 'command' | 'auth',
  max: number,
): Promise<ReadLine | undefined> {
  const { reader } = connection;
  connection.waiting = waiting;
  try {
    for (;;) {
      if (connection.over) return undefined;
      const line = reader.tryLine(max);
      if (line?.complete) return line;
      if (line && !reader.ended) {
        await drainLine(connection, line, waiting);
        return { ...line, bytes: Buffer.alloc(0), complete: false };
      }
      if (line) {
        // The last bytes before the end of the stream, without a line ending.
        return line;
      }
      connection.partialSinceUs =
        reader.buffered > 0 ? (connection.partialSinceUs ?? reader.lastAtUs) : undefined;
      if (!(await reader.more()) && reader.buffered === 0) return undefined;
    }
  } finally {
    connection.waiting = 'none';
    connection.partialSinceUs = undefined;
  }
}

/** Records a line that is too long, piece by piece, up to its end, and answers it. */
async function drainLine(
  connection: Connection,
  start: ReadLine,
  waiting: 'command' | 'auth',
): Promise<void> {
  const { reader, recorder, options } = connection;
  let inAuth = connection.secretsMayFollow;
  /** The line may be an AUTH command or a response, in pieces. */
  const show = (bytes: Buffer): Buffer => {
    if (options.recordCredentials) return bytes;
    if (waiting === 'auth') return maskResponse(bytes).bytes;
    const masked = maskLoose(bytes, inAuth);
    inAuth = masked.inAuth;
    return masked.bytes;
  };
  const auth = waiting === 'command' ? findOverlongAuth(start.bytes, options.recordCredentials) : undefined;
  if (auth) recorder.phase = 'auth';
  let total = start.bytes.length;
  let kept = total;
  const first = recorder.raw('raw', 'client', 'start of an overlong line', show(start.bytes), {
    chunk: start.chunk,
  });
  connection.partialSinceUs ??= start.atUs;
  for (;;) {
    if (connection.over) return;
    const some = reader.trySome(64 * 1024);
    if (!some) {
      if (!(await reader.more()) && reader.buffered === 0) break;
      continue;
    }
    const lf = some.bytes.indexOf(10);
    const part = lf < 0 ? some.bytes : some.bytes.subarray(0, lf + 1);
    total += part.length;
    // Also of what is not kept: whether a secret follows is told by all of it.
    const shown = show(part).subarray(0, Math.max(0, maxKept - kept));
    kept += shown.length;
    if (shown.length > 0)
      recorder.raw('raw', 'client', 'overlong line, continued', shown, { chunk: some.chunk });
    if (lf < 0) {
      await connection.keepPace();
      continue;
    }
    reader.unread(some.bytes.subarray(lf + 1), some);
    break;
  }
  if (total > kept) recorder.lostBytes('overlong line, continued, not kept', total - kept);
  recorder.anomaly('overlong-command', first, `A line of ${total} bytes came where a command was expected.`);
  connection.secretsMayFollow = inAuth;
  connection.lastCommandLine = first;
  connection.lastVerb = '';
  if (auth) return refuseOverlongAuth(connection, first, auth.mechanism);
  // RFC 4954 4: the exchange ends with 500 5.5.6, and what comes next is a command again.
  if (waiting === 'auth') return;
  if (isHttpRequest(start.bytes)) return refuseHttp(connection, first);
  if (/^BDAT /i.test(start.bytes.toString('latin1', 0, 5))) return endUnframed(connection);
  connection.errors++;
  const limit = options.limits.maxAuthLine;
  await connection.answer({
    ...replies.lineTooLong,
    text: `${replies.lineTooLong.text}: ${total} bytes, at most ${limit} are taken`,
  });
}
