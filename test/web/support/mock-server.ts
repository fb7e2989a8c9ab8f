// A stand-in for the server, at its edge: it speaks the API's HTTP and socket.io, from values in memory.
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Server } from 'socket.io';
import type { DurableEvent, DurableEventType, DurableEvents } from '../../../shared/events.ts';
import type { Issue } from '../../../shared/issue.ts';
import type { Message } from '../../../shared/message.ts';
import type { Session } from '../../../shared/session.ts';
import type { Status, StorageStatus } from '../../../shared/status.ts';
import type { TranscriptLine } from '../../../shared/transcript.ts';
import { dateless, matchOf, rejected, someIssues, someRules, toFinding } from './fixture-findings.ts';
import { htmlMail, someMessages, toSummary } from './fixture-messages.ts';
import { someFaults, somePresets } from './fixture-faults.ts';
import {
  capturedLines,
  capturedSession,
  failedTls,
  failedTlsSession,
  makeSession,
} from './fixture-sessions.ts';

const dist = fileURLToPath(new URL('../../../dist/web', import.meta.url));
const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

export interface Mock extends AsyncDisposable {
  url: string;
  messages: Message[];
  sessions: Session[];
  lines: Map<string, TranscriptLine[]>;
  /** What the status says of it. */
  storage: StorageStatus;
  /** Calls that change something, as `METHOD path body`. */
  calls: string[];
  emit<T extends DurableEventType>(type: T, payload: DurableEvents[T]): void;
  addMessage(message: Message): void;
  addSession(session: Session): void;
  addLines(sessionId: string, lines: TranscriptLine[]): void;
  /** Cuts the live connections and takes no new ones until it is called with false. */
  breakLive(isBroken: boolean): void;
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const piece of request) text += String(piece);
  return text ? (JSON.parse(text) as Record<string, unknown>) : {};
}

