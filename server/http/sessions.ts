// Sessions: list, read, delete. Running ones are in memory and take precedence over what is stored of them.
import { MailscopeError } from '../../shared/errors.ts';
import { isInView, sessionInView, wholeSessionInView, type InboxView } from '../../shared/inbox-view.ts';
import { matchSession } from '../../shared/search/match-session.ts';
import type { Query } from '../../shared/search/query.ts';
import type { Session, SessionSummary } from '../../shared/session.ts';
import { nowUs } from '../clock.ts';
import { findHeld, findWhole } from '../find-session.ts';
import type { Handlers } from './endpoint.ts';
import type { HttpParts, Page } from './parts.ts';
import { readQuery } from './search-query.ts';

type Parts = Pick<HttpParts, 'store' | 'running'>;
type Names = 'listSessions' | 'readSession' | 'deleteSession' | 'deleteSessions' | 'restoreSessions';

const noSession = (id: string): MailscopeError =>
  id === 'latest'
    ? new MailscopeError('not_found', 'There is no session yet.', { hint: 'Connect to the SMTP port.' })
    : new MailscopeError('not_found', `There is no session ${id}.`, { hint: 'It may have been deleted.' });

const newestFirst = (a: SessionSummary, b: SessionSummary): number =>
  b.openedAtUs - a.openedAtUs || (a.id < b.id ? 1 : -1);

// While running ones fill whole pages, the cursor is the last of them; then the store's own cursors take over.
const runningCursor = /^running\.(\d{1,16})\.(s_[A-Za-z0-9_-]{1,62})$/;
const cursorOf = ({ openedAtUs, id }: SessionSummary): string => `running.${openedAtUs}.${id}`;

/** Which of those that run are on a page from there on; null: it is all in the store. */
function behind(cursor: string | undefined): ((one: SessionSummary) => boolean) | null {
  if (cursor === undefined) return () => true;
  const [, time, id] = runningCursor.exec(cursor) ?? [];
  if (id === undefined) return null;
  const atUs = Number(time);
  return (one) => one.openedAtUs < atUs || (one.openedAtUs === atUs && one.id < id);
}

/** Of those that run the ones that match. */
function matching({ running }: Parts, open: SessionSummary[], query: Query | undefined): SessionSummary[] {
  if (query === undefined) return open;
  const now = nowUs();
  return open.filter((summary) => {
    const { session, codes = [] } = running.find(summary.id) ?? {};
    return matchSession(query, { ...summary, transactions: session?.transactions ?? [], codes }, now);
  });
}

async function listSessions(
  parts: Parts,
  ask: {
    limit: number;
    cursor?: string | undefined;
    query?: Query | undefined;
    view?: InboxView | undefined;
  },
): Promise<Page<SessionSummary>> {
  const { limit, cursor, query, view = null } = ask;
  const { store, running } = parts;
  const seen = (items: SessionSummary[]): SessionSummary[] =>
    items.flatMap((one) => sessionInView(one, view) ?? []);
  const open = running.list().toSorted(newestFirst);
  const isBehind = behind(cursor);
  const isListed = (one: SessionSummary): boolean => isInView(one, view) && isBehind?.(one) === true;
  const shown = matching(parts, open.filter(isListed), query).slice(0, limit);
  if (shown.length === limit) return { items: seen(shown), nextCursor: cursorOf(shown.at(-1)!) };
  const page = await store.listSessions({
    limit: limit - shown.length,
    inbox: view,
    ...(cursor === undefined || isBehind ? {} : { cursor }),
    ...(query === undefined ? {} : { query }),
  });
  const openIds = new Set(open.map(({ id }) => id));
  const stored = page.items.filter(({ id }) => !openIds.has(id));
  return { ...page, items: seen([...shown, ...stored]).sort(newestFirst) };
}

async function resolveSessionId(parts: Parts, id: string, view: InboxView): Promise<string> {
  if (id !== 'latest') return id;
  // One stored and one running: the newer of them.
  const open = parts.running.list().filter((one) => isInView(one, view));
  const stored = (await parts.store.listSessions({ limit: 1, inbox: view })).items;
  const newest = [...open, ...stored].sort(newestFirst);
  if (newest[0] === undefined) throw noSession(id);
  return newest[0].id;
}

/** With the transactions of all inboxes, provided that the view has it. Of a running one memory has only the last. */
export async function findSession(
  parts: Parts,
  idOrLatest: string,
  view: InboxView = null,
): Promise<Session> {
  const id = await resolveSessionId(parts, idOrLatest, view);
  const found = await (view === null ? findHeld : findWhole)(parts, id);
  if (found === undefined || !isInView(found, view)) throw noSession(id);
  return found;
}

export function sessionHandlers(parts: Parts): Pick<Handlers, Names> {
  const { store, running } = parts;
  return {
    listSessions: ({ query }, { view }) =>
      listSessions(parts, { ...query, query: readQuery(query.query, 'sessions'), view }),
    async readSession({ params }, { view }) {
      return wholeSessionInView(await findSession(parts, params.id, view), view)!;
    },
    async deleteSession({ params: { id }, query }, { view }) {
      const open = running.find(id);
      if (open && isInView(open.session, view))
        throw new MailscopeError('conflict', `Session ${id} is still running.`, {
          hint: 'Delete it once it ended.',
        });
      const count = await store.deleteSessions({ ids: [id] }, query.purge ?? false, view);
      if (count === 0) throw noSession(id);
      return { count };
    },
    async deleteSessions({ body }, { view }) {
      const { purge = false } = body;
      if (!('ids' in body)) return { count: await store.deleteSessions({ all: true }, purge, view) };
      const ids = body.ids.filter((id) => running.find(id) === undefined);
      return { count: ids.length === 0 ? 0 : await store.deleteSessions({ ids }, purge, view) };
    },
    restoreSessions: async ({ body }, { view }) => ({
      count: await store.restoreSessions('ids' in body ? { ids: body.ids } : { all: true }, view),
    }),
  };
}
