// Server events to socket.io clients. Each client is told from its own place in the log; nothing is queued for it
// here, but for the newest state of the sessions that changed since it last listened.
import type { Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import type { DurableEvent, EphemeralEvents } from '../../shared/events.ts';
import {
  greeting,
  unwatchAsk,
  watchAsk,
  type ClientToServer,
  type ServerToClient,
  type SessionNews,
} from './live-protocol.ts';
import { sessionInView, type InboxView } from '../../shared/inbox-view.ts';
import { eventsInView } from './events.ts';
import { createOutlet, type Outlet } from './live-outlet.ts';
import type { Grant, HttpClocks, HttpParts } from './parts.ts';
import { readVisibleLines } from './transcripts.ts';
import { liveVisitor, requireUnrevoked, requireWhole, viewOf } from './visitor.ts';

type Parts = Pick<HttpParts, 'store' | 'running' | 'events' | 'grants' | 'inboxes' | 'guests' | 'log'>;
/** What a client sees, as long as its token is good. */
interface Watcher {
  view: InboxView;
  visitor: Grant;
}
type LiveSocket = Socket<ClientToServer, ServerToClient>;

const pageSize = 200;
const linesPerMessage = 500;
const maxWatched = 20;
const maxPendingSessions = 2000;
const mostForGuest = 1000;
/** What opens is told only then: at once it would make its own greeting later, and most are over sooner. */
const gatherSessionsMs = 20;

const seqOf = (cursor: string): number => Number(cursor.slice(cursor.lastIndexOf('.') + 1));

function serveClient(
  parts: Parts,
  socket: LiveSocket,
  since: string | undefined,
  { view, visitor }: Watcher,
  acknowledgeMs: number,
): () => void {
  const { store, events, inboxes } = parts;
  // Closing the transport makes the client come back by itself; a polite disconnect would not.
  const giveUp = (cause: unknown): void => {
    parts.log.debug(`A live client was dropped: ${cause instanceof Error ? cause.message : String(cause)}`);
    socket.conn.close();
  };

  const outletOptions = { patienceMs: acknowledgeMs, onFailure: giveUp };

  let cursor = since ?? store.cursor();
  let isStarted = false;
  /** The newest batch, kept only until it is sent or another one comes. */
  let fresh: DurableEvent[] = [];

  async function nextEvents(): Promise<((ms: number) => Promise<unknown>) | undefined> {
    const head = fresh[0];
    requireUnrevoked(visitor);
    if (isStarted && head && head.seq === seqOf(cursor) + 1 && fresh.length <= pageSize) {
      const batch = fresh;
      fresh = [];
      return sendInView(batch, batch.at(-1)!.cursor);
    }
    fresh = [];
    return nextPage();
  }

  async function nextPage(): Promise<((ms: number) => Promise<unknown>) | undefined> {
    const page = await store.readEvents(cursor, pageSize, view);
    if (page.reset || !isStarted) {
      const start = { cursor: page.reset ? store.cursor() : cursor, reset: page.reset };
      isStarted = true;
      cursor = start.cursor;
      return (ms) => socket.timeout(ms).emitWithAck('start', start);
    }
    if (page.items.length === 0) {
      cursor = page.next;
      return undefined;
    }
    return sendInView(page.items, page.next) ?? nextPage();
  }

  /** Undefined where nothing of it is in the view: then it is passed over. */
  function sendInView(batch: DurableEvent[], next: string): ((ms: number) => Promise<unknown>) | undefined {
    const seen = eventsInView(batch, view, inboxes);
    if (seen.length > 0) return (ms) => sendEvents(seen, next, ms);
    cursor = next;
    return undefined;
  }

  async function sendEvents(batch: DurableEvent[], next: string, ms: number): Promise<void> {
    for (const { type, payload } of batch) if (type === 'session:closed') pending.delete(payload.session.id);
    await socket.timeout(ms).emitWithAck('events', batch);
    cursor = next;
  }

  const pending = new Map<string, SessionNews>();
  let gathering: NodeJS.Timeout | undefined;
  async function nextSessions(): Promise<((ms: number) => Promise<unknown>) | undefined> {
    if (pending.size === 0) return undefined;
    requireUnrevoked(visitor);
    const news = [...pending.values()].slice(0, pageSize);
    for (const { payload } of news) pending.delete(payload.session.id);
    return (ms) => socket.timeout(ms).emitWithAck('sessions', news);
  }
  function noteSession(news: SessionNews): void {
    const session = sessionInView(news.payload.session, view);
    if (session === undefined) return;
    const { id } = session;
    // An opening that was not yet told stays one.
    const isNew = pending.get(id)?.type === 'session:opened';
    if (pending.size >= maxPendingSessions) pending.clear();
    pending.set(id, { type: isNew ? 'session:opened' : news.type, payload: { session } });
    gathering ??= setTimeout(() => {
      gathering = undefined;
      sessionOutlet.wake();
    }, gatherSessionsMs);
  }

  /** Of each rule or issue the newest. */
  function newestOf<T extends { id: string }>(send: (news: T[], ms: number) => Promise<unknown>) {
    const newest = new Map<string, T>();
    const outlet = createOutlet(async () => {
      if (newest.size === 0) return undefined;
      requireUnrevoked(visitor);
      const news = [...newest.values()].slice(0, pageSize);
      for (const { id } of news) newest.delete(id);
      return (ms) => send(news, ms);
    }, outletOptions);
    const note = (news: T): void => {
      newest.set(news.id, news);
      outlet.wake();
    };
    return { note, close: () => outlet.close() };
  }

  const watched = new Map<string, Outlet>();
  function watch(sessionId: string, from: number): void {
    watched.get(sessionId)?.close();
    let next = from;
    const outlet = createOutlet(async () => {
      // A session that is not there, or no longer, has no lines to tell.
      const { lines } = await readVisibleLines(parts, sessionId, next, linesPerMessage, view);
      if (lines.length === 0) return undefined;
      requireUnrevoked(visitor);
      next = lines.at(-1)!.n + 1;
      return (ms) => socket.timeout(ms).emitWithAck('lines', { sessionId, lines });
    }, outletOptions);
    watched.set(sessionId, outlet);
    outlet.wake();
  }

  const eventOutlet = createOutlet(nextEvents, outletOptions);
  const sessionOutlet = createOutlet(nextSessions, outletOptions);
  const faults = newestOf<EphemeralEvents['fault:applied']>((news, ms) =>
    socket.timeout(ms).emitWithAck('faults', news),
  );
  const issues = newestOf<EphemeralEvents['issue:seen']>((news, ms) =>
    socket.timeout(ms).emitWithAck('issues', news),
  );

  socket.on('watch', (ask, answered) => {
    const given = watchAsk.safeParse(ask);
    if (typeof answered !== 'function') return;
    if (!given.success) return answered('A watch needs { sessionId, from }.');
    const { sessionId, from } = given.data;
    if (watched.size >= maxWatched && !watched.has(sessionId))
      return answered(`At most ${maxWatched} sessions can be watched at once.`);
    watch(sessionId, from);
    answered(null);
  });
  socket.on('unwatch', (ask, answered) => {
    const given = unwatchAsk.safeParse(ask);
    if (typeof answered !== 'function') return;
    if (!given.success) return answered('An unwatch needs { sessionId }.');
    watched.get(given.data.sessionId)?.close();
    watched.delete(given.data.sessionId);
    answered(null);
  });

  const stops = [
    events.on('durable', (batch) => {
      fresh = batch;
      eventOutlet.wake();
      // The last lines of a session are in the store by now.
      for (const { type, payload } of batch)
        if (type === 'session:closed') watched.get(payload.session.id)?.wake();
    }),
    events.on('session:opened', (payload) => noteSession({ type: 'session:opened', payload })),
    events.on('session:updated', (payload) => noteSession({ type: 'session:updated', payload })),
    events.on('session:lines', ({ sessionId }) => watched.get(sessionId)?.wake()),
    ...(view === null ? [events.on('fault:applied', faults.note), events.on('issue:seen', issues.note)] : []),
  ];
  eventOutlet.wake();
  return () => {
    for (const stop of stops) stop();
    clearTimeout(gathering);
    for (const outlet of [eventOutlet, sessionOutlet, faults, issues, ...watched.values()]) outlet.close();
  };
}

/** Attaches socket.io to the server; every request has passed the access checks by then. */
export function openLive(server: HttpServer, parts: Parts, clocks: HttpClocks): { close(): void } {
  const io = new Server<ClientToServer, ServerToClient>(server, {
    path: '/socket.io',
    serveClient: false,
    transports: ['websocket', 'polling'],
    // Clients only say what they watch.
    maxHttpBufferSize: 16 * 1024,
    connectTimeout: clocks.headersMs,
    pingInterval: clocks.pingMs,
    pingTimeout: clocks.pongMs,
    perMessageDeflate: false,
    httpCompression: false,
  });
  const { guests } = parts;
  io.of('/').use((socket, next) => {
    if (!guests) return next(new Error('Nothing is said here; use the namespace /live.'));
    try {
      // Other tools' events know no inboxes.
      requireWhole(liveVisitor(socket.request, undefined, parts));
      next();
    } catch (error) {
      next(error as Error);
    }
  });
  io.of('/').on('connection', (socket: Socket) => {
    // Guests acknowledge nothing: one that reads too slowly is let go.
    let waiting = 0;
    socket.conn.on('drain', () => (waiting = 0));
    const stop = guests?.connected((event, ...values) => {
      waiting += 1;
      if (waiting > mostForGuest) socket.conn.close();
      else (socket as Socket).emit(event, ...values);
    });
    socket.on('disconnect', () => stop?.());
  });
  const watchers = new WeakMap<object, Watcher>();
  async function admit(socket: LiveSocket): Promise<void> {
    const given = greeting.safeParse(socket.handshake.auth);
    if (!given.success)
      throw new Error('`since` must be a cursor, `inbox` the name of an inbox, `token` a text.');
    const { token, inbox, since } = given.data;
    const visitor = liveVisitor(socket.request, token ?? undefined, parts);
    const view = viewOf(visitor, inbox ?? undefined, parts);
    // One that is no cursor is refused here, where the client hears of it.
    if (since != null) await parts.store.readEvents(since, 1, view);
    watchers.set(socket, { visitor, view });
  }
  io.of('/live').use((socket, next) => {
    admit(socket).then(() => next(), next);
  });
  io.of('/live').on('connection', (socket) => {
    const { since } = greeting.parse(socket.handshake.auth);
    const stop = serveClient(parts, socket, since ?? undefined, watchers.get(socket)!, clocks.acknowledgeMs);
    socket.on('disconnect', stop);
  });
  return {
    close() {
      io.disconnectSockets(true);
      io.engine.close();
    },
  };
}
