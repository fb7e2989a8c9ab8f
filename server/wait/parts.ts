// What waiting needs of the rest of the program.
import type { DurableEvent } from '../../shared/events.ts';
import type { Tools } from '../../shared/expect/judge-texts.ts';
import type { InboxView } from '../../shared/inbox-view.ts';
import type { Message, MessageSummary } from '../../shared/message.ts';
import type { Query } from '../../shared/search/query.ts';
import type { Session, SessionSummary } from '../../shared/session.ts';
import type { TranscriptLine } from '../../shared/transcript.ts';

interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

interface ListAsk {
  limit: number;
  cursor?: string;
  inbox?: InboxView;
  query?: Query;
}

export interface QuickText {
  text: string | null;
  html: string | null;
}

export interface WaitParts {
  store: {
    listMessages(ask: ListAsk): Promise<Page<MessageSummary>>;
    findMessage(id: string, inbox?: InboxView): Promise<Message | undefined>;
    listSessions(ask: ListAsk): Promise<Page<SessionSummary>>;
    findSession(id: string): Promise<Session | undefined>;
    readCodes(id: string): Promise<number[]>;
    readTranscript(id: string, from: number, limit: number): Promise<{ lines: TranscriptLine[] }>;
    readEvents(
      since: string | undefined,
      limit: number,
      inbox?: InboxView,
    ): Promise<{ items: DurableEvent[]; next: string; reset: boolean }>;
    cursor(): string;
  };
  /** Sessions that are still open. One stays in here until the store has all of it. */
  running: {
    list(): SessionSummary[];
    /** Without codes: the store has to be asked for them. */
    find(id: string): { session: Session; codes: number[] | undefined; lines: TranscriptLine[] } | undefined;
  };
  events: {
    /** In order of seq, after their commit. Returns the way to stop. */
    on(type: 'durable', listener: (batch: DurableEvent[]) => void): () => void;
  };
  /** Has the message parsed as soon as possible; resolves then, or after 2 s. */
  settled(messageId: string): Promise<void>;
  /** What a message says that waits to be parsed, where that can be told at once. */
  quickText(messageId: string): QuickText | undefined;
  inboxes: {
    /** The event with which it begins. Throws `not_found`. */
    sinceSeq(name: string): number;
  };
  selectHtml: Tools['selectHtml'];
  /** Calls under way at once. */
  maxWaits?: number;
}

/** A search as it was given. */
export interface Search {
  text: string;
  query: Query | null;
  places: ReadonlyMap<Query, { start: number; end: number }>;
}
