// A message has arrived whole: its facts, its storing, and the replies that answer it.
import type { Session } from '../../shared/session.ts';
import { acceptedOf, type DataFacts, type Reply, type Transaction } from '../../shared/transaction.ts';
import { nowUs } from '../clock.ts';
import { newMessageId } from '../ids.ts';
import type { BodyWriter } from './arrival.ts';
import type { Connection } from './connection.ts';
import type { DataScanner } from './data-scanner.ts';
import type { SimulatedFault } from '../../shared/fault-moment.ts';
import { findParameter } from '../../shared/smtp-text.ts';
import { noteAnomalies } from './message-anomalies.ts';
import { bareNewline, formatReplyLines, formatReplyLine, naming, reply, storageReply } from './replies.ts';
import { decideFault, endByFault, findFault, isUsual, pause, recordFault } from './simulated.ts';

type Timing = Pick<DataFacts, 'command' | 'line' | 'durationUs' | 'chunks'>;

export interface Shape {
  atUs: number;
  chunk: number;
  chunks: number;
  bytes: number;
}

interface Received {
  scanner: DataScanner;
  shape: Shape;
  facts: Timing;
  /** Lines that stand for the bytes already (BDAT chunks, or a failure was met); empty: one line is added. */
  lines: number[];
}

interface Delivery extends Received {
  body: BodyWriter;
}

/** Field by field: an object that begins with a spread is slow to add to, and this is done for each message. */
function describe(scanner: DataScanner, wireSize: number, timing: Timing): DataFacts {
  return {
    command: timing.command,
    line: timing.line,
    durationUs: timing.durationUs,
    chunks: timing.chunks,
    size: scanner.size,
    wireSize,
    lines: scanner.lines,
    longestLine: scanner.longestLine,
    stuffedDots: scanner.dots.count,
    bareLf: scanner.bareLf,
    bareCr: scanner.bareCr,
    nul: scanner.nul,
    eightBit: scanner.eightBit,
    smuggling: scanner.smuggling,
  };
}

function mailOf(transaction: Transaction): Session['firstMail'] {
  const accepted = acceptedOf(transaction);
  return { from: transaction.from.address, to: accepted[0]?.address ?? '', recipients: accepted.length };
}

export async function deliver(connection: Connection, delivery: Delivery): Promise<void> {
  const { recorder, transactions, options } = connection;
  const { scanner, shape } = delivery;
  const facts = describe(scanner, shape.bytes, delivery.facts);
  transactions.data(facts);
  const id = newMessageId();
  const dataLines = delivery.lines.length
    ? delivery.lines
    : [recorder.dataLine({ ...shape, text: `message of ${facts.size} bytes` })];
  for (const line of dataLines) recorder.log.amend(line, { messageId: id, lost: undefined });
  connection.chunked = undefined;
  connection.settling = false;
  noteAnomalies(connection, facts, dataLines[0]!);

  const transaction = transactions.current!;
  const accepted = reply(250, '2.0.0', `Ok: queued as ${id}`);
  // What a simulated failure may delay, or put another in its place, is not said before it is.
  const isCertain = !options.faults.awaits('stored');
  const { session } = recorder;
  if (session.messages === 0) session.firstMail = mailOf(transaction);
  session.messages++;
  if (session.messageIds.length < 100) session.messageIds.push(id);
  Object.assign(transaction, {
    outcome: 'stored',
    reply: isCertain ? accepted : null,
    messageId: id,
    // With the replies that are to come.
    lastLine: isCertain ? recorder.log.count - 1 + replyCount(connection) : null,
  });

  const body = await delivery.body.finish().catch((error: unknown) => error as Error);
  const result =
    body instanceof Error
      ? { stored: false as const, reply: storageReply(body) }
      : await options.intake.received({
          id,
          receivedAtUs: nowUs(),
          transaction,
          lines: { first: transaction.firstLine, last: dataLines.at(-1)! },
          body,
          wire: {
            dots: scanner.dots.packed,
            bdat: facts.command === 'BDAT' ? facts.chunks.filter((size) => size > 0) : null,
          },
          tls: connection.tls,
          user: connection.user,
          recorder,
        });
  if (result.stored) return answerStored(connection, accepted, { id, size: facts.size });
  session.messages--;
  if (session.messages === 0) delete session.firstMail;
  if (session.messageIds.at(-1) === id) session.messageIds.pop();
  for (const line of dataLines) recorder.log.amend(line, { messageId: undefined, lost: true });
  delivery.body.discard();
  return conclude(connection, result.reply, {
    outcome: 'refused',
    id: null,
    replies: replyCount(connection),
  });
}

/** It is stored, whatever a simulated failure makes of its 250. */
async function answerStored(
  connection: Connection,
  accepted: Reply,
  { id, size }: { id: string; size: number },
): Promise<void> {
  const fault = findFault(connection, 'stored', { size });
  if (fault) await pause(connection, fault);
  const answer = fault && !isUsual(fault) ? fault.reply : accepted;
  await conclude(connection, answer, { outcome: 'stored', id, replies: replyCount(connection), fault });
}

/**
 * The message went over the limit; its bytes were counted and not kept. `chunk`: more of it was to come, and what is
 * refused is the chunk, which has one reply also in LMTP (RFC 3030 2).
 */
