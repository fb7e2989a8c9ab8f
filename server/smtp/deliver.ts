// A message has arrived whole: its facts, its storing, and the replies that answer it.
import type { Session } from '../../shared/session.ts';
import { acceptedOf, type DataFacts, type Reply, type Transaction } from '../../shared/transaction.ts';
import { nowUs } from '../clock.ts';
import { newMessageId } from '../ids.ts';
import type { BodyWriter } from './arrival.ts';
import type { Connection } from './connection.ts';
import type { DataScanner } from './data-scanner.ts';
import { findParameter } from './esmtp-parameters.ts';
import { bareNewline, formatReplyLine, naming, reply, storageReply } from './replies.ts';

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
  /** Lines that stand for the bytes already (BDAT chunks); empty: one line is added. */
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
  noteAnomalies(connection, facts, dataLines[0]!);

  const transaction = transactions.current!;
  const accepted = reply(250, '2.0.0', `Ok: queued as ${id}`);
  const { session } = recorder;
  if (session.messages === 0) session.firstMail = mailOf(transaction);
  session.messages++;
  if (session.messageIds.length < 100) session.messageIds.push(id);
  Object.assign(transaction, {
    outcome: 'stored',
    reply: accepted,
    messageId: id,
    // With the replies that are to come.
    lastLine: recorder.log.count - 1 + replyCount(connection),
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
  if (result.stored)
    return conclude(connection, accepted, { outcome: 'stored', id, replies: replyCount(connection) });
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
  const { scanner, shape, lines } = received;
  const facts = describe(scanner, shape.bytes, received.facts);
  connection.transactions.data(facts);
  const text = `message of ${facts.size} bytes, with a bare LF or CR, not stored`;
  const line = lines[0] ?? connection.recorder.dataLine({ ...shape, text }, kept);
  noteAnomalies(connection, facts, line);
  const refusal = bareNewline(facts, scanner.firstBare);
  await conclude(connection, refusal, { outcome: 'refused', id: null, replies: replyCount(connection) });
}

const replyCount = ({ options, transactions }: Connection): number =>
  options.listener.protocol === 'lmtp' ? Math.max(1, transactions.accepted) : 1;

interface Conclusion {
  outcome: 'stored' | 'refused';
  id: string | null;
  replies: number;
}

/** Answers, once for each recipient in LMTP (RFC 2033 4.2), then brings the engine to the end of its data phase. */
async function conclude(
  connection: Connection,
  answer: Reply,
  { outcome, id, replies }: Conclusion,
): Promise<void> {
  const { transactions, recorder } = connection;
  connection.errors = 0;
  if (replies === 1) await connection.write(formatReplyLine(answer));
  else await answerEach(connection, answer, replies);
  await connection.port!.ask('.\r\n');
  transactions.end(outcome, answer, id);
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

/** Also of content that did not end. */
export function noteLineBreaks(
  recorder: Connection['recorder'],
  facts: Pick<DataFacts, 'bareLf' | 'bareCr' | 'smuggling'>,
  line: number,
): void {
  const note = recorder.anomaly.bind(recorder);
  if (facts.bareLf)
    note(
      'bare-lf',
      line,
      'The message has lines that end in a bare LF; many servers refuse it (RFC 5321 2.3.8).',
      facts.bareLf,
    );
  if (facts.bareCr)
    note('bare-cr', line, 'The message has a bare CR, which RFC 5321 2.3.8 forbids.', facts.bareCr);
  const sequences = Object.keys(facts.smuggling);
  if (sequences.length)
    note(
      'smuggling-sequence',
      line,
      `The message holds ${sequences.join(', ')}, which some servers take for its end (SMTP smuggling).`,
    );
}

function noteAnomalies(connection: Connection, facts: DataFacts, line: number): void {
  const { recorder, transactions } = connection;
  const note = recorder.anomaly.bind(recorder);
  noteLineBreaks(recorder, facts, line);
  if (facts.nul) note('nul', line, 'The message has NUL bytes, which RFC 5322 forbids.', facts.nul);
  if (facts.longestLine > 998)
    note(
      'overlong-line',
      line,
      `The longest line has ${facts.longestLine} bytes; RFC 5321 4.5.3.1.6 allows 998 and the CRLF.`,
    );
  const params = transactions.current?.from.params ?? [];
  const body = findParameter(params, 'BODY')?.value?.toUpperCase();
  if (facts.eightBit && body !== '8BITMIME' && body !== 'BINARYMIME')
    note(
      'eight-bit-without-8bitmime',
      line,
      `The message has ${facts.eightBit} bytes over 127, but MAIL did not say BODY=8BITMIME (RFC 6152).`,
    );
  const size = Number(findParameter(params, 'SIZE')?.value ?? NaN);
  if (size > 0 && Math.abs(size - facts.size) > Math.max(1024, facts.size * 0.1))
    note(
      'size-mismatch',
      line,
      `MAIL declared SIZE=${size}, the message has ${facts.size} bytes (RFC 1870).`,
    );
}
