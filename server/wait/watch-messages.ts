// The messages that match a query from a place in the log on: those that are stored, then each as it comes.
import { messageSummary, type MessageSummary } from '../../shared/message.ts';
import { nowUs } from '../clock.ts';
import type { DurableEvent } from '../../shared/events.ts';
import { and, type Query } from '../../shared/search/query.ts';
import { laterOf, readLog, type After } from './after.ts';
import { earlyVerdict, needsOf, type Verdict } from './early-verdict.ts';
import type { HubView } from './hub.ts';
import type { Sight } from './in-view.ts';
import type { Matches } from './searchable.ts';
import type { Watch } from './watch.ts';

const pageSize = 500;

const notBefore = (atUs: number): Query => {
  const second = new Date(Math.floor(atUs / 1e6) * 1000).toISOString().slice(0, 19);
  const value = `${second}.${String(atUs % 1e6).padStart(6, '0')}Z`;
  return { type: 'field', field: 'after', header: null, value };
};

export function watchMessages(
  { store, view }: Pick<Sight, 'store' | 'view'>,
  hub: HubView,
  { query, after, limit }: { query: Query | null; after: After; limit: number },
): Watch<MessageSummary> {
  const needs = needsOf(query);
  const matched = new Map<string, MessageSummary>();
  const pending = new Set<string>();
  /** Deleted while the store was asked. */
  const gone = new Set<string>();
  let cursor = store.cursor();
  // Behind a cursor lies what has the seq of the first message that is announced behind it, or a higher one.
  let lowestSeq = after.kind === 'seq' ? Infinity : 0;
  /** Of those that cannot be judged yet: where they were announced. */
  const announced = new Map<string, string>();
  let isStopped = false;

  const watch: Watch<MessageSummary> = {
    matched,
    pending,
    onChange: () => {},
    onFailure: () => {},
    cursor: () => cursor,
    look,
    isFresh: ({ seq, receivedAtUs }) =>
      seq >= lowestSeq && (after.kind !== 'time' || receivedAtUs >= after.atUs),
    stop() {
      isStopped = true;
      stopListening();
    },
  };

  function take(summary: MessageSummary, at = announced.get(summary.id)): void {
    forget(summary.id);
    if (gone.has(summary.id) || (matched.size >= limit && !matched.has(summary.id))) return;
    matched.set(summary.id, summary);
    cursor = laterOf(cursor, at);
  }

  function forget(id: string): void {
    pending.delete(id);
    announced.delete(id);
  }

  function offer(summary: MessageSummary, at?: string): void {
    if (!watch.isFresh(summary)) return;
    if (matched.has(summary.id)) return take(summary, at);
    const verdict = verdictOf(summary, hub.matcher(summary));
    if (verdict === true) return take(summary, at);
    if (verdict === false) return forget(summary.id);
    pending.add(summary.id);
    if (at !== undefined) announced.set(summary.id, at);
    if (!needs.parse || summary.parse !== 'pending') follow(judge(summary.id));
    else hub.hurry(summary, (matches) => judgeText(summary, matches));
  }

  function verdictOf(summary: MessageSummary, matches: Matches): Verdict {
    const now = nowUs();
    return earlyVerdict(query, summary, (term) => matches(term, now));
  }

  const follow = (work: Promise<void>): void => void work.catch((error: unknown) => watch.onFailure(error));

  /** Before the parse. What it does not find may still be found by that. */
  function judgeText(summary: MessageSummary, matches: Matches): boolean {
    if (isStopped || !pending.has(summary.id) || verdictOf(summary, matches) !== true) return false;
    take(summary);
    watch.onChange();
    return true;
  }

  async function judge(id: string): Promise<void> {
    const found = await hub.findMessage(id, needs);
    if (isStopped) return;
    if (found?.matches(query, nowUs())) take(messageSummary.parse(found.message));
    else forget(id);
    watch.onChange();
  }

  function drop(payload: { ids: string[] | null; upToSeq: number | null }): void {
    const ids =
      payload.ids ??
      [...matched.values()].flatMap(({ id, seq }) => (seq <= (payload.upToSeq ?? seq) ? id : []));
    for (const id of ids) {
      matched.delete(id);
      forget(id);
      gone.add(id);
    }
  }

  const stopListening = hub.listen((event: DurableEvent) => {
    const { type, payload } = event;
    switch (type) {
      case 'message:stored':
        lowestSeq = Math.min(lowestSeq, payload.message.seq);
        offer(payload.message, event.cursor);
        break;
      case 'message:parsed':
        offer(payload.message);
        break;
      case 'messages:deleted':
        drop(payload);
        break;
      case 'messages:restored':
        for (const id of payload.ids) gone.delete(id);
        follow(look().then(watch.onChange));
        break;
      case 'messages:changed':
        if (!needs.marks) return;
        for (const id of payload.ids ?? matched.keys()) matched.delete(id);
        follow(look().then(watch.onChange));
        break;
      default:
        return;
    }
    watch.onChange();
  });

  async function findLowestSeq(): Promise<void> {
    if (lowestSeq !== Infinity) return;
    await readLog(store, after, (events) => {
      const stored = events.find(({ type }) => type === 'message:stored');
      if (stored?.type === 'message:stored') lowestSeq = Math.min(lowestSeq, stored.payload.message.seq);
      return stored !== undefined;
    });
  }

  async function look(): Promise<void> {
    await findLowestSeq();
    // Newest first, so that the newest are the ones that are hurried.
    for (const summary of hub.unparsed()) offer(summary);
    if (lowestSeq === Infinity) return;
    const parts = [...(query ? [query] : []), ...(after.kind === 'time' ? [notBefore(after.atUs)] : [])];
    const asked = parts.length === 0 ? {} : { query: and(parts) };
    let next: string | undefined;
    do {
      const page = await store.listMessages({
        limit: Math.min(pageSize, limit),
        ...asked,
        ...(next === undefined ? {} : { cursor: next }),
      });
      const fresh = page.items.filter(watch.isFresh);
      for (const summary of fresh) {
        if (matched.has(summary.id)) continue;
        // The store looks at the codes of the whole session.
        if (view !== null && needs.codes) await judge(summary.id);
        else take(summary);
      }
      next = fresh.length < page.items.length ? undefined : (page.nextCursor ?? undefined);
    } while (next !== undefined && matched.size < limit && !isStopped);
  }

  return watch;
}
