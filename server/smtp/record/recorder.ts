// The record of one connection: every byte becomes part of a line, every fact is kept with the line that shows it.
import type { AppliedFault } from '../../../shared/fault.ts';
import { brief, summarizeRefusal } from '../../../shared/refusal.ts';
import type { AnomalyKind, Ended, Session } from '../../../shared/session.ts';
import type { Reply } from '../../../shared/transaction.ts';
import type { Side } from '../../../shared/transcript.ts';
import type { TranscriptLine } from '../../../shared/transcript.ts';
import { isoOf, nowUs, steadyUs } from '../../clock.ts';
import { noteFindings } from './findings.ts';
import { LineLog } from './line-log.ts';
import { describeBytes, findEol } from './line-text.ts';
import { decideOutcome, whatTurnedAway, type TransactionMarks } from './outcome.ts';
import { TransactionLog } from './transactions.ts';

const maxAnomalies = 200;
const maxFaults = 100;
/** By their verbs, as they are called. */
const transactionCommands: Partial<Record<string, string>> = {
  MAIL: 'MAIL FROM',
  RCPT: 'RCPT TO',
  DATA: 'DATA',
  BDAT: 'BDAT',
};
const replyShape = /^(\d{3})([ -]?)(?:([245]\.\d{1,3}\.\d{1,3})(?= |$))?/;

/** A line that the client sent, with where it came in. */
export interface ReceivedBytes {
  /** With its line ending. */
  bytes: Buffer;
  atUs: number;
  chunk: number;
  chunks: number;
}

export interface RecorderWatch {
  /** Called in the turn in which lines were added or facts changed. */
  onLines(recorder: Recorder, line: TranscriptLine): void;
  onFacts(recorder: Recorder): void;
  /** The facts are all there; what rules find in them is not yet. */
  onEnd?(recorder: Recorder): void;
}

export interface Opening {
  id: string;
  seq: number;
  listener: string;
  peer: Session['peer'];
  local: Session['local'];
}

type NewLine = Omit<TranscriptLine, 'n' | 'atUs' | 'phase' | 'secure'> & { atUs?: number; secure?: boolean };

export class Recorder {
  readonly seq: number;
  readonly openedUs = nowUs();
  /** The same moment as `steadyUs()` gives it. */
  readonly openedSteadyUs = steadyUs();
  readonly session: Session;
  readonly log = new LineLog();
  readonly marks: TransactionMarks = {
    refused: undefined,
    aborted: false,
    causes: {},
    turnedAway: undefined,
    refusedData: undefined,
  };
  readonly transactions: TransactionLog;
  phase = 'plain';
  secure = false;
  /** Of all replies, also those that memory has let go of. */
  readonly codes = new Set<number>();
  /** What the store was last given of the facts. */
  savedFacts = '';
  /** Number of the transaction that lines belong to. */
  transaction: number | undefined;
  #watch: RecorderWatch;
  #lastReplyChunk = -1;

  constructor(opening: Opening, watch: RecorderWatch) {
    this.seq = opening.seq;
    this.#watch = watch;
    this.session = {
      id: opening.id,
      openedAt: isoOf(this.openedUs),
      openedAtUs: this.openedUs,
      closedAt: null,
      durationUs: null,
      outcome: 'open',
      listener: opening.listener,
      peer: opening.peer,
      local: opening.local,
      clientName: null,
      tls: null,
      user: null,
      mechanism: null,
      messageIds: [],
      messages: 0,
      inboxes: [],
      commands: 0,
      bytesIn: 0,
      bytesOut: 0,
      anomalies: 0,
      ended: null,
      proxy: null,
      socketPeer: opening.peer,
      xclient: [],
      ehlo: [],
      handshakes: [],
      auth: [],
      transactions: [],
      anomalyList: [],
      lines: 0,
      truncated: false,
    };
    this.transactions = new TransactionLog(this);
  }

  /** Micro-seconds since the session was opened. */
  now(): number {
    return steadyUs() - this.openedSteadyUs;
  }

  chunk(from: Side, bytes: number): number {
    return this.log.addChunk(this.now(), from, bytes, this.secure);
  }

