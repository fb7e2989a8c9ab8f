// BDAT (RFC 3030): chunks of a size that is told first. The engine, which does not know it, hears of DATA only when
// the last chunk is here.
import type { Reply } from '../../shared/transaction.ts';
import { ChunkedMessage } from './chunked-message.ts';
import { clientLeft } from './client-left.ts';
import { refuse, type Command } from './command.ts';
import type { Connection } from './connection.ts';
import {
  deliver,
  hasForbiddenNewline,
  meetMessageFault,
  recordRefused,
  refuseByFault,
  refuseNewlines,
  tooBig,
} from './deliver.ts';
import { markUsed } from './facts.ts';
import { replies, reply } from './replies.ts';
import { cutOff, findFault, isDue, isUsual, noteNotDue, pause } from './simulated.ts';

const syntax = /^BDAT +(\d{1,12})( +LAST)? *$/i;
/** 50 MiB in chunks of 4 KiB are 12,800. */
const maxChunks = 20_000;

/** The bytes behind such a command are of an unknown number, and must not be taken for commands. */
export async function endUnframed(connection: Connection): Promise<void> {
  connection.transactions.end('aborted');
  const text = 'The client sent a BDAT command that could not be understood.';
  await connection.endWith(replies.bdatSyntax, 'error', text);
}

/** `policy`: it is refused so, and its chunk is read and forgotten (RFC 3030 2). */
export async function receiveBdat(connection: Connection, command: Command, policy?: Reply): Promise<void> {
  const { recorder, options, transactions } = connection;
  const isShort = command.content.length <= options.limits.maxCommand;
  const found = isShort ? syntax.exec(command.content.toString('latin1')) : null;
  if (!found) return endUnframed(connection);
  markUsed(connection, 'CHUNKING');
  const size = Number(found[1]);
  const last = found[2] !== undefined;
  const allowed = policy === undefined && transactions.current !== undefined && transactions.accepted > 0;
  const message =
    connection.chunked ?? new ChunkedMessage(recorder, options.intake.createBody(), options.limits.maxSize);
  const fault = allowed && !connection.chunked ? findFault(connection, 'data') : undefined;
  if (fault?.afterBytes) message.cut = fault;
  if (allowed) connection.chunked = message;
  const { cut } = message;
  if (!(await receiveChunk(connection, size, message))) {
    if (!allowed) await message.abandon();
    const due = cut && isDue(cut, message.scanner.size) ? cut : undefined;
    if (due) message.cut = undefined;
    await connection.abandonChunks();
    if (due) await cutOff(connection, due);
    else clientLeft(connection);
    return transactions.end('aborted');
  }
  if (!allowed) {
    const refusal = policy ?? replies.needRecipient;
    recorder.refused('BDAT', refusal);
    if (connection.chunked) return refuseFurther(connection, command, { message, refusal });
    await message.abandon();
    return refuse(connection, refusal);
  }
  if (message.chunks.length > maxChunks) {
    const text = `The message came in more than ${maxChunks} BDAT chunks.`;
    return connection.endWith(replies.tooManyChunks, 'limit', text);
  }
  if (fault && !cut) {
    await pause(connection, fault);
    if (connection.over) return;
  }
  const isRefused = fault !== undefined && !cut && !isUsual(fault);
  // RFC 3030 2: no 250 for a chunk that is not kept.
  if (!last && !message.tooBig && !isRefused)
    return void (await connection.answer(reply(250, '2.0.0', `${size} bytes received`)));

  const answered = await connection.port!.ask('DATA\r\n');
  if (answered?.code !== 354) {
    await connection.abandonChunks();
    return refuse(connection, replies.needRecipient);
  }
  const { body, scanner, chunks, lines, startedUs } = message;
  scanner.end();
  const timing = { line: command.line, durationUs: recorder.now() - startedUs };
  const facts = { command: 'BDAT' as const, ...timing, chunks };
  const shape = { atUs: recorder.now(), chunk: recorder.log.lastChunk, chunks: 1, bytes: scanner.size };
  const received = { scanner, shape, facts, lines };
  const at = last ? 'end' : 'chunk';
  if (isRefused) {
    await connection.abandonChunks();
    return refuseByFault(connection, received, { fault, at });
  }
  if (message.tooBig) {
    await connection.abandonChunks();
    return tooBig(connection, received, at);
  }
  if (hasForbiddenNewline(connection, scanner)) {
    await connection.abandonChunks();
    return refuseNewlines(connection, received);
  }
  if (cut) noteNotDue(connection, cut, scanner.size);
  if (await meetMessageFault(connection, received, () => connection.abandonChunks().then(() => undefined)))
    return;
  return deliver(connection, { ...received, body });
}

/** A further chunk is refused: without it the message would have a gap, so that all of it is given up (RFC 3030 2). */
async function refuseFurther(
  connection: Connection,
  { line }: Command,
  { message, refusal }: { message: ChunkedMessage; refusal: Reply },
): Promise<void> {
  const { recorder, transactions, port } = connection;
  const { scanner, chunks, lines, startedUs } = message;
  scanner.end();
  await connection.abandonChunks();
  recordRefused(connection, {
    scanner,
    shape: { atUs: recorder.now(), chunk: recorder.log.lastChunk, chunks: 1, bytes: scanner.size },
    facts: { command: 'BDAT', line, durationUs: recorder.now() - startedUs, chunks },
    lines,
  });
  await port!.ask('RSET\r\n');
  await refuse(connection, refusal);
  transactions.end('refused', refusal);
  recorder.settlePhase();
}

/** Takes the bytes of one chunk; false when the client left before they were all here. */
async function receiveChunk(connection: Connection, size: number, message: ChunkedMessage): Promise<boolean> {
  const { recorder, reader } = connection;
  let left = size;
  let first: number | undefined;
  let last = 0;
  let atUs = recorder.now();
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
    const wait = message.take(some.bytes);
    if (wait) await connection.ownTime(wait);
    if (message.cut && isDue(message.cut, message.scanner.size)) break;
  }
  connection.waiting = 'none';
  const got = size - left;
  message.endChunk({
    atUs,
    chunk: first ?? recorder.log.lastChunk,
    chunks: first === undefined ? 1 : last - first + 1,
    bytes: got,
    text: `BDAT chunk of ${got} bytes${left > 0 ? `, cut off (${size} were announced)` : ''}`,
  });
  return left === 0 && !(message.cut && isDue(message.cut, message.scanner.size));
}
