// What the HTTP side needs of the rest of the program. It is given as arguments and known only by these shapes.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex, Readable } from 'node:stream';
import type { DurableEvent, EphemeralEvents } from '../../shared/events.ts';
import type { ParsedExpectation } from '../../shared/expect/expectation.ts';
import type { ExpectationReport } from '../../shared/expect/report.ts';
import type {
  CountedInbox,
  InboxChanges,
  InboxInput,
  InboxToken,
  NewInbox,
  TokenScope,
} from '../../shared/inbox.ts';
import type { InboxView } from '../../shared/inbox-view.ts';
import type { Message, MessageSummary, Part } from '../../shared/message.ts';
import type { Query } from '../../shared/search/query.ts';
import type { Session, SessionSummary } from '../../shared/session.ts';
import type { Status } from '../../shared/status.ts';
import type { TranscriptChunk, TranscriptLine } from '../../shared/transcript.ts';
import type { Log } from '../log.ts';
import type { FaultPart } from './fault-part.ts';
import type { IssuePart } from './issue-part.ts';

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  /** Of a search: how many it could not look at yet, where there are any. */
  notSearched?: number;
}

export interface StoredBody {
  size: number;
  /** For rebuilding the bytes of the wire: where dots were removed, sizes of BDAT chunks (null for DATA). */
  wire: { dots: Uint8Array; bdat: number[] | null };
  bytes(): Promise<Buffer>;
  stream(): Readable;
}

export type Selection = { ids: string[] } | { all: true };
export type MessageSelection = Selection | { query: Query };

export interface Marks {
  read?: boolean;
  pinned?: boolean;
  /** All that the messages have afterwards. */
  tags?: string[];
  addTags?: string[];
  removeTags?: string[];
}

export interface EventPage {
  items: DurableEvent[];
  next: string;
  /** The cursor is of another store or was pruned. */
  reset: boolean;
}

export interface StorePart {
  listMessages(ask: {
    limit: number;
    cursor?: string;
    inbox?: InboxView;
    query?: Query;
  }): Promise<Page<MessageSummary>>;
  findMessage(id: string, inbox?: InboxView): Promise<Message | undefined>;
  findBody(id: string, inbox?: InboxView): Promise<StoredBody | undefined>;
  markMessages(which: MessageSelection, marks: Marks, inbox?: InboxView): Promise<number>;
  deleteMessages(which: MessageSelection, purge: boolean, inbox?: InboxView): Promise<number>;
  restoreMessages(which: MessageSelection, inbox?: InboxView): Promise<number>;
  listSessions(ask: {
    limit: number;
    cursor?: string;
    inbox?: InboxView;
    query?: Query;
  }): Promise<Page<SessionSummary>>;
  findSession(id: string): Promise<Session | undefined>;
  /** Lines from number `from` on, at most `limit`, with the chunks that they name. */
  readTranscript(
    id: string,
    from: number,
    limit: number,
  ): Promise<{ lines: TranscriptLine[]; chunks: TranscriptChunk[] }>;
  readBlob(id: string, line: number): Promise<Buffer | undefined>;
  deleteSessions(which: Selection, purge: boolean, inbox?: InboxView): Promise<number>;
  restoreSessions(which: Selection, inbox?: InboxView): Promise<number>;
  /** Of an inbox at least those that are about it; `next` is behind all that were looked at. */
  readEvents(since: string | undefined, limit: number, inbox?: InboxView): Promise<EventPage>;
  cursor(): string;
}

export interface RunningSession {
  session: Session;
  /** Of all replies. */
  codes: number[];
  /** Ascending by `n`. Those that are stored may be missing. */
  lines: TranscriptLine[];
  chunks: TranscriptChunk[];
  blob(line: number): Buffer | undefined;
}

/** The sessions that are still open. One stays in here until the store has all of it. */
export interface RunningPart {
  list(): SessionSummary[];
  find(id: string): RunningSession | undefined;
}

export type LiveEvents = EphemeralEvents & { durable: DurableEvent[] };

export interface EventsPart {
  /** Durable ones come in batches, in order of seq, after their commit. Returns the way to stop. */
  on<K extends keyof LiveEvents>(type: K, listener: (payload: LiveEvents[K]) => void): () => void;
}

export interface MailPart {
  /** The message's HTML as a document of its own; `cidUrl` gives the address of an inline part. */
  frameHtml(message: Message, cidUrl: (contentId: string) => string | undefined): string;
  /** The message's text as a document of its own. */
  frameText(message: Message): string;
  /** The document as a light or a dark reader shows it; `pictures` are those that its policy lets in. */
  forScheme(
    html: string,
    scheme: 'light' | 'dark' | 'inverted' | 'paper',
    pictures: 'all' | 'inline' | 'none',
  ): string;
  /** The policy of that document: sandboxed, nothing but `cidBase` and, with `remote`, images from outside. */
  csp(options: { cidBase: string; remote: boolean }): string;
  /** The bytes of a part with its transfer encoding removed. */
  decodePart(raw: Buffer, part: Part): Buffer;
  /** By magic bytes: an image that may be shown, or application/octet-stream as an attachment. */
  servedType(bytes: Buffer, declared: string): { contentType: string; inline: boolean };
  /** RFC 6266, with the file name made safe. */
  contentDisposition(kind: 'inline' | 'attachment', filename: string): string;
}

/** A search as it was given, with the places of its parts. */
export interface Search {
  text: string;
  query: Query | null;
  places: ReadonlyMap<Query, { start: number; end: number }>;
}

