// Waits until something is there, or makes sure that nothing comes. Nothing is polled: what is stored is looked at once,
// and everything after it is judged as its event comes.
import type { MessageSummary } from '../../shared/message.ts';
import type { InboxView } from '../../shared/inbox-view.ts';
import type { SessionSummary } from '../../shared/session.ts';
import type { WaitFailure } from '../../shared/wait.ts';
import { nowUs } from '../clock.ts';
import { readAfter, type After } from './after.ts';
import { tellFailed, tellMessages, tellSessions } from './evidence.ts';
import type { Hub, HubView } from './hub.ts';
import { partsInView, type Sight } from './in-view.ts';
import { watchInboxEnd } from './inbox-end.ts';
import type { Search, WaitParts } from './parts.ts';
import { createPatience } from './patience.ts';
import { explainFailure, type WaitKind } from './wait-error.ts';
import { watchMessages } from './watch-messages.ts';
import { watchSessions } from './watch-sessions.ts';
import type { Watch } from './watch.ts';

export interface WaitAsk {
  search: Search;
  /** The inbox that all of it is about; null: all. */
  view: InboxView;
  after: string | undefined;
  count: number;
  timeoutMs: number;
  none: boolean;
}

export interface WaitAnswer<T> {
  items: T[];
  cursor: string;
  waitedMs: number;
}

/** What cannot be judged yet is waited for beyond the time, but not longer. */
export const graceMs = 2000;
/** An answer has up to so many items where fewer are asked for. */
const fewItems = 100;

type Tell<T> = (isFresh: (item: T) => boolean) => Promise<Pick<WaitFailure, 'arrived' | 'misses'>>;

interface Made<T> {
  kind: WaitKind;
  watch: Watch<T>;
  tell: Tell<T>;
  newestFirst(a: T, b: T): number;
}

export interface Waits {
  /**
   * Throws `wait_timed_out`, with `none` `unexpected_message` or `unexpected_session`, `invalid_request` for what is wrong
   * with `after`, `not_found` when the inbox goes, `too_many_waits`, and the reason of the signal.
   */
  messages(ask: WaitAsk, signal: AbortSignal): Promise<WaitAnswer<MessageSummary>>;
  sessions(ask: WaitAsk, signal: AbortSignal): Promise<WaitAnswer<SessionSummary>>;
}

export function createWaits(parts: WaitParts, hub: Hub): Waits {
  async function wait<T>(
    ask: WaitAsk,
    signal: AbortSignal,
    make: (
      parts: Sight,
      hub: HubView,
      options: { query: Search['query']; after: After; limit: number },
    ) => Made<T>,
  ): Promise<WaitAnswer<T>> {
    const startedMs = performance.now();
    const beganUs = nowUs();
    const after = readAfter(ask.after, parts.store.cursor());
    const sight = partsInView(parts, ask.view);
    const leave = hub.enter();
    const limit = Math.max(ask.count, fewItems);
    const options = { query: ask.search.query, after, limit };
    const { kind, watch, tell, newestFirst } = make(sight, hub.inView(sight), options);
    using end = watchInboxEnd(hub, ask.view);
    using patience = createPatience([signal, hub.stopping, end.signal]);
    watch.onChange = patience.poke;
    watch.onFailure = patience.fail;
    const waitedMs = (): number => Math.round(performance.now() - startedMs);
    const isDone = (): boolean => watch.matched.size >= ask.count;
    const items = (): T[] => [...watch.matched.values()].sort(newestFirst);

    /** Whether it came. Events are heard meanwhile, so that the store need not have answered. */
    async function look(): Promise<boolean> {
      await patience.finish(watch.look(), isDone);
      return isDone();
    }

    async function isMet(): Promise<boolean> {
      if (await look()) return true;
      if (await patience.until(isDone, startedMs + ask.timeoutMs)) return true;
      const isSettled = (): boolean => isDone() || watch.pending.size === 0;
      await patience.until(isSettled, performance.now() + graceMs);
      // An index that was behind by much has caught up.
      return isDone() || look();
    }

    try {
      const met = await isMet();
      const isJudged = !ask.none || watch.pending.size === 0;
      if (met !== ask.none && isJudged)
        return { items: ask.none ? [] : items(), cursor: watch.cursor(), waitedMs: waitedMs() };
      const [told, failedSessions] = await Promise.all([
        tell(watch.isFresh),
        tellFailed(sight, parts, after, beganUs),
      ]);
      throw explainFailure(kind, ask, {
        query: ask.search.text,
        waitedMs: waitedMs(),
        cursor: parts.store.cursor(),
        items: items() as WaitFailure['items'],
        ...told,
        failedSessions,
      });
    } finally {
      watch.stop();
      leave();
    }
  }

  return {
    messages: (ask, signal) =>
      wait(ask, signal, (sight, view, options) => ({
        kind: 'message',
        watch: watchMessages(sight, view, options),
        tell: (isFresh) => tellMessages(sight, ask.search, isFresh),
        newestFirst: (a, b) => b.seq - a.seq,
      })),
    sessions: (ask, signal) =>
      wait(ask, signal, (sight, view, options) => ({
        kind: 'session',
        watch: watchSessions(sight, view, options),
        tell: (isFresh) => tellSessions(sight, ask.search, isFresh),
        newestFirst: (a, b) => b.openedAtUs - a.openedAtUs || (a.id < b.id ? 1 : -1),
      })),
  };
}
