// The live side of the SDK: what changes, as it changes, over socket.io. It comes back by itself after a loss and
// goes on where it was.
import { io, type Socket } from 'socket.io-client';
import type { DurableEvent, EphemeralEvents } from '../events.ts';

/** `reset`: what is known is void (another or a pruned store); load everything anew. `connected` follows it. */
export type LiveState = 'connected' | 'lost' | 'reset';
export type LinesListener = (lines: EphemeralEvents['session:lines']['lines']) => void;

export interface LiveOptions {
  /** The cursor to continue from, as in `status.cursor` or an event. Default: from now on. */
  since?: string | null;
  /** Each durable event once, in order. */
  onEvent?: (event: DurableEvent) => void;
  /**
   * `session:opened`, `session:updated`, `session:lines`, `fault:applied` and `issue:seen`; a slow listener gets only
   * the newest of a session, rule or issue.
   */
  onEphemeral?: <K extends keyof EphemeralEvents>(type: K, payload: EphemeralEvents[K]) => void;
  onState?: (state: LiveState) => void;
  /** Time before the first attempt to come back, in ms; it doubles up to 5 s. Default: 250. */
  reconnectDelayMs?: number;
  /** Of the configuration or of an inbox. */
  token?: string;
  /** Only what is in this inbox, as it is there. */
  inbox?: string;
}

type Listeners = { [E in DurableEvent as E['type']]: E } & {
  [K in keyof EphemeralEvents]: { type: K; payload: EphemeralEvents[K] };
};

export interface Live {
  /** The last event that was given; null before the first connection without `since`. */
  readonly cursor: string | null;
  /** Calls the listener with each event of the type. Returns the way to stop. */
  on<T extends keyof Listeners>(type: T, listener: (event: Listeners[T]) => void): () => void;
  /**
   * Gives the lines of a session, running or not, from number `fromLine` on, each once and in order, then the new
   * ones as they come. At most 20 sessions at once. Returns the way to stop.
   */
  watchSession(sessionId: string, fromLine: number, listener: LinesListener): () => void;
  /** Ends the connection for good. */
  close(): void;
}

interface FromServer {
  start(at: { cursor: string; reset: boolean }, done: () => void): void;
  events(events: DurableEvent[], done: () => void): void;
  sessions(news: { type: 'session:opened' | 'session:updated'; payload: never }[], done: () => void): void;
  faults(news: EphemeralEvents['fault:applied'][], done: () => void): void;
  issues(news: EphemeralEvents['issue:seen'][], done: () => void): void;
  lines(payload: EphemeralEvents['session:lines'], done: () => void): void;
}
interface ToServer {
  watch(ask: { sessionId: string; from: number }, answered: (error: string | null) => void): void;
  unwatch(ask: { sessionId: string }, answered: (error: string | null) => void): void;
}

const splitCursor = (cursor: string): [store: string, seq: number] => {
  const dot = cursor.lastIndexOf('.');
  return [cursor.slice(0, dot), Number(cursor.slice(dot + 1))];
};

/** Listens to the Mailscope at `baseUrl` (`''` in a page of Mailscope itself) until it is closed. */
export function openLive(baseUrl: string, options: LiveOptions = {}): Live {
  let cursor = options.since ?? null;
  let state: LiveState | null = null;
  const listeners = new Map<string, Set<(event: never) => void>>();
  const watched = new Map<string, { next: number; listener: LinesListener }>();

  const delay = options.reconnectDelayMs ?? 250;
  const socket: Socket<FromServer, ToServer> = io(`${baseUrl.replace(/(?<!\/)\/+$/, '')}/live`, {
    transports: ['websocket', 'polling'],
    // Where WebSocket is blocked, the next transport is tried.
    tryAllTransports: true,
    forceNew: true,
    reconnectionDelay: delay,
    reconnectionDelayMax: Math.max(delay, 5000),
    // Asked at each connection: where we are by now.
    auth: (give) => give({ since: cursor, inbox: options.inbox ?? null, token: options.token ?? null }),
  });

  function setState(next: LiveState): void {
    if (next !== state) options.onState?.(next);
    state = next;
  }
  function tell(event: { type: string; payload: unknown }): void {
    for (const listener of listeners.get(event.type) ?? []) listener(event as never);
  }
  function tellEphemeral<K extends keyof EphemeralEvents>(type: K, payload: EphemeralEvents[K]): void {
    options.onEphemeral?.(type, payload);
    tell({ type, payload });
  }
  const watch = (sessionId: string, from: number): void => {
    socket.emit('watch', { sessionId, from }, () => {});
  };

  socket.on('start', (at, done) => {
    if (at.reset) setState('reset');
    cursor = at.cursor;
    setState('connected');
    for (const [sessionId, { next }] of watched) watch(sessionId, next);
    done();
  });
  socket.on('events', (events, done) => {
    for (const event of events) {
      // Acknowledgements get lost with connections, so the server may say again what was heard.
      const [store, seq] = splitCursor(event.cursor);
      const [lastStore, lastSeq] = splitCursor(cursor ?? '');
      if (store === lastStore && seq <= lastSeq) continue;
      cursor = event.cursor;
      options.onEvent?.(event);
      tell(event);
    }
    done();
  });
  socket.on('sessions', (news, done) => {
    for (const { type, payload } of news) tellEphemeral(type, payload);
    done();
  });
  socket.on('faults', (news, done) => {
    for (const payload of news) tellEphemeral('fault:applied', payload);
    done();
  });
  socket.on('issues', (news, done) => {
    for (const payload of news) tellEphemeral('issue:seen', payload);
    done();
  });
  socket.on('lines', (payload, done) => {
    done();
    const watching = watched.get(payload.sessionId);
    const lines = watching ? payload.lines.filter(({ n }) => n >= watching.next) : [];
    if (!watching || lines.length === 0) return;
    watching.next = lines.at(-1)!.n + 1;
    watching.listener(lines);
    tellEphemeral('session:lines', { sessionId: payload.sessionId, lines });
  });
  const lose = (): void => {
    setState('lost');
    // After some ends socket.io does not come back by itself.
    if (!socket.active && !isClosed) setTimeout(() => !isClosed && socket.connect(), delay);
  };
  socket.on('disconnect', lose);
  socket.on('connect_error', lose);
  let isClosed = false;

  return {
    get cursor() {
      return cursor;
    },
    on(type, listener) {
      const all = listeners.get(type) ?? new Set();
      listeners.set(type, all.add(listener as never));
      return () => void all.delete(listener as never);
    },
    watchSession(sessionId, fromLine, listener) {
      const watching = { next: fromLine, listener };
      watched.set(sessionId, watching);
      if (state === 'connected') watch(sessionId, fromLine);
      return () => {
        if (watched.get(sessionId) !== watching) return;
        watched.delete(sessionId);
        if (socket.connected) socket.emit('unwatch', { sessionId }, () => {});
      };
    },
    close() {
      isClosed = true;
      watched.clear();
      socket.disconnect();
    },
  };
}
