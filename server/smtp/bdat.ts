// BDAT (RFC 3030): chunks of a size that is told first. The engine, which does not know it, hears of DATA only when
// the last chunk is here.
import type { BodyWriter } from './arrival.ts';
import { clientLeft } from './client-left.ts';
import { refuse, type Command } from './command.ts';
import type { Connection } from './connection.ts';
import { DataScanner } from './data-scanner.ts';
import { deliver, tooBig } from './deliver.ts';
import { markUsed } from './facts.ts';
import { replies, reply } from './replies.ts';

const syntax = /^BDAT +(\d{1,12})( +LAST)? *$/i;

interface Message {
  body: BodyWriter;
  scanner: DataScanner;
  chunks: number[];
  lines: number[];
  startedUs: number;
  refused: boolean;
}
const underWay = new WeakMap<Connection, Message>();

export async function receiveBdat(connection: Connection, command: Command): Promise<void> {
  const { recorder, options, transactions } = connection;
  const found = syntax.exec(command.content.toString('latin1'));
  if (!found) {
    transactions.end('aborted');
    return connection.endWith(
      replies.bdatSyntax,
      'error',
      'The client sent a BDAT command that could not be understood.',
    );
  }
  markUsed(connection, 'CHUNKING');
  const size = Number(found[1]);
  const last = found[2] !== undefined;
  if (!connection.bdatOpen) forget(connection);
  const allowed = transactions.current !== undefined && transactions.accepted > 0;
  let message = underWay.get(connection);
  if (!message && allowed) {
    message = {
      body: options.intake.createBody(),
      scanner: new DataScanner(true),
      chunks: [],
      lines: [],
      startedUs: recorder.now(),
      refused: false,
    };
    underWay.set(connection, message);
    connection.bdatOpen = true;
  }
  const got = await receiveChunk(connection, size, message);
  if (!got) {
    await keepAborted(connection, message);
    clientLeft(connection);
    transactions.end('aborted');
    return;
  }
  if (!message) return refuse(connection, replies.needRecipient);
  if (!last) return void (await connection.answer(reply(250, '2.0.0', `${size} bytes received`)));

  underWay.delete(connection);
  connection.bdatOpen = false;
  const answered = await connection.port!.ask('DATA\r\n');
  if (answered?.code !== 354) return refuse(connection, replies.needRecipient);
  const bytes = message.scanner.size;
  const facts = {
    command: 'BDAT' as const,
    line: command.line,
    durationUs: recorder.now() - message.startedUs,
    chunks: message.chunks,
  };
  const shape = { atUs: recorder.now(), chunk: recorder.log.lastChunk, chunks: 1, bytes };
  if (message.refused) return tooBig(connection, message.scanner, shape, facts);
  return deliver(connection, {
    body: message.body,
    scanner: message.scanner,
    shape,
    facts,
    lines: message.lines,
  });
}

/** Takes the bytes of one chunk; false when the client left before they were all here. */
async function receiveChunk(
  connection: Connection,
  size: number,
  message: Message | undefined,
): Promise<boolean> {
  const { recorder, reader, options } = connection;
  let left = size;
  let first: number | undefined;
  let last = 0;
  let wait: Promise<void> | undefined;
  let atUs = recorder.now();
  const write = (part: Buffer): void => {
    if (!message || message.refused) return;
    if (message.scanner.size + part.length > options.limits.maxSize) {
      message.refused = true;
      message.body.discard();
    } else wait = message.body.write(part) ?? wait;
  };
  connection.waiting = 'data';
  while (left > 0) {
    const some = connection.over ? undefined : reader.trySome(left);
    if (!some) {
      if (connection.over || (!(await reader.more()) && reader.buffered === 0)) break;
      continue;
    }
    first ??= some.chunk;
    last = some.chunk;
    atUs = some.atUs;
    left -= some.bytes.length;
    message?.scanner.feed(some.bytes, write);
    if (wait) await wait;
    wait = undefined;
  }
  connection.waiting = 'none';
  const got = size - left;
  message?.chunks.push(got);
  const text = `BDAT chunk of ${got} bytes${left > 0 ? `, cut off (${size} were announced)` : ''}`;
  const shape = {
    atUs,
    chunk: first ?? recorder.log.lastChunk,
    chunks: first === undefined ? 1 : last - first + 1,
    bytes: got,
    text,
  };
  if (got > 0) message?.lines.push(recorder.dataLine(shape));
  return left === 0;
}

/** The bytes of chunks that never became a message stay beside their lines. */
async function keepAborted(connection: Connection, message: Message | undefined): Promise<void> {
  underWay.delete(connection);
  if (!message) return;
  const { log } = connection.recorder;
  const arrived = message.refused ? undefined : await message.body.finish().catch(() => undefined);
  let at = 0;
  const sizes = message.chunks.filter((size) => size > 0);
  for (const [index, line] of message.lines.entries()) {
    const bytes = arrived?.bytes?.subarray(at, at + sizes[index]!);
    at += sizes[index]!;
    if (bytes && log.hasRoom(bytes.length)) log.amend(line, { lost: undefined }, Buffer.from(bytes));
  }
  message.body.discard();
}

/** RSET or a new transaction has ended what was under way. */
function forget(connection: Connection): void {
  const message = underWay.get(connection);
  if (message) void keepAborted(connection, message);
}

/** The session has ended: nothing of an unfinished message stays behind. */
export const forgetBdat = forget;
