import { expect, test } from 'vitest';
import type { Session } from '../../shared/session.ts';
import type { TranscriptLine } from '../../shared/transcript.ts';
import { OpenMessage } from '../../web/state/open-message.svelte.ts';
import { OpenSession } from '../../web/state/open-session.svelte.ts';
import { comparePath, parseRoute, sessionPath } from '../../web/state/route.svelte.ts';
import { Sessions } from '../../web/state/sessions.svelte.ts';
import { createFeed, later } from './support/feed.ts';
import { makeMessage } from './support/fixture-messages.ts';
import { makeLines } from './support/fixture-lines.ts';
import { makeSession } from './support/fixture-sessions.ts';

const lines = makeLines([
  ['S', 1, '220 mailscope'],
  ['C', 2, 'EHLO a'],
  ['S', 3, '250 mailscope'],
  ['C', 4, 'NOOP'],
]);

function openSession(
  sessions: Session[],
  pages: (from: number) => { items: TranscriptLine[]; nextCursor: string | null },
) {
  const feed = createFeed();
  const open = new OpenSession(
    {
      readSession: async () => sessions.shift() ?? makeSession(1),
      readMessage: async () => makeMessage(1),
      urlOf: () => 'http://127.0.0.1:9/',
      readTranscript: async ({ query }) => ({
        sessionId: 's',
        chunks: [],
        ...pages(Number(query?.cursor ?? 0)),
      }),
    },
    feed,
  );
  open.listen();
  return { open, feed };
}

/** Pages come one after the other, behind them empty ones. */
function openList(pages: Session[][] = []) {
  const sessions = new Sessions(
    { listSessions: async () => ({ items: pages.shift() ?? [], nextCursor: null }) },
    { schedule: (flush) => flush(), refreshMs: 1 },
  );
  const feed = createFeed();
  sessions.listen(feed);
  return { sessions, feed };
}

test('a session that was seen closed is not running again because of a late update', async () => {
  const { sessions, feed } = openList();
  const running = makeSession(1, { outcome: 'open' });
  feed.sayEphemeral({ type: 'session:opened', payload: { session: running } });
  feed.say('session:closed', { session: makeSession(1) });
  feed.sayEphemeral({ type: 'session:updated', payload: { session: running } });
  expect(sessions.list.items.map(({ outcome }) => outcome)).toEqual(['captured']);
});

test('a session that ends says from whom to whom its first mail went, which its last event leaves out', () => {
  const { sessions, feed } = openList();
  const stored = (seq: number, sessionId: string, more: object) =>
    feed.say('message:stored', { message: makeMessage(seq, { sessionId, ...more }) });
  stored(1, 's_quick', { mailFrom: 'a@a.test', rcptTo: ['b@b.test', 'c@c.test'], rcptCount: 2 });
  stored(2, 's_quick', { mailFrom: 'later@a.test' });
  feed.say('session:closed', { session: makeSession(1, { id: 's_quick' }) });
  const firstMail = { from: 'd@d.test', to: 'e@e.test', recipients: 1 };
  const running = makeSession(2, { id: 's_watched', outcome: 'open', firstMail });
  feed.sayEphemeral({ type: 'session:updated', payload: { session: running } });
  // The page was opened in the midst of it: of all messages this is the first that it hears of.
  stored(3, 's_watched', { mailFrom: 'second@d.test' });
  feed.say('session:closed', { session: makeSession(2, { id: 's_watched' }) });
  expect(sessions.list.find('s_quick')?.firstMail).toEqual({
    ...{ from: 'a@a.test', to: 'b@b.test', recipients: 2 },
  });
  expect(sessions.list.find('s_watched')?.firstMail).toEqual(firstMail);
});

test('a session that began between the first page and the live connection is in the list', async () => {
  const { sessions, feed } = openList([[], [makeSession(1, { outcome: 'open' })]]);
  await sessions.list.reload();
  expect(sessions.list.items).toEqual([]);
  feed.opened();
  await expect.poll(() => sessions.list.items).toHaveLength(1);
});

test('a session that a search does not find any more goes, also where the top was to be looked at anyhow', async () => {
  const other = makeSession(2, { outcome: 'open' });
  const { sessions, feed } = openList([[], [other, makeSession(1, { outcome: 'open' })], [other]]);
  await sessions.list.reload();
  sessions.show('outcome:open');
  await expect.poll(() => sessions.list.items).toHaveLength(2);
  feed.opened();
  feed.say('session:closed', { session: makeSession(1) });
  await expect.poll(() => sessions.list.items.map(({ id }) => id)).toEqual([other.id]);
});

test('deleting all sessions leaves the running ones', () => {
  const { sessions, feed } = openList();
  feed.sayEphemeral({ type: 'session:opened', payload: { session: makeSession(2, { outcome: 'open' }) } });
  feed.say('session:closed', { session: makeSession(1) });
  feed.say('sessions:deleted', { ids: null, reason: 'request' });
  expect(sessions.list.items.map(({ outcome }) => outcome)).toEqual(['open']);
});

test('sessions whose deletion is undone are at their places again', () => {
  const { sessions, feed } = openList();
  for (const n of [1, 2, 3]) feed.say('session:closed', { session: makeSession(n) });
  const before = sessions.list.items.map(({ id }) => id);
  feed.say('sessions:deleted', { ids: [before[1]!], reason: 'request' });
  expect(sessions.list.items).toHaveLength(2);
  feed.say('sessions:restored', { ids: [before[1]!] });
  expect(sessions.list.items.map(({ id }) => id)).toEqual(before);
});