export async function tooBig(
  connection: Connection,
  received: Received,
  at: 'end' | 'chunk' = 'end',
): Promise<void> {
  const { scanner, shape, lines } = received;
  const facts = describe(scanner, shape.bytes, received.facts);
  connection.transactions.data(facts);
  const text = `message of ${facts.size} bytes, over the limit, not stored`;
  if (lines.length === 0) connection.recorder.dataLine({ ...shape, text });
  const { maxSize } = connection.options.limits;
  const refusal = reply(
    552,
    '5.3.4',
    `Message too big: ${facts.size} bytes, at most ${maxSize} are taken (--max-size)`,
  );
  await conclude(connection, refusal, {
    outcome: 'refused',
    id: null,
    replies: at === 'chunk' ? 1 : replyCount(connection),
  });
}

export const hasForbiddenNewline = ({ options }: Connection, { firstBare }: DataScanner): boolean =>
  firstBare > 0 && options.listener.bareNewlines === 'refuse';

/** The message has come to its end and is refused for its bare LF or CR. `kept`: its bytes, for the line of DATA. */
export async function refuseNewlines(
  connection: Connection,
  received: Received,
  kept?: Buffer,
): Promise<void> {
  const facts = recordRefused(connection, received, { why: ', with a bare LF or CR', kept });
  const refusal = bareNewline(facts, received.scanner.firstBare);
  await conclude(connection, refusal, { outcome: 'refused', id: null, replies: replyCount(connection) });
}

/** What came becomes no message. `why` and `kept` are for the line of DATA. */
export function recordRefused(
  connection: Connection,
  { scanner, shape, lines, facts: timing }: Received,
  { why = '', kept }: { why?: string; kept?: Buffer | undefined } = {},
): DataFacts {
  const facts = describe(scanner, shape.bytes, timing);
  connection.transactions.data(facts);
  const text = `message of ${facts.size} bytes${why}, not stored`;
  const { log } = connection.recorder;
  const line = lines[0] ?? connection.recorder.dataLine({ ...shape, text }, kept);
  if (lines.length > 0 && kept) log.amend(line, { text, lost: undefined }, kept);
  connection.settling = false;
  noteAnomalies(connection, facts, line);
  return facts;
}

/** The message has come to its end and meets a failure before it is stored; false: it goes on as usual. */
export async function meetMessageFault(
  connection: Connection,
  received: Received,
  /** Takes its bytes, which become no message. */
  take: () => Promise<Buffer | undefined>,
): Promise<boolean> {
  const { shape, lines, scanner } = received;
  const fault = decideFault(connection, 'message', { size: scanner.size });
  if (!fault) return false;
  const isLater = isUsual(fault);
  const kept = isLater ? undefined : await take();
  // In the order in which it happens: the message, the failure, the reply.
  if (lines.length === 0) {
    const text = `message of ${scanner.size} bytes${isLater ? '' : ', not stored'}`;
    lines.push(connection.recorder.dataLine({ ...shape, text }, kept));
  }
  recordFault(connection, fault);
  connection.settling = isLater;
  await pause(connection, fault);
  if (isLater && !connection.over) return false;
  await refuseByFault(connection, received, { fault, kept: isLater ? await take() : undefined });
  return true;
}

/** `at`: see tooBig. */
export async function refuseByFault(
  connection: Connection,
  received: Received,
  { fault, kept, at = 'end' }: { fault: SimulatedFault; kept?: Buffer | undefined; at?: 'end' | 'chunk' },
): Promise<void> {
  recordRefused(connection, received, { kept });
  await conclude(connection, fault.reply, {
    outcome: 'refused',
    id: null,
    replies: at === 'chunk' ? 1 : replyCount(connection),
    fault,
  });
}

const replyCount = ({ options, transactions }: Connection): number =>
  options.listener.protocol === 'lmtp' ? Math.max(1, transactions.accepted) : 1;

interface Conclusion {
  outcome: 'stored' | 'refused';
  id: string | null;
  replies: number;
  /** The answer is as it says, and the session may end by it. */
  fault?: SimulatedFault | undefined;
}

/** Answers, once for each recipient in LMTP (RFC 2033 4.2), then brings the engine to the end of its data phase. */
async function conclude(
  connection: Connection,
  answer: Reply | null,
  { outcome, id, replies, fault }: Conclusion,
): Promise<void> {
  const { transactions, recorder } = connection;
  // Shutting down in the middle of a simulated delay has been told to the client.
  const said = fault && connection.over ? null : answer;
  connection.errors = 0;
  if (said && fault?.reply === said)
    for (let index = 0; index < replies; index++) await connection.write(formatReplyLines(said));
  else if (said && replies === 1) await connection.write(formatReplyLine(said));
  else if (said) await answerEach(connection, said, replies);
  await connection.port!.ask('.\r\n');
  // Not stored and without an answer, it is aborted by the end of the connection.
  if (said || id !== null) transactions.end(outcome, said, id);
  if (fault) await endByFault(connection, fault);
  recorder.settlePhase();
  recorder.changed();
}

async function answerEach(connection: Connection, answer: Reply, replies: number): Promise<void> {
  const { current } = connection.transactions;
  const recipients = current ? acceptedOf(current) : [];
  const utf8 = current !== undefined && findParameter(current.from.params, 'SMTPUTF8') !== undefined;
  for (let index = 0; index < replies; index++) {
    const to = recipients[index]?.address;
    await connection.write(formatReplyLine(to === undefined ? answer : naming(answer, to, utf8)));
  }
}
