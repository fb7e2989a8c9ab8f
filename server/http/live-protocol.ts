// What is said over socket.io, in the namespace /live. Each message to a client is acknowledged by it before the
// next of its kind is sent, so that a slow client costs no memory here.
import * as z from 'zod';
import type { DurableEvent, EphemeralEvents } from '../../shared/events.ts';
import { inboxNameForm } from '../../shared/inbox-name.ts';
import { sessionId } from '../../shared/session.ts';

type Acknowledge = () => void;
export type SessionNews = {
  [K in 'session:opened' | 'session:updated']: { type: K; payload: EphemeralEvents[K] };
}['session:opened' | 'session:updated'];

export interface ServerToClient {
  /** First of all: where this connection starts. With `reset` what the client knows is void. */
  start(at: { cursor: string; reset: boolean }, done: Acknowledge): void;
  /** In order, none missing, none twice. */
  events(events: DurableEvent[], done: Acknowledge): void;
  sessions(news: SessionNews[], done: Acknowledge): void;
  /** The newest of each rule. */
  faults(news: EphemeralEvents['fault:applied'][], done: Acknowledge): void;
  /** The newest of each issue. */
  issues(news: EphemeralEvents['issue:seen'][], done: Acknowledge): void;
  lines(payload: EphemeralEvents['session:lines'], done: Acknowledge): void;
}

/** `error` is null, or a sentence. */
export type Answered = (error: string | null) => void;
export interface ClientToServer {
  watch(ask: unknown, answered: Answered): void;
  unwatch(ask: unknown, answered: Answered): void;
}

export const greeting = z.object({
  since: z.string().max(200).nullish(),
  /** Only what is in this inbox. */
  inbox: z.string().regex(inboxNameForm).nullish(),
  token: z.string().max(4096).nullish(),
});
export const watchAsk = z.strictObject({ sessionId, from: z.int().nonnegative().default(0) });
export const unwatchAsk = z.strictObject({ sessionId });
