// The sessions that match a query from a place in the log on. One is judged at each of its messages and at its end.
import type { DurableEvent } from '../../shared/events.ts';
import { matchSession } from '../../shared/search/match-session.ts';
import { termsOf, type Query } from '../../shared/search/query.ts';
import type { SearchableSession } from '../../shared/search/session-texts.ts';
import { sessionSummary, type SessionSummary } from '../../shared/session.ts';
import { nowUs } from '../clock.ts';
import { laterOf, readLog, type After } from './after.ts';
import { asksCodes, asksOfParts, certainOf } from './certain.ts';
import type { HubView } from './hub.ts';
import type { Sight } from './in-view.ts';
import type { Watch } from './watch.ts';

const pageSize = 500;
/** So many of an inbox are looked through for those that it shares with others. */
const maxLooked = 10_000;
/** What a summary does not have: the transactions and the codes of the replies. */
const ofDetail = new Set(['from', 'rcpt', 'code']);

const needsDetail = (query: Query | null): boolean =>
  query !== null && termsOf(query).some((term) => term.type !== 'field' || ofDetail.has(term.field));

export function watchSessions(
  sight: Pick<Sight, 'store' | 'running' | 'view' | 'isShared'>,
  hub: HubView,
  { query, after, limit }: { query: Query | null; after: After; limit: number },
): Watch<SessionSummary> {
  const { store, running } = sight;
  const isDetailed = needsDetail(query);
  const withCodes = asksCodes(query);
  const matched = new Map<string, SessionSummary>();
  const pending = new Set<string>();
  const named = new Set<string>();
  const gone = new Set<string>();
  let cursor = store.cursor();
  let isStopped = false;

  const watch: Watch<SessionSummary> = {
    matched,
    pending,
    onChange: () => {},
    onFailure: () => {},
    cursor: () => cursor,
    look,
    isFresh: ({ id }) => after.kind === 'start' || named.has(id),
    stop() {
      isStopped = true;
      stopListening();
    },
  };

  function settle(session: SearchableSession, at?: string): void {
    const { id } = session;
    pending.delete(id);
    if (!matchSession(query, session, nowUs())) return void matched.delete(id);
    if (gone.has(id) || (matched.size >= limit && !matched.has(id))) return;
    matched.set(id, sessionSummary.parse(session));
    cursor = laterOf(cursor, at);
  }

  async function judge(id: string, at?: string): Promise<void> {
    pending.add(id);
    const session = await hub.findSession(id, withCodes);
    if (isStopped) return;
    if (session) settle(session, at);
    else pending.delete(id);
    watch.onChange();
  }

  function offer(summary: SessionSummary, at?: string): Promise<void> | undefined {
    named.add(summary.id);
    if (isDetailed) return judge(summary.id, at);
    settle({ ...summary, transactions: [], codes: [] }, at);
    return undefined;
  }

  function offerRunning(id: string | null, at?: string): Promise<void> | undefined {
    const open = id === null ? undefined : running.find(id)?.session;
    return open && offer(open, at);
  }

  const follow = (work: Promise<void> | undefined): void =>
    void work?.catch((error: unknown) => watch.onFailure(error));

  const stopListening = hub.listen((event: DurableEvent) => {
    const { type, payload } = event;
    if (type === 'session:closed') follow(offer(payload.session, event.cursor));
    else if (type === 'message:stored') follow(offerRunning(payload.message.sessionId, event.cursor));
    else if (type === 'sessions:deleted') {
      for (const id of payload.ids ?? matched.keys()) {
        matched.delete(id);
        gone.add(id);
      }
    } else if (type === 'sessions:restored') {
      for (const id of payload.ids) gone.delete(id);
      follow(look().then(watch.onChange));
    } else return;
    watch.onChange();
  });

  async function lookInLog(): Promise<void> {
    const closed = new Map<string, SessionSummary>();
    const deleted = new Map<string, SessionSummary>();
    const open = new Set<string>();
    await readLog(store, after, (events) => {
      for (const { type, payload } of events) {
        if (type === 'session:closed') closed.set(payload.session.id, payload.session);
        else if (type === 'message:stored' && payload.message.sessionId) open.add(payload.message.sessionId);
        else if (type === 'sessions:deleted')
          for (const id of payload.ids ?? [...closed.keys()]) {
            const summary = closed.get(id);
            if (summary) deleted.set(id, summary);
            closed.delete(id);
          }
        else if (type === 'sessions:restored')
          for (const id of payload.ids) {
            const summary = deleted.get(id);
            if (summary) closed.set(id, summary);
          }
      }
      return isStopped;
    });
    for (const id of open) if (!closed.has(id)) await offerRunning(id);
    for (const summary of [...closed.values()].reverse()) {
      if (isStopped || matched.size >= limit) return;
      await offer(summary);
    }
  }

  async function lookInStore(): Promise<void> {
    const open = new Set(running.list().map(({ id }) => id));
    const isTaken = ({ id, outcome }: SessionSummary): boolean =>
      open.has(id) || outcome === 'open' || gone.has(id) || matched.has(id);

    async function search(asked: Query | null, size: number, onlyShared: boolean): Promise<void> {
      let next: string | undefined;
      let looked = 0;
      do {
        const page = await store.listSessions({
          limit: size,
          ...(asked === null ? {} : { query: asked }),
          ...(next === undefined ? {} : { cursor: next }),
        });
        for (const summary of page.items) {
          if (matched.size >= limit || isTaken(summary)) continue;
          if (sight.isShared(summary)) await offer(summary);
          else if (!onlyShared) matched.set(summary.id, summary);
        }
        looked += page.items.length;
        next = page.nextCursor ?? undefined;
      } while (
        next !== undefined &&
        matched.size < limit &&
        !isStopped &&
        !(onlyShared && looked >= maxLooked)
      );
    }

    await search(query, Math.min(pageSize, limit), false);
    // What the whole of a session is not may be true of the part that the inbox has, such as that it lacks something.
    if (sight.view !== null && query !== null && asksOfParts(query))
      await search(certainOf(query), pageSize, true);
    // One that has ended is still among them until the store has all of it.
    for (const summary of running.list())
      if (summary.messages > 0 || summary.outcome !== 'open') await offer(summary);
  }

  function look(): Promise<void> {
    return after.kind === 'start' ? lookInStore() : lookInLog();
  }

  return watch;
}
