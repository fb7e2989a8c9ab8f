// One client connection: its streams, its record, and the ways to write to it and to end it. The phases (greeting,
// commands, TLS, AUTH, data) are functions over it in files of their own.
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Ended } from '../../shared/session.ts';
import type { Reply } from '../../shared/transaction.ts';
import type { Accounts } from './auth/mechanisms.ts';
import type { Intake } from './arrival.ts';
import type { Engine, EnginePeer } from './engine.ts';
import type { EnginePort } from './engine-port.ts';
import type { ChunkedMessage } from './chunked-message.ts';
import type { FaultSource } from './fault-source.ts';
import type { ContentSoFar } from './missed-end.ts';
import { Reader } from './reader.ts';
import { Recorder, type RecorderWatch } from './record/recorder.ts';
import type { TransactionLog } from './record/transactions.ts';
import { formatReplyLine } from './replies.ts';
import type { TlsSetup } from './tls/terminator.ts';

export interface GateLimits {
  idleMs: number;
  partialLineMs: number;
  /** A message that has been coming for so long must have come at `minRate` bytes a second on average. */
  slowAfterMs: number;
  minRate: number;
  handshakeMs: number;
  /** How long an implicit TLS port waits for a first byte before it explains itself in clear text. */
  silentTlsMs: number;
  /** How long after our FIN the client may take to close. */
  lingerMs: number;
  /** How long a message under way may go on when we shut down. */
  drainMs: number;
  maxErrors: number;
  maxCommand: number;
  maxAuthLine: number;
  maxSize: number;
}

export interface GateOptions {
  listener: {
    name: string;
    protocol: 'smtp' | 'lmtp';
    tls: 'none' | 'offered' | 'required' | 'implicit';
    auth: 'none' | 'offered' | 'required';
    authNeedsTls: boolean;
    proxy: boolean;
    xclient: boolean;
    bareNewlines: 'accept' | 'refuse';
  };
  limits: GateLimits;
  mechanisms: string[];
  accounts: Accounts;
  recordCredentials: boolean;
  tls: TlsSetup | null;
  engine: Engine;
  intake: Intake;
  watch: RecorderWatch;
  /** Failures that are simulated. */
  faults: FaultSource;
  /** Where the client could have gone instead, for replies: e.g. "STARTTLS is offered on port 1587". */
  hints: { startTls: string | null; plain: string | null; web: string | null };
}

const none: ReadonlySet<string> = new Set();
const maxUnsaved = 5000;
const maxUnsavedBytes = 128 * 1024;

export class Connection {
  readonly socket: Socket;
  readonly options: GateOptions;
  readonly recorder: Recorder;
  readonly transactions: TransactionLog;
  /** Where SMTP is spoken: the socket, or TLS on top of it. */
  front: Duplex;
  reader: Reader;
  port: EnginePort | undefined;
  /** EHLO was accepted since the start or since TLS. */
  greeted = false;
  lastCommandLine = -1;
  /** Empty behind the content of a message. */
  lastVerb = '';
  user: string | null = null;
  tls: string | null = null;
  errors = 0;
  /** After a refused AUTH, what is no command may be the rest of a secret. */
  secretsMayFollow = false;
  /** The message whose BDAT chunks are coming, or that is whole while it is not yet settled what becomes of it. */
  chunked: ChunkedMessage | undefined;
  /** A message by DATA is whole and has its line, and a simulated delay puts off what becomes of it. */
  settling = false;
  /** What DATA brought so far. */
  content: ContentSoFar | undefined;
  /** A simulated failure refused the session by its greeting. */
  refusedAtGreeting = false;
  /** Keywords that a simulated failure kept out of the newest reply to EHLO. */
  withheld: ReadonlySet<string> = none;
  /** Where the client did not wait for the end of a simulated delay: goes behind how it left. */
  leftInPause = '';
  /** Shutting down: what is under way may finish. */
  draining = false;
  /** Waiting for the client; our own work is not limited by its clocks. `reply`: it has to read; `pause`: it waits for us. */
  waiting: 'none' | 'command' | 'data' | 'auth' | 'tls' | 'reply' | 'pause' = 'none';
  /** Since when a line is unfinished, in micro-seconds of the session. */
  partialSinceUs: number | undefined;
  lastWriteUs = 0;
  #ended: Ended | undefined;
  #nextKeep = maxUnsaved;
  #release: (() => void) | undefined;

