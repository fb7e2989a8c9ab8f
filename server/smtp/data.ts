// DATA (RFC 5321 4.1.1.4): receives the bytes up to the final dot, or to where the client left.
import { rebuildWire } from '../wire-bytes.ts';
import type { BodyWriter } from './arrival.ts';
import { clientLeft } from './client-left.ts';
import type { Command } from './command.ts';
import type { Connection } from './connection.ts';
import { DataScanner } from './data-scanner.ts';
import { deliver, hasForbiddenNewline, meetMessageFault, refuseNewlines, tooBig } from './deliver.ts';
import type { SimulatedFault } from '../../shared/fault-moment.ts';
import { noteLineBreaks } from './message-anomalies.ts';
import { type ContentSoFar, lastOf } from './missed-end.ts';
import { parseReply } from './replies.ts';
import { answerFault, cutOff, endByFault, findFault, isDue, noteNotDue } from './simulated.ts';

const readAtOnce = 256 * 1024;
const finalDot = Buffer.from('.\r\n');

export async function receiveData(connection: Connection, command: Command): Promise<void> {
  const { recorder, options } = connection;
  const { current, accepted } = connection.transactions;
  const fault = current && accepted > 0 ? findFault(connection, 'data') : undefined;
  if (fault?.afterBytes) {
    try {
      await receiveContent(connection, command, fault);
    } finally {
      options.faults.giveBack(fault);
    }
    return;
  }
  const said = fault && (await answerFault(connection, fault));
  if (said) {
    recorder.refused('DATA', said.reply);
    return endByFault(connection, fault);
  }
  await receiveContent(connection, command);
}

/** `cut`: the failure that is to end the connection while it comes. */
async function receiveContent(connection: Connection, command: Command, cut?: SimulatedFault): Promise<void> {
  const { recorder, reader, options } = connection;
  const answered = await connection.port!.ask(`${command.content.toString('latin1')}\r\n`);
  if (!answered) return;
  if (answered.code === 354) noteEarlyData(connection, command);
  else {
    connection.errors++;
    recorder.refused('DATA', parseReply(answered.lines));
  }
  await connection.write(answered.lines.map((line) => `${line}\r\n`).join(''));
  if (answered.code !== 354) return;
  // A new transaction may come in one group with the end of the content (RFC 2920 3.1).
  connection.lastVerb = '';

  const scanner = new DataScanner();
  const content: ContentSoFar = { scanner, last: Buffer.alloc(0) };
  connection.content = content;
  const body = options.intake.createBody();
  const startedUs = recorder.now();
  let wireSize = 0;
  let firstChunk: number | undefined;
  let lastChunk = 0;
  let refused = false;
  let isWhole = false;
  let wait: Promise<void> | undefined;
  const write = (part: Buffer): void => {
    if (scanner.size + part.length > options.limits.maxSize) {
      if (!refused) {
        body.discard();
        scanner.dots.forget();
      }
      refused = true;
    } else wait = body.write(part) ?? wait;
  };
  connection.waiting = 'data';
  for (;;) {
    const some = connection.over ? undefined : reader.trySome(readAtOnce);
    if (!some) {
      if (connection.over || (!(await reader.more()) && reader.buffered === 0)) break;
      continue;
    }
    firstChunk ??= some.chunk;
    lastChunk = some.chunk;
    const before = scanner.lines;
    const end = scanner.feed(some.bytes, write);
    if (scanner.lines !== before) connection.partialSinceUs = undefined;
    connection.partialSinceUs ??= some.atUs;
    if (wait) await connection.ownTime(wait);
    wait = undefined;
    wireSize += end < 0 ? some.bytes.length : end;
    if (cut && isDue(cut, scanner.size)) {
      connection.content = undefined;
      isWhole = end >= 0;
      if (isWhole) reader.unread(some.bytes.subarray(end), some);
      break;
    }
    if (end < 0) {
      content.last = lastOf(content.last, some.bytes);
      continue;
    }
    connection.content = undefined;
    reader.unread(some.bytes.subarray(end), some);
    connection.waiting = 'none';
    connection.partialSinceUs = undefined;
    const shape = { atUs: some.atUs, chunk: firstChunk, chunks: lastChunk - firstChunk + 1, bytes: wireSize };
    const durationUs = some.atUs - startedUs;
    const facts = { command: 'DATA' as const, line: command.line, durationUs, chunks: [] };
    if (refused) return tooBig(connection, { scanner, shape, facts, lines: [] });
    if (hasForbiddenNewline(connection, scanner)) {
      const kept = await takeWire(connection, body, scanner, wireSize, finalDot);
      return refuseNewlines(connection, { scanner, shape, facts, lines: [] }, kept);
    }
    if (cut) noteNotDue(connection, cut, scanner.size);
    const received = { body, scanner, shape, facts, lines: [] };
    const take = (): Promise<Buffer | undefined> => takeWire(connection, body, scanner, wireSize, finalDot);
    if (await meetMessageFault(connection, received, take)) return;
    return deliver(connection, received);
  }
  connection.waiting = 'none';
  connection.partialSinceUs = undefined;
  const behind = isWhole ? finalDot : scanner.held;
  await keepAborted(connection, body, scanner, { refused, wireSize, behind, chunk: firstChunk ?? 0 });
  if (cut && isDue(cut, scanner.size)) await cutOff(connection, cut);
  else clientLeft(connection);
  connection.content = undefined;
  connection.transactions.end('aborted');
}

/** RFC 2920 3.1: DATA ends a group of pipelined commands; the message waits for the 354. */
function noteEarlyData(connection: Connection, command: Command): void {
  if (connection.reader.buffered === 0) return;
  connection.recorder.anomaly(
    'illegal-pipelining',
    command.line,
    'Message bytes were sent before the 354 reply to DATA (RFC 2920 3.1).',
  );
}

async function keepAborted(
  connection: Connection,
  body: BodyWriter,
  scanner: DataScanner,
  { refused, wireSize, behind, chunk }: { refused: boolean; wireSize: number; behind: Buffer; chunk: number },
): Promise<void> {
  if (wireSize === 0) return body.discard();
  const { recorder } = connection;
  const text = `message cut off after ${wireSize} bytes, not stored`;
  const shape = { atUs: recorder.now(), chunk, chunks: 1, bytes: wireSize, text };
  if (refused) body.discard();
  const kept = refused ? undefined : await takeWire(connection, body, scanner, wireSize, behind);
  noteLineBreaks(recorder, scanner, recorder.dataLine(shape, kept));
}

/** The bytes of what becomes no message, with those behind the last that belonged to it, if there is room for them. */
async function takeWire(
  { recorder }: Connection,
  body: BodyWriter,
  scanner: DataScanner,
  wireSize: number,
  behind: Buffer,
): Promise<Buffer | undefined> {
  const arrived = recorder.log.hasRoom(wireSize) ? await body.finish().catch(() => undefined) : undefined;
  let kept: Buffer | undefined;
  if (arrived?.bytes) {
    const wire = rebuildWire(arrived.bytes, scanner.dots.packed, null);
    kept = Buffer.concat([wire.subarray(0, arrived.size + scanner.dots.count), behind]);
  }
  body.discard();
  return kept;
}
