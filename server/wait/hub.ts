// One subscription for all who wait: events are passed on as they come, and what several ask is looked up once.
import { setMaxListeners } from 'node:events';
import { MailscopeError } from '../../shared/errors.ts';
import type { DurableEvent } from '../../shared/events.ts';
import { eventInView, messageInView } from '../../shared/inbox-view.ts';
import type { Message, MessageSummary } from '../../shared/message.ts';
import { messageMatcher } from '../../shared/search/match-message.ts';
import type { SearchableSession } from '../../shared/search/session-texts.ts';
import { waitLimits } from '../../shared/wait-limits.ts';
import { createHurry, type Asker, type Hurry } from './hurry.ts';
import type { Sight } from './in-view.ts';
import type { WaitParts } from './parts.ts';
import { findSearchable, searchableMessage, searchableSummary, type Matches } from './searchable.ts';

/** What one wait asks: with the same sight as its parts. */
export interface HubView {
  /** Messages that arrived and are not parsed yet, newest first: an index may not have them. */
  unparsed(): MessageSummary[];
  /** Returns the way to stop. */
  listen(listener: (event: DurableEvent) => void): () => void;
  /** Has a message parsed as soon as possible, and tells before that what its text says, where it can. */
  hurry(summary: MessageSummary, judge: Asker['judge']): void;
  /** For judging a summary. */
  matcher(summary: MessageSummary): Matches;
  /** The whole message; undefined where it is gone. */
  findMessage(id: string, needs: SessionNeeds): Promise<{ message: Message; matches: Matches } | undefined>;
  findSession(id: string, withCodes: boolean): Promise<SearchableSession | undefined>;
}
/** Whether facts of the session are asked, and whether the codes of its replies are among them. */
export interface SessionNeeds {
  session: boolean;
  codes: boolean;
}

export interface Hub {
  /** Aborted when Mailscope stops. */
  readonly stopping: AbortSignal;
  /** Counts a call in, and returns the way to count it out. Throws `too_many_waits`. */
  enter(): () => void;
  /** To all events. Returns the way to stop. */
  listen(listener: (event: DurableEvent) => void): () => void;
  /** How many listen. */
  listening(): number;
  inView(sight: Sight): HubView;
  /** Resolves once a search finds all that waits were answered with. */
  caughtUp: Hurry['caughtUp'];
  [Symbol.dispose](): void;
}

/** Of those that are not parsed so many are kept in mind; a flood of more is found once it is parsed. */
const maxUnparsed = 20_000;

/** Shares the answer among all who ask before it is there. */
function sharing<T>(): (key: string, find: () => Promise<T>) => Promise<T> {
  const asked = new Map<string, Promise<T>>();
  return (key, find) => {
    let answer = asked.get(key);
    if (answer === undefined) {
      answer = find().finally(() => asked.delete(key));
      asked.set(key, answer);
    }
    return answer;
  };
}

export function createHub(parts: WaitParts): Hub {
  const { events, maxWaits = waitLimits.waits } = parts;
  const unparsed = new Map<string, MessageSummary>();
  const listeners = new Set<(event: DurableEvent) => void>();
  const stop = new AbortController();
  // One for each wait.
  setMaxListeners(0, stop.signal);
  const matchers = new WeakMap<MessageSummary, Matches>();
  const hurry = createHurry(parts);
  let waits = 0;

  /** It stays in its other inboxes. */
  function leave(id: string, inbox: string): void {
    const summary = unparsed.get(id);
    if (summary) unparsed.set(id, { ...summary, inboxes: summary.inboxes.filter((name) => name !== inbox) });
  }

  function keepInMind({ type, payload }: DurableEvent): void {
    if (type === 'message:stored' && unparsed.size < maxUnparsed)
      unparsed.set(payload.message.id, payload.message);
    else if (type === 'message:parsed') unparsed.delete(payload.message.id);
    else if (type === 'messages:deleted') {
      if (payload.ids === null) unparsed.clear();
      else for (const id of payload.ids) unparsed.delete(id);
      for (const [inbox, ids] of Object.entries(payload.byInbox ?? {}))
        for (const id of ids) leave(id, inbox);
    }
  }
  const unsubscribe = events.on('durable', (batch) => {
    for (const event of batch) {
      keepInMind(event);
      for (const listener of listeners) listener(event);
    }
  });

  const shareSession = sharing<SearchableSession | undefined>();
  const shareMessage = sharing<{ message: Message; matches: Matches } | undefined>();

  function matcher(summary: MessageSummary): Matches {
    let matches = matchers.get(summary);
    if (matches === undefined) {
      matches = messageMatcher(searchableSummary(summary));
      matchers.set(summary, matches);
    }
    return matches;
  }

  function listen(listener: (event: DurableEvent) => void): () => void {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  function inView(sight: Sight): HubView {
    const { view } = sight;
    const findSession: HubView['findSession'] = (id, withCodes) =>
      shareSession(`${id} ${withCodes} ${view ?? ''}`, () => findSearchable(sight, id, withCodes));

    async function readMessage(id: string, { session, codes }: SessionNeeds) {
      const message = await sight.store.findMessage(id);
      if (message === undefined) return undefined;
      const found = session && message.sessionId ? await findSession(message.sessionId, codes) : undefined;
      return { message, matches: messageMatcher(searchableMessage(message, found && factsOf(found))) };
    }

    return {
      unparsed: () => [...unparsed.values()].reverse().flatMap((one) => messageInView(one, view) ?? []),
      listen(listener) {
        if (view === null) return listen(listener);
        return listen((event) => {
          const own = eventInView(event, view);
          if (own) listener(own);
        });
      },
      hurry: (summary, judge) => hurry.ask({ summary, view, judge }),
      matcher,
      findMessage: (id, needs) =>
        shareMessage(`${id} ${needs.session} ${needs.codes} ${view ?? ''}`, () => readMessage(id, needs)),
      findSession,
    };
  }

  return {
    stopping: stop.signal,
    enter() {
      if (waits >= maxWaits)
        throw new MailscopeError('too_many_waits', `${maxWaits} waits are under way already.`, {
          hint: 'Let some end first, or end those that nobody needs any more.',
        });
      waits += 1;
      return () => void (waits -= 1);
    },
    listen,
    listening: () => listeners.size,
    inView,
    caughtUp: hurry.caughtUp,
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
