// One subscription for all who wait: events are passed on as they come, and what several ask is looked up once.
import { setMaxListeners } from 'node:events';
import { MailscopeError } from '../../shared/errors.ts';
import type { DurableEvent } from '../../shared/events.ts';
import type { Message, MessageSummary } from '../../shared/message.ts';
import { messageMatcher } from '../../shared/search/match-message.ts';
import type { Query } from '../../shared/search/query.ts';
import type { SearchableSession } from '../../shared/search/session-texts.ts';
import { waitLimits } from '../../shared/wait.ts';
import type { WaitParts } from './parts.ts';
import { findSearchable, searchableMessage, searchableSummary } from './searchable.ts';

export type Matches = (query: Query | null, nowUs: number) => boolean;

export interface Hub {
  /** Messages that arrived and are not parsed yet, oldest first: an index may not have them. */
  readonly unparsed: ReadonlyMap<string, MessageSummary>;
  /** Aborted when Mailscope stops. */
  readonly stopping: AbortSignal;
  /** Counts a call in, and returns the way to count it out. Throws `too_many_waits`. */
  enter(): () => void;
  /** Returns the way to stop. */
  listen(listener: (event: DurableEvent) => void): () => void;
  /** How many listen. */
  listening(): number;
  /** Has a message parsed as soon as possible; its event tells when it is. */
  hurry(id: string): void;
  /** For judging a summary. */
  matcher(summary: MessageSummary): Matches;
  /** The whole message; undefined where it is gone. */
  findMessage(id: string, withSession: boolean): Promise<{ message: Message; matches: Matches } | undefined>;
  findSession(id: string): Promise<SearchableSession | undefined>;
  [Symbol.dispose](): void;
}

/** Of those that are not parsed so many are kept in mind; a flood of more is found once it is parsed. */
const maxUnparsed = 20_000;
/** So many are asked to be parsed ahead of the others at once; those beyond come in their turn. */
const maxHurried = 200;

/** Shares the answer among all who ask before it is there. */
function sharing<T>(find: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const asked = new Map<string, Promise<T>>();
  return (key) => {
    let answer = asked.get(key);
    if (answer === undefined) {
      answer = find(key).finally(() => asked.delete(key));
      asked.set(key, answer);
    }
    return answer;
  };
}

export function createHub(parts: WaitParts): Hub {
  const { store, events, maxWaits = waitLimits.waits } = parts;
  const unparsed = new Map<string, MessageSummary>();
  const listeners = new Set<(event: DurableEvent) => void>();
  const stop = new AbortController();
  // One for each wait.
  setMaxListeners(0, stop.signal);
  const matchers = new WeakMap<MessageSummary, Matches>();
  const hurried = new Set<string>();
  let waits = 0;

  /** Once for all who ask, and only when whoever stored the message has had time to line it up. */
  function hurry(id: string): void {
    if (hurried.has(id) || hurried.size >= maxHurried) return;
    hurried.add(id);
    setImmediate(() => void parts.settled(id).finally(() => hurried.delete(id)));
  }

  function keepInMind({ type, payload }: DurableEvent): void {
    if (type === 'message:stored' && unparsed.size < maxUnparsed)
      unparsed.set(payload.message.id, payload.message);
    else if (type === 'message:parsed') unparsed.delete(payload.message.id);
    else if (type === 'messages:deleted') {
      if (payload.ids === null) unparsed.clear();
      else for (const id of payload.ids) unparsed.delete(id);
    }
  }
  const unsubscribe = events.on('durable', (batch) => {
    for (const event of batch) {
      keepInMind(event);
      for (const listener of listeners) listener(event);
    }
  });

  const findSession = sharing((id) => findSearchable(parts, id));
  const findMessage = sharing(async (key: string) => {
    const [id = '', withSession] = key.split(' ');
    const message = await store.findMessage(id);
    if (message === undefined) return undefined;
    const session = withSession && message.sessionId ? await findSession(message.sessionId) : undefined;
    return { message, matches: messageMatcher(searchableMessage(message, session && factsOf(session))) };
  });

  return {
    unparsed,
    stopping: stop.signal,
    enter() {
      if (waits >= maxWaits)
        throw new MailscopeError('too_many_waits', `${maxWaits} waits are under way already.`, {
          hint: 'Let some end first, or end those that nobody needs any more.',
        });
      waits += 1;
      return () => void (waits -= 1);
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    listening: () => listeners.size,
    hurry,
    matcher(summary) {
      let matches = matchers.get(summary);
      if (matches === undefined) {
        matches = messageMatcher(searchableSummary(summary));
        matchers.set(summary, matches);
      }
      return matches;
    },
    findMessage: (id, withSession) => findMessage(withSession ? `${id} session` : id),
    findSession,
    [Symbol.dispose]() {
      unsubscribe();
      stop.abort(
        new MailscopeError('unavailable', 'Mailscope is stopping.', { hint: 'Ask again once it is back.' }),
      );
    },
  };
}

const factsOf = ({ mechanism, clientName, anomalies, codes }: SearchableSession) => ({
  mechanism,
  clientName,
  anomalies,
  codes,
});