export async function startMock(options: { isEmpty?: boolean } = {}): Promise<Mock> {
  const messages = options.isEmpty ? [] : someMessages();
  const sessions = options.isEmpty
    ? []
    : [
        makeSession(1, { outcome: 'no-command', clientName: null, messages: 0, anomalies: 1, commands: 0 }),
        failedTlsSession,
        capturedSession,
      ];
  const lines = new Map([
    ['s_captured', capturedLines],
    ['s_tls', failedTls],
  ]);
  const issues = options.isEmpty ? [] : someIssues();
  const inState = (state: string | null): Issue[] =>
    issues.filter((issue) => state === null || issue.state === state);
  const deleted = new Map<string, Message>();
  const calls: string[] = [];
  const log: DurableEvent[] = [];
  let isBroken = false;
  const storage: StorageStatus = { state: 'ok', problem: null, freeBytes: 1, minFreeBytes: 0 };

  const status = (): Status => ({
    name: 'mailscope',
    version: '0.1.0',
    startedAt: '2026-03-12T08:00:00.000Z',
    storeId: 'store',
    cursor: `store.${log.length}`,
    data: ':memory:',
    listeners: [
      {
        name: 'smtp',
        url: 'smtp://127.0.0.1:1025?tls=none',
        host: '127.0.0.1',
        port: 1025,
        protocol: 'smtp',
        tls: 'none',
        auth: 'offered',
        anyLogin: true,
      },
      {
        name: 'submission',
        url: 'smtp://127.0.0.1:1587?tls=offered',
        host: '127.0.0.1',
        port: 1587,
        protocol: 'smtp',
        tls: 'offered',
        auth: 'offered',
        anyLogin: true,
      },
      {
        name: 'smtps',
        url: 'smtps://127.0.0.1:1465',
        host: '127.0.0.1',
        port: 1465,
        protocol: 'smtp',
        tls: 'implicit',
        auth: 'offered',
        anyLogin: true,
      },
    ],
    http: 'http://127.0.0.1:8025',
    messages: messages.length,
    unread: messages.filter(({ read }) => !read).length,
    sessions: sessions.length,
    openIssues: inState('open').length,
    openSessions: sessions.filter(({ outcome }) => outcome === 'open').length,
    bytes: 1,
    bounceAddresses: true,
    limits: { maxMessages: 10_000, maxBytes: 1, maxAgeMs: 0, maxSize: 52_428_800 },
    memoryBytes: 1,
    storage,
  });

  function page<T>(rows: T[], query: URLSearchParams): { items: T[]; nextCursor: string | null } {
    const start = Number(query.get('cursor') ?? 0);
    const end = start + Number(query.get('limit') ?? 50);
    return { items: rows.slice(start, end), nextCursor: end < rows.length ? String(end) : null };
  }

  const bySeq = (a: Message, b: Message): number => b.seq - a.seq;

  function change(path: string, ids: string[], body: Record<string, unknown>): void {
    if (path.endsWith('/update')) {
      for (const message of messages) if (ids.includes(message.id)) message.read = body['read'] === true;
      emit('messages:changed', { ids, read: body['read'] === true });
    } else if (path.endsWith('/delete')) {
      for (const message of messages) if (ids.includes(message.id)) deleted.set(message.id, message);
      messages.splice(0, messages.length, ...messages.filter(({ id }) => !ids.includes(id)));
      emit('messages:deleted', { ids, upToSeq: null, reason: 'request' });
    } else {
      messages.push(...ids.flatMap((id) => deleted.get(id) ?? []));
      emit('messages:restored', { ids });
    }
  }

  function find(path: string, query: URLSearchParams): unknown {
    const [, , noun, id, more] = path.split('/');
    if (noun === 'status') return status();
    if (noun === 'inboxes') return { items: [] };
    if (noun === 'rules') return { items: someRules() };
    if (noun === 'issues' && id) return issues.find((issue) => issue.id === id);
    if (noun === 'issues') return page(inState(query.get('state')), query);
    if (more === 'findings')
      return { items: noun === 'sessions' ? [toFinding(rejected)] : [toFinding(dateless)] };
    if (noun === 'faults') return { items: id === 'presets' ? somePresets : someFaults };
    if (noun === 'messages' && !id) {
      const { items, nextCursor } = page(messages.toSorted(bySeq), query);
      return { items: items.map(toSummary), nextCursor };
    }
    if (noun === 'messages' && !more) return messages.find((message) => message.id === id);
    if (noun === 'sessions' && !id)
      return page(
        sessions.toSorted((a, b) => b.openedAtUs - a.openedAtUs),
        query,
      );
    if (noun === 'sessions' && !more) return sessions.find((session) => session.id === id);
    if (more === 'transcript')
      return { sessionId: id, chunks: [], ...page(lines.get(id ?? '') ?? [], query) };
    return undefined;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://mock');
    const send = (code: number, type: string, body: string | Buffer): void => {
      response.writeHead(code, { 'Content-Type': type });
      response.end(body);
    };
    if (pathname.startsWith('/mail/')) {
      response.setHeader(
        'Content-Security-Policy',
        "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups",
      );
      return send(200, 'text/html; charset=utf-8', htmlMail);
    }
    if (pathname.startsWith('/api/') && pathname.endsWith('/raw')) {
      return send(
        200,
        'message/rfc822',
        'From: a@b.example\r\nSubject: Hi  \r\n\r\nLine\twith tab\r\nbare\nend\u200B\r\n',
      );
    }
    if (pathname.endsWith('/transcript') && searchParams.get('format') === 'text')
      return send(200, 'text/plain; charset=utf-8', 'S: <- 220 mail.test ESMTP\n');
    if (pathname.startsWith('/api/')) {
      if (request.method === 'POST') {
        const body = await readJson(request);
        calls.push(`${request.method} ${pathname} ${JSON.stringify(body)}`);
        if (pathname === '/api/explain-error')
          return send(200, 'application/json', JSON.stringify({ items: matchOf(String(body['text'])) }));
        const ids = body['ids'] as string[];
        change(pathname, ids, body);
        return send(200, 'application/json', JSON.stringify({ count: ids.length }));
      }
      const found = find(pathname, searchParams);
      if (found) return send(200, 'application/json', JSON.stringify(found));
      return send(
        404,
        'application/json',
        JSON.stringify({ error: { code: 'not_found', message: 'There is no such thing.', hint: null } }),
      );
    }
    const file = pathname.startsWith('/assets/') ? pathname : '/index.html';
    const bytes = await readFile(join(dist, file)).catch(() => null);
    if (file === '/index.html') {
      response.setHeader(
        'Content-Security-Policy',
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-src 'self'",
      );
    }
    send(bytes ? 200 : 404, types[extname(file)] ?? 'text/plain', bytes ?? 'not found');
  }

  const server = createServer((request, response) => void answer(request, response));
  const io = new Server(server, { serveClient: false });
  const live = io.of('/live');
  live.use((_socket, next) => next(isBroken ? new Error('broken') : undefined));
  live.on('connection', (socket) => {
    const since = Number(
      String((socket.handshake.auth as { since?: string }).since ?? '').split('.')[1] ?? log.length,
    );
    socket.emit('start', { cursor: `store.${since}`, reset: false }, () => undefined);
    if (since < log.length) socket.emit('events', log.slice(since), () => undefined);
    socket.on(
      'watch',
      ({ sessionId, from }: { sessionId: string; from: number }, done: (error: null) => void) => {
        done(null);
        void socket.join(sessionId);
        const known = (lines.get(sessionId) ?? []).slice(from);
        if (known.length > 0) socket.emit('lines', { sessionId, lines: known }, () => undefined);
      },
    );
  });

  function emit<T extends DurableEventType>(type: T, payload: DurableEvents[T]): void {
    const seq = log.length + 1;
    log.push({ seq, cursor: `store.${seq}`, at: new Date().toISOString(), type, payload } as DurableEvent);
    for (const socket of live.sockets.values()) socket.emit('events', [log.at(-1)], () => undefined);
  }

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    messages,
    sessions,
    lines,
    storage,
    calls,
    emit,
    addMessage(message) {
      messages.push(message);
      emit('message:stored', { message: toSummary(message) });
    },
    addSession(session) {
      sessions.push(session);
      for (const socket of live.sockets.values()) {
        socket.emit('sessions', [{ type: 'session:opened', payload: { session } }], () => undefined);
      }
    },
    addLines(sessionId, more) {
      lines.set(sessionId, [...(lines.get(sessionId) ?? []), ...more]);
      for (const socket of live.adapter.rooms.get(sessionId) ?? []) {
        live.sockets.get(socket)?.emit('lines', { sessionId, lines: more }, () => undefined);
      }
    },
    breakLive(broken) {
      isBroken = broken;
      if (broken) live.disconnectSockets(true);
    },
    async [Symbol.asyncDispose]() {
      await io.close();
      server.closeAllConnections();
    },
  };
}