interface WaitAsk {
  search: Search;
  view: InboxView;
  after: string | undefined;
  count: number;
  timeoutMs: number;
  none: boolean;
}
interface WaitAnswer<T> {
  items: T[];
  cursor: string;
  waitedMs: number;
}

/** All give up with the reason of the signal. */
export interface WaitPart {
  messages(ask: WaitAsk, signal: AbortSignal): Promise<WaitAnswer<MessageSummary>>;
  sessions(ask: WaitAsk, signal: AbortSignal): Promise<WaitAnswer<SessionSummary>>;
  expect(
    expectation: ParsedExpectation,
    searches: { messages: Search[]; sessions: Search[] },
    view: InboxView,
    signal: AbortSignal,
  ): Promise<ExpectationReport>;
}

/** Answers for paths that are none of ours: other tools' APIs. Asked once the access checks have passed. */
export interface GuestPart {
  /** Whether any of their calls has this path. */
  serves(path: string): boolean;
  /** The body in which one of them refuses who may not ask; undefined: the one that we have. */
  refusalAt(path: string, status: number): object | undefined;
  /** False: there is no such path here either. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** False: there is no WebSocket at this path. */
  upgrade(path: string, request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** A client of the default namespace of socket.io. Returns the way to stop. */
  connected(emit: (event: string, ...values: unknown[]) => void): () => void;
  close(): void;
}

/** Stores messages that come as a body. Rejects with MailscopeError; then nothing was stored. */
export interface SubmissionPart {
  /** In bytes. */
  maxSize: number;
  /** What of the envelope is not given is read from the header. */
  store(
    chunks: AsyncIterable<Buffer>,
    ask: { from?: string | undefined; to?: string[] | undefined; origin: 'api' | 'import' },
  ): Promise<MessageSummary>;
}

/** What whoever has a token may do. */
export interface Grant {
  readonly scope: TokenScope;
  /** The only one that it sees; null: all. */
  readonly inbox: InboxView;
  readonly revoked: boolean;
}

export interface GrantPart {
  /** Nobody is let in without a password or token. */
  readonly isClosed: boolean;
  find(token: string): Grant | undefined;
  /** It can be nothing else than a token of ours. */
  looksLikeToken(text: string): boolean;
  /** Null: there is none, and only tokens are taken. */
  readonly password: { matches(given: string): boolean } | null;
}

/** All throw not_found and conflict. */
export interface InboxPart {
  list(): Promise<CountedInbox[]>;
  read(name: string): Promise<CountedInbox>;
  /** The event with which it begins. */
  sinceSeq(name: string): number;
  create(input: InboxInput): Promise<NewInbox>;
  change(name: string, changes: InboxChanges): Promise<NewInbox>;
  remove(name: string): Promise<number>;
  readonly tokens: {
    list(inbox: string): InboxToken[];
    create(inbox: string, scope: TokenScope, label: string): Promise<InboxToken & { token: string }>;
    delete(inbox: string, id: string): Promise<void>;
  };
}

export interface HttpParts {
  store: StorePart;
  running: RunningPart;
  /** Resolves once the message is parsed, or after 2 s at most. */
  settled(messageId: string): Promise<void>;
  /** Resolves once a search finds all that waits were answered with. */
  caughtUp(): Promise<void>;
  /** With the counts of one inbox, or of all. */
  status(inbox: InboxView): Promise<Status>;
  grants: GrantPart;
  inboxes: InboxPart;
  faults: FaultPart;
  issues: IssuePart;
  /** The certificate of the local CA; null when the user gave a certificate. */
  caPem: string | null;
  mail: MailPart;
  /** Sends ourselves a sample mail and resolves once it is stored. */
  sendSample(ask: {
    listener?: string | undefined;
    kind: 'html' | 'text' | 'attachment';
  }): Promise<{ messageId: string; sessionId: string }>;
  waits: WaitPart;
  submission: SubmissionPart;
  /** Answers what agents ask over HTTP. */
  agents(request: Request): Promise<Response>;
  events: EventsPart;
  guests?: GuestPart;
  log: Log;
}

export interface HttpOptions {
  /** An address, or `localhost` for 127.0.0.1 and, where there is one, ::1. */
  host: string;
  /** 0 takes a free port. */
  port: number;
  /** Names beside localhost and addresses that requests may be for. */
  allowHosts: string[];
  /** HTTPS instead of HTTP. */
  tls?: { key: string; cert: string } | undefined;
  /** Folder of the built web interface. */
  webFolder: string;
  /** Checks every answer against the contract; for tests. */
  checkAnswers?: boolean;
  /** Set by tests, to be quicker. */
  clocks?: Partial<HttpClocks>;
}

/** How long clients may take, in ms. */
export interface HttpClocks {
  headersMs: number;
  /** A request with its body. */
  requestMs: number;
  /** Between two requests of one connection. */
  keepAliveMs: number;
  /** Nothing goes either way and no answer is being made: mostly one that is not read. */
  silentMs: number;
  /** Live clients are asked as often whether they are there, and have as long to answer. */
  pingMs: number;
  pongMs: number;
  /** To acknowledge what they were told, before their connection is given up; they come back with their cursor. */
  acknowledgeMs: number;
}

export const usualClocks: HttpClocks = {
  headersMs: 10_000,
  requestMs: 60_000,
  keepAliveMs: 30_000,
  silentMs: 360_000,
  pingMs: 25_000,
  pongMs: 20_000,
  acknowledgeMs: 30_000,
};