test('a long transcript is loaded page by page', async () => {
  const { open } = openSession([makeSession(1)], (from) =>
    from === 0
      ? { items: lines.slice(0, 2), nextCursor: '2' }
      : { items: lines.slice(from), nextCursor: null },
  );
  open.open('s_1');
  await expect.poll(() => open.lines.length).toBe(4);
});

test('a line far down is loaded where it is asked for, and none that the session does not have', async () => {
  const long = makeLines(Array.from({ length: 30_000 }, (_, n) => ['C', n, 'NOOP']));
  const { open } = openSession([makeSession(1, { lines: long.length })], (from) => ({
    items: long.slice(from, from + 2000),
    nextCursor: from + 2000 < long.length ? String(from + 2000) : null,
  }));
  open.open('s_1');
  await expect.poll(() => open.loadingLines || open.lines.length).toBe(20_000);
  open.reach(19_999);
  open.reach(30_000);
  expect(open.loadingLines).toBe(false);
  open.reach(23_000);
  await expect.poll(() => open.loadingLines || open.lines.length).toBe(24_000);
});

test('lines of a running session follow what was loaded, each once', async () => {
  const { open, feed } = openSession([makeSession(1, { outcome: 'open', id: 's_1' })], () => ({
    items: lines.slice(0, 2),
    nextCursor: null,
  }));
  open.open('s_1');
  await expect.poll(() => feed.watched).toEqual(['s_1 from 2']);
  feed.lines('s_1', lines.slice(1, 3));
  feed.lines('s_1', lines.slice(2));
  expect(open.lines.map(({ n }) => n)).toEqual([0, 1, 2, 3]);
});

test('the end of a running session ends the watch and brings the last lines', async () => {
  let known = 2;
  const { open, feed } = openSession(
    [makeSession(1, { outcome: 'open', id: 's_1' }), makeSession(1, { id: 's_1' })],
    (from) => ({
      items: lines.slice(from, known),
      nextCursor: null,
    }),
  );
  open.open('s_1');
  await expect.poll(() => feed.watched).toHaveLength(1);
  known = 4;
  feed.say('session:closed', { session: makeSession(1, { id: 's_1' }) });
  await expect.poll(() => open.lines.length).toBe(4);
  expect(open.session?.outcome).toBe('captured');
  expect(feed.watched).toEqual(['s_1 from 2', 's_1 left']);
});

test('a session that ends while its lines are on their way is shown up to its last line', async () => {
  const first = later<{ items: TranscriptLine[]; nextCursor: null }>();
  const running = makeSession(1, { id: 's_1', outcome: 'open' });
  const answers = [Promise.resolve(running), Promise.resolve(makeSession(1, { id: 's_1' }))];
  const pages = [first.promise, Promise.resolve({ items: lines.slice(2), nextCursor: null })];
  const feed = createFeed();
  const open = new OpenSession(
    {
      readSession: async () => answers.shift() ?? makeSession(1, { id: 's_1' }),
      readMessage: async () => makeMessage(1),
      urlOf: () => 'http://127.0.0.1:9/',
      readTranscript: async () => ({ sessionId: 's_1', chunks: [], ...(await pages.shift()!) }),
    },
    feed,
  );
  open.listen();
  open.open('s_1');
  await expect.poll(() => open.loadingLines).toBe(true);
  feed.say('session:closed', { session: makeSession(1, { id: 's_1' }) });
  await expect.poll(() => open.session?.outcome).toBe('captured');
  first.give({ items: lines.slice(0, 2), nextCursor: null });
  await expect.poll(() => open.lines.length).toBe(4);
});

test('every place of the sessions has one URL, and each URL leads back to it', () => {
  for (const path of [
    '/sessions',
    '/sessions/s_1/overview',
    '/sessions/s_1/export',
    '/sessions/s_1/transcript?line=12',
    '/sessions/s_1/transcript?line=12&q=tls%3A1.2',
  ]) {
    const url = new URL(path, 'http://x');
    const route = parseRoute(url.pathname, url.search);
    if (route.view !== 'sessions') throw new Error(`${path} is not known`);
    expect(sessionPath(route.id, route.tab, route.line, route.query)).toBe(path);
  }
  expect(parseRoute(comparePath('sessions', 's_1', 's_2'))).toEqual({
    view: 'compare-sessions',
    left: 's_1',
    right: 's_2',
  });
  expect(parseRoute('/sessions/s_1', '?line=-1')).toMatchObject({ id: 's_1', line: null });
});

test('what could not be loaded while the connection was lost is there on its return', async () => {
  const offline = new Error('offline');
  let isOnline = false;
  const feed = createFeed();
  const message = new OpenMessage({ readMessage: async () => answer(makeMessage(1)) }, () => {});
  const session = new OpenSession(
    {
      readSession: async () => answer(makeSession(1)),
      readMessage: async () => makeMessage(1),
      urlOf: () => 'http://127.0.0.1:9/',
      readTranscript: async () => answer({ sessionId: 's', chunks: [], items: lines, nextCursor: null }),
    },
    feed,
  );
  function answer<T>(value: T): T {
    if (!isOnline) throw offline;
    return value;
  }
  message.listen(feed);
  session.listen();
  message.open('m_1');
  session.open('s_1');
  await expect.poll(() => [message.error, session.error]).toEqual([offline, offline]);
  isOnline = true;
  feed.resumed();
  await expect.poll(() => [message.error, session.error]).toEqual([null, null]);
  await expect.poll(() => session.lines).toHaveLength(4);
  expect(message.message).toMatchObject({ id: makeMessage(1).id });
});
