// What the other tools' APIs are made from. They know the product by these shapes only.
import type { Readable } from 'node:stream';
import type { DurableEvent } from '../../shared/events.ts';
import type { Fault, FaultInput } from '../../shared/fault.ts';
import type { Address, Message, MessageSummary, Part } from '../../shared/message.ts';
import type { Query } from '../../shared/search/query.ts';
import type { Status } from '../../shared/status.ts';
import type { Log } from '../log.ts';

export type Selection = { ids: string[] } | { all: true } | { query: Query };

export interface CompatStore {
  listMessages(ask: {
    limit: number;
    cursor?: string;
    query?: Query;
  }): Promise<{ items: MessageSummary[]; nextCursor: string | null }>;
  /** The id of the message that has this `seq`. */
  findBySeq(seq: number): Promise<string | undefined>;
  findMessage(id: string): Promise<Message | undefined>;
  findBody(id: string): Promise<{ size: number; bytes(): Promise<Buffer>; stream(): Readable } | undefined>;
  findSessionSummary(
    id: string,
  ): Promise<{ clientName: string | null; peer: { address: string; port: number } } | undefined>;
  markMessages(
    which: Selection,
    marks: { read?: boolean; tags?: string[]; addTags?: string[]; removeTags?: string[] },
  ): Promise<number>;
  deleteMessages(which: Selection, purge: boolean): Promise<number>;
  counts(): Promise<{ messages: number; unread: number; bytes: number }>;
}

/** A message that came by an API instead of SMTP. */
export interface Submission {
  raw: Buffer;
  from: string;
  to: string[];
  user: string | null;
  tags: string[];
}

/** A mailbox, or a group: it has no address. */
export interface ListedAddress extends Address {
  group?: Address[];
}

/** What an HTML body points to. */
export interface HtmlOverview {
  /** As they stand: of anchors, style sheets and images. */
  anchors: string[];
  styles: string[];
  images: string[];
}

/** An HTML body with what its style sheets say in the style attributes, as programs write it into them. */
export interface StyledHtml {
  elements: readonly { name: string; attributes: Readonly<Record<string, string>> }[];
  /** The text of all style elements. */
  sheets: string;
}

/** Rules by which failures are simulated. */
export interface CompatFaults {
  list(): Fault[];
  create(rule: FaultInput): Promise<Fault>;
  removeAll(which: { ids: string[] }): Promise<number>;
}

export interface CompatParts {
  store: CompatStore;
  faults: CompatFaults;
  /** Resolves once the message is parsed, or after 2 s at most. */
  settled(id: string): Promise<void>;
  /** Stores a message and resolves with its id, once it is durable. */
  submit(mail: Submission): Promise<string>;
  status(): Promise<Status>;
  /** The bytes of a part without their transfer encoding. */
  decodePart(raw: Buffer, part: Part): Buffer;
  /** The same as text, of its first bytes; it may be longer than `maxLength`. */
  decodePartText(
    raw: Buffer,
    part: Part,
    maxBytes: number,
    maxLength: number,
    lineEndings?: 'lf' | 'sent',
  ): string;
  /** Encoded words (RFC 2047) as text. */
  decodeWords(text: string): string;
  /** HTML as the text that a tool makes of it, for messages that have no other. */
  htmlAsText(html: string, tool: 'mailpit' | 'maildev'): string;
  overviewHtml(html: string): HtmlOverview;
  /** Undefined: that would take too long. */
  styleHtml(html: string): Promise<StyledHtml | undefined>;
  /** Of an address field as it was sent, unfolded. `asGroups`: a group stands for its members. */
  parseAddresses(text: string, asGroups?: boolean): ListedAddress[];
  contentDisposition(kind: 'inline' | 'attachment', filename: string): string;
  /** The message's HTML as a document that a browser may show under `csp`. */
  frameHtml(message: Message, cidUrl: (contentId: string) => string | undefined): string;
  csp(options: { cidBase: string; remote: boolean }): string;
  /** Content-ID to an address that a sandboxed document may load. */
  cidUrls(message: Message): (contentId: string) => string | undefined;
  events: { on(type: 'durable', listener: (batch: DurableEvent[]) => void): () => void };
  log: Log;
}

export interface CompatOptions {
  /** Whose answer `GET /api/v1/messages` gives; both Mailpit and MailHog have that call. */
  primary: 'mailpit' | 'mailhog';
  /** Largest body of a call that sends a message. */
  maxSize: number;
}
