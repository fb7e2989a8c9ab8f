// What the rest of the server may ask of the storage. Every driver passes test/store/store-suite.ts.
import type { Readable } from 'node:stream';
import type { DurableEvent } from '../../shared/events.ts';
import type { Found } from '../../shared/finding.ts';
import type {
  Attachment,
  Code,
  HeaderField,
  Link,
  Message,
  MessageSummary,
  Part,
  Address,
  Unsubscribe,
} from '../../shared/message.ts';
import type { Query } from '../../shared/search/query.ts';
import type { Session, SessionSummary } from '../../shared/session.ts';
import type { EnvelopeAddress } from '../../shared/transaction.ts';
import type { TranscriptChunk, TranscriptLine } from '../../shared/transcript.ts';
import type { Background } from '../background.ts';
import type { StoredFaults, StoredInboxes, StoredIssues } from './kept.ts';

/** A body that has wholly arrived: in memory, or as a temporary file that is already synced to disk. */
export interface ArrivedBody {
  size: number;
  /** Its first bytes, at least 256 KiB where there are as many; enough for the header scan. */
  head: Buffer;
  bytes: Buffer | null;
  file: string | null;
}

/** Takes the bytes of a message while they arrive; past 1 MiB they go to a file, where the driver has files. */
export interface BodyWriter {
  /**
   * Returns a promise when the caller should wait (back pressure). A failure comes out of `finish`. The chunk is kept,
   * not copied: leave it as it is.
   */
  write(chunk: Buffer): Promise<void> | undefined;
  finish(): Promise<ArrivedBody>;
  /** Forgets everything. Safe at any time, more than once, and after `finish` unless the message was saved. */
  discard(): void;
}

/** What is needed, beside the body, to rebuild the bytes that went over the wire. */
export interface WireShape {
  /** Where in the stored body a dot was removed, as `StuffedDots` packs it. */
  dots: Uint8Array;
  /** Sizes of the BDAT chunks; null for DATA. */
  bdat: number[] | null;
}

/** The fields of a list row that the inline header scan gives. */
export interface ScannedHeader {
  from: Address[];
  to: Address[];
  subject: string;
  date: string | null;
}

export interface NewMessage {
  id: string;
  receivedAtUs: number;
  origin: Message['origin'];
  transaction: number | null;
  lines: { first: number; last: number } | null;
  body: ArrivedBody;
  wire: WireShape;
  envelope: { from: EnvelopeAddress; to: EnvelopeAddress[] };
  scanned: ScannedHeader;
  tls: string | null;
  user: string | null;
  inboxes: string[];
  /** With which it comes, in any order. */
  tags: string[];
}

/** A piece of a session's record, appended to what is stored of it. */
export interface SessionPart {
  /** Order of the session list; given out by the recorder, above `Store.lastSessionSeq`. */
  seq: number;
  /**
   * What is known so far; replaces what was stored before, but for `transactions`: those are the ones that changed
   * since the part before, and are added to or replaced among the stored ones.
   */
  session: Session;
  /** Nothing but counts, times and transactions differ from the part before: the rest may wait for the last part. */
  isAsBefore?: boolean;
  lines: TranscriptLine[];
  chunks: TranscriptChunk[];
  /** Bytes of lines that belong to no stored message: handshakes, refused or aborted data. */
  blobs: { line: number; bytes: Buffer }[];
}

/** What parsing made of a message; can be thrown away and made again. */
export interface Derived {
  /** Version of the code that made it. */
  version: number;
  problem: string | null;
  /** False: nothing beside the headers could be read. */
  ok: boolean;
  from: Address[];
  to: Address[];
  cc: Address[];
  bcc: Address[];
  replyTo: Address[];
  subject: string;
  date: string | null;
  messageId: string | null;
  snippet: string;
  headers: HeaderField[];
  text: string | null;
  html: string | null;
  structure: Part | null;
  attachments: Attachment[];
  links: Link[];
  codes: Code[];
  unsubscribe: Unsubscribe | null;
  /** What is wrong with the message, the worst first. */
  findingList?: Found[];
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  /** Of a search: how many it could not look at yet, where there are any. */
  notSearched?: number;
}

export interface StoredBody {
  size: number;
  /** What `bytes` gives is read anew each time, into memory of its own. */
  fresh: boolean;
  bytes(): Promise<Buffer>;
  stream(): Readable;
}

export interface Retention {
  maxMessages: number;
  maxBytes: number;
  maxAgeMs: number;
}

export interface StoreCounts {
  messages: number;
  unread: number;
  sessions: number;
  bytes: number;
}

/** Which messages a change is about. `all` and `query` mean those that exist when it is carried out. */
export type MessageSelection = { ids: string[] } | { all: true } | { query: Query };

export interface Marks {
  read?: boolean;
  pinned?: boolean;
  /** All that the messages have afterwards. */
  tags?: string[];
  addTags?: string[];
  removeTags?: string[];
}