  #add(line: NewLine, blob?: Buffer): number {
    const n = this.log.count;
    // In place, not into a new object: lines are most of what a session makes.
    const full = line as TranscriptLine;
    full.n = n;
    full.atUs = line.atUs ?? this.now();
    full.phase = this.phase;
    full.secure = line.secure ?? this.secure;
    if (this.transaction !== undefined) full.transaction = this.transaction;
    this.log.add(full, blob);
    this.#watch.onLines(this, full);
    return n;
  }

  /** A line of the client: a command or a step of AUTH. `shown` are the bytes with secrets overwritten. */
  clientLine(kind: 'command' | 'auth', line: ReceivedBytes, shown: Buffer, masked: boolean): number {
    const { eol, length } = findEol(shown);
    const { text, base64 } = describeBytes(length ? shown.subarray(0, shown.length - length) : shown);
    const { atUs, chunk } = line;
    const entry: NewLine = { atUs, from: 'client', kind, text, eol, bytes: shown.length, chunk };
    if (base64 !== undefined) entry.base64 = base64;
    if (masked) entry.masked = true;
    if (line.chunks > 1) entry.chunks = line.chunks;
    if (line.chunk < this.#lastReplyChunk) entry.pipelined = true;
    return this.#add(entry);
  }

  /** Whether bytes that came in with this chunk were sent before our last reply was. */
  cameBeforeReply(chunk: number): boolean {
    return chunk < this.#lastReplyChunk;
  }

  /** A reply as it was written; the number of its first line. */
  serverReply(raw: Buffer, chunk: number, undelivered: number): number {
    const first = this.log.count;
    for (let at = 0; at < raw.length;) {
      const lf = raw.indexOf(10, at);
      const next = lf < 0 ? raw.length : lf + 1;
      const bytes = raw.subarray(at, next);
      at = next;
      const { eol, length } = findEol(bytes);
      const { text, base64 } = describeBytes(bytes.subarray(0, bytes.length - length));
      const shape = replyShape.exec(text);
      const entry: NewLine = { from: 'server', kind: 'reply', text, eol, bytes: bytes.length, chunk };
      if (base64 !== undefined) entry.base64 = base64;
      if (shape) {
        entry.code = Number(shape[1]);
        this.codes.add(entry.code);
        if (shape[3]) entry.enhanced = shape[3];
        if (shape[2] === '-') entry.more = true;
      }
      if (undelivered > 0) entry.undelivered = Math.min(undelivered, bytes.length);
      this.#add(entry);
    }
    this.#lastReplyChunk = chunk;
    this.changed();
    return first;
  }

  /** A message as one folded line. Without a message id the bytes, if any, are kept beside the line. */
  dataLine(
    line: { atUs: number; chunk: number; chunks: number; bytes: number; text: string },
    blob?: Buffer,
  ): number {
    return this.#add(
      { ...line, from: 'client', kind: 'data', eol: '', ...(blob ? {} : { lost: true }) },
      blob,
    );
  }

  /** Back to where the dialogue is, after a command with a phase of its own. */
  settlePhase(): void {
    const { current } = this.transactions;
    this.phase = current ? `transaction ${current.n}` : this.secure ? 'secured' : 'plain';
    this.transaction = current?.n;
  }

  /** Bytes that are no line of the protocol. */
  raw(
    kind: 'raw' | 'tls',
    from: Side,
    text: string,
    bytes: Buffer,
    more: { chunk?: number; secure?: boolean } = {},
  ): number {
    const blob = this.log.hasRoom(bytes.length) ? bytes : undefined;
    return this.#add(
      { from, kind, text, eol: '', bytes: bytes.length, ...(blob ? {} : { lost: true }), ...more },
      blob,
    );
  }

  /** Bytes of the client that were only counted. */
  lostBytes(text: string, bytes: number): number {
    return this.#add({ from: 'client', kind: 'raw', text, eol: '', bytes, lost: true });
  }

  /** Something that happened without bytes. */
  event(text: string): number {
    return this.#add({ from: null, kind: 'event', text, eol: '', bytes: 0 });
  }

  /** A simulated failure that the session meets. */
  fault({ id, name, stage, text }: Omit<AppliedFault, 'line'>): void {
    const { session } = this;
    const what = name === null ? 'Simulated failure' : `Simulated failure "${name}"`;
    const line = this.event(`${what}: ${text}`);
    session.faults = (session.faults ?? 0) + 1;
    session.faultList ??= [];
    if (session.faultList.length < maxFaults) session.faultList.push({ id, name, stage, line, text });
    this.changed();
  }

  anomaly(kind: AnomalyKind, line: number | null, text: string, count = 1): void {
    const known = this.session.anomalyList.find((entry) => entry.kind === kind);
    if (known) known.count += count;
    else if (this.session.anomalyList.length < maxAnomalies)
      this.session.anomalyList.push({ kind, line, atUs: this.now(), count, text });
    this.session.anomalies = this.session.anomalyList.length;
  }

  /** A command was refused; of those of a transaction the outcome of the session tells. */
  refused(verb: string, reply: Reply | null): void {
    const command = transactionCommands[verb];
    if (command === undefined || reply === null) return;
    this.marks.refused = brief(this.marks.causes[reply.code] ?? { command, reply });
    if (verb === 'DATA' || verb === 'BDAT') this.marks.refusedData = this.log.count - 1;
  }

  /** Tells watchers that facts have changed. */
  changed(): void {
    this.session.lines = this.log.count;
    this.session.truncated ||= this.log.truncated;
    this.#watch.onFacts(this);
  }

  close(ended: Ended): void {
    const session = this.session;
    session.ended = ended;
    session.durationUs = this.now();
    session.closedAt = isoOf(nowUs());
    this.event(ended.text);
    session.outcome = decideOutcome(session, this.marks);
    const turnedAway = whatTurnedAway(session, this.marks);
    const last = this.marks.refused ?? (turnedAway && brief(turnedAway));
    const refusal = summarizeRefusal(session, last);
    if (refusal) session.refusal = refusal;
    this.#watch.onEnd?.(this);
    session.lines = this.log.count;
    noteFindings(session, { ...this.marks, mails: this.transactions.findings });
    this.changed();
  }
}