  constructor(socket: Socket, options: GateOptions, opening: { id: string; seq: number }) {
    this.socket = socket;
    this.options = options;
    socket.setNoDelay(true);
    this.recorder = new Recorder(
      {
        ...opening,
        listener: options.listener.name,
        peer: { address: cleanAddress(socket.remoteAddress), port: socket.remotePort ?? 0 },
        local: { address: cleanAddress(socket.localAddress), port: socket.localPort ?? 0 },
      },
      options.watch,
    );
    this.transactions = this.recorder.transactions;
    this.front = socket;
    this.reader = this.read(this.front);
  }

  get id(): string {
    return this.recorder.session.id;
  }
  /** Nothing more is to be read or written. */
  get over(): boolean {
    return this.#ended !== undefined;
  }
  get ended(): Ended | undefined {
    return this.#ended;
  }

  /** Starts to read from a stream; every read is recorded. */
  read(source: Duplex): Reader {
    const onBytes = (bytes: Buffer): { atUs: number; chunk: number } => {
      const atUs = this.recorder.now();
      return { atUs, chunk: this.recorder.chunk('client', bytes.length) };
    };
    return new Reader(source, onBytes, source === this.socket ? this.socket : undefined);
  }

  get peer(): EnginePeer {
    const { peer, local } = this.recorder.session;
    return {
      remoteAddress: peer.address,
      remotePort: peer.port,
      localAddress: local.address,
      localPort: local.port,
    };
  }

  openEngine(): EnginePort {
    this.port?.destroy();
    this.port = this.options.engine.open(this.id, this.recorder.secure, this.peer);
    return this.port;
  }

  /** Writes a reply, records it, waits while the client does not read. The number of its first line. */
  async write(raw: string | Buffer): Promise<number> {
    const bytes = typeof raw === 'string' ? Buffer.from(raw, 'utf8') : raw;
    const possible = this.front.writable && !this.front.destroyed;
    const chunk = this.recorder.chunk('server', bytes.length);
    const line = this.recorder.serverReply(bytes, chunk, possible ? 0 : bytes.length);
    if (!possible) {
      this.recorder.anomaly(
        'reply-not-delivered',
        line,
        'The client was gone before this reply could be written.',
      );
      return line;
    }
    this.lastWriteUs = this.recorder.now();
    // At the end nobody waits for the client to read: closing has a limit of its own.
    if (!this.front.write(bytes) && !this.over) {
      this.waiting = 'reply';
      await this.#drained();
      this.waiting = 'none';
    }
    return line;
  }

  answer(reply: Reply): Promise<number> {
    return this.write(formatReplyLine(reply));
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.front.off('drain', done).off('close', done);
        this.#release = undefined;
        resolve();
      };
      this.front.on('drain', done).on('close', done);
      this.#release = done;
    });
  }

  /** Waits for work of ours while a message comes in; the client's clocks stand still. */
  async ownTime(work: Promise<void>): Promise<void> {
    const { waiting } = this;
    this.waiting = 'none';
    await work;
    this.waiting = waiting;
    this.lastWriteUs = this.recorder.now();
  }

  /** Lines of a message may still change, and are not to be saved. */
  get linesChange(): boolean {
    return this.settling || this.chunked !== undefined;
  }

  /** The client makes lines faster than they are stored. */
  get lagsBehind(): boolean {
    const { log } = this.recorder;
    return !this.linesChange && (log.unsaved >= this.#nextKeep || log.unsavedBytes >= maxUnsavedBytes);
  }

  /** A client that does so waits, so that they do not fill the memory. */
  async keepPace(): Promise<void> {
    if (!this.lagsBehind) return;
    const { log } = this.recorder;
    this.reader.hold();
    await this.ownTime(this.options.intake.keepRecord(this.recorder));
    // While nothing can be stored, not at every command.
    this.#nextKeep = Math.max(maxUnsaved, 2 * log.unsaved);
  }

  /** BDAT chunks that came never become a message. */
  async abandonChunks(): Promise<void> {
    const cut = this.chunked?.cut;
    if (cut) this.options.faults.giveBack(cut);
    try {
      await this.chunked?.abandon();
    } finally {
      this.chunked = undefined;
    }
  }

  /** Says why and how the session ends; the first cause counts, what follows is its consequence. */
  end(by: Ended['by'], how: Ended['how'], text: string): void {
    if (this.#ended) return;
    this.#ended = { by, how, phase: this.recorder.phase, text };
    this.reader.stop();
    this.#release?.();
  }

  /** Ends from our side with a last reply, if one can still be written. */
  async endWith(reply: Reply, how: Ended['how'], text: string): Promise<void> {
    if (this.over) return;
    const during = this.recorder.phase;
    this.end('server', how, text);
    if (during !== 'handshake') await this.answer(reply);
  }
}

/** IPv4 as IPv4, also on a socket that takes both. */
function cleanAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}