export interface Store {
  /** Random, kept with the data: cursors of another store are recognised by it. */
  readonly id: string;
  /** The highest session seq ever saved, as of the opening. */
  readonly lastSessionSeq: number;

  createBody(): BodyWriter;
  /**
   * Saves body, envelope and the session so far in one transaction. Resolves once it is durable.
   * Rejects with MailscopeError `storage_full` (disk or quota) or `internal`; then nothing was stored, and a file of
   * the body is removed. `bytes` and `head` stay as they are, before and after.
   */
  saveMessage(message: NewMessage, part: SessionPart | null): Promise<MessageSummary>;
  /** Appends to a session; `closed` ends it and announces `session:closed`. */
  saveSession(part: SessionPart, closed: boolean): Promise<void>;
  /** Resolves with the message where this is its first parse and something was found wrong with it. */
  saveDerived(id: string, derived: Derived): Promise<MessageSummary | null>;
  /**
   * Oldest first: messages stored but not parsed by this version, after a crash, an upgrade or a restore. With `after`
   * those that are newer than that one, while it is there.
   */
  listUnparsed(version: number, limit: number, after?: string): Promise<string[]>;

  /** With a query those that match: what was saved is found at once, what was parsed some milliseconds later. */
  listMessages(ask: {
    limit: number;
    cursor?: string;
    inbox?: string | null;
    query?: Query;
  }): Promise<Page<MessageSummary>>;
  /** In an inbox: as it is there, and nothing that is not in it. So with all that takes one. */
  findMessage(id: string, inbox?: string | null): Promise<Message | undefined>;
  findBody(id: string, inbox?: string | null): Promise<(StoredBody & { wire: WireShape }) | undefined>;
  markMessages(which: MessageSelection, marks: Marks, inbox?: string | null): Promise<number>;
  /** Without `purge` it can be restored until `purgeDeleted` takes it. */
  deleteMessages(which: MessageSelection, purge: boolean, inbox?: string | null): Promise<number>;
  restoreMessages(which: MessageSelection, inbox?: string | null): Promise<number>;
  /** Removes for good what was deleted before the given time, bytes and files included. */
  purgeDeleted(beforeUs: number): Promise<number>;

  listSessions(ask: {
    limit: number;
    cursor?: string;
    inbox?: string | null;
    query?: Query;
  }): Promise<Page<SessionSummary>>;
  /** The codes of all replies, as far as the session is stored. */
  readCodes(id: string): Promise<number[]>;
  /** What lists show of it; counts of one that runs may be older. */
  findSessionSummary(id: string): Promise<SessionSummary | undefined>;
  findSession(id: string): Promise<Session | undefined>;
  /** Lines from number `from` on, with the chunks that they name. */
  readTranscript(
    id: string,
    from: number,
    limit: number,
  ): Promise<{ lines: TranscriptLine[]; chunks: TranscriptChunk[] }>;
  readBlob(id: string, line: number): Promise<Buffer | undefined>;
  /**
   * Those that still run are left alone. Their messages stay, without a session. Without `purge` they can be restored
   * until `purgeDeleted` takes them.
   */
  deleteSessions(
    which: { ids: string[] } | { all: true },
    purge: boolean,
    inbox?: string | null,
  ): Promise<number>;
  restoreSessions(which: { ids: string[] } | { all: true }, inbox?: string | null): Promise<number>;

  /** Of an inbox at least those that are about it. */
  readEvents(
    since: string | undefined,
    limit: number,
    inbox?: string | null,
  ): Promise<{ items: DurableEvent[]; next: string; reset: boolean }>;
  cursor(): string;
  counts(inbox?: string | null): Promise<StoreCounts>;
  /** Bytes that can still be stored: those free on the disk and those in the database; Infinity in memory. */
  freeBytes(): Promise<number>;
  /** Resolves when something small could be written. */
  tryWriting(): Promise<void>;
  readonly inboxes: StoredInboxes;
  readonly faults: StoredFaults;
  readonly issues: StoredIssues;
  /** Removes the oldest messages and sessions over the limits, in bounded steps; pinned ones stay. */
  prune(limits: Retention, nowUs: number): Promise<{ messages: number; sessions: number }>;

  /** Waits for what is under way, then closes. */
  [Symbol.asyncDispose](): Promise<void>;
}

export interface StoreOptions {
  /** A folder, or `:memory:`. */
  data: string;
  /** By which the search index gives way to mail, and what else does. */
  background?: Background;
  /** Called after the commit, in order of seq. */
  onEvents(events: DurableEvent[]): void;
  /** For notices such as "moved aside" or "3 orphaned files removed". */
  onNotice(text: string): void;
  /** What was derived of this message proved to be damaged: parse it again. */
  onUnparsed?(id: string): void;
}
