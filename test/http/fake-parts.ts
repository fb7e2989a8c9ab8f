// Everything that the web server needs, in memory: small, real, and without SMTP or a database.
import { Readable } from 'node:stream';
import { MailscopeError } from '../../shared/errors.ts';
import type { DurableEvent, DurableEvents } from '../../shared/events.ts';
import { messageSummary, type Message, type MessageSummary } from '../../shared/message.ts';
import type { Session, SessionSummary } from '../../shared/session.ts';
import type { TranscriptChunk, TranscriptLine } from '../../shared/transcript.ts';
import type {
  HttpParts,
  LiveEvents,
  RunningSession,
  MessageSelection,
  StoredBody,
} from '../../server/http/parts.ts';
import { createExpectations } from '../../server/wait/expectations.ts';
import { createHub } from '../../server/wait/hub.ts';
import { createWaits } from '../../server/wait/waits.ts';
import { iso, openedAtUs, partOf } from '../support/records.ts';
import { silentLog } from '../support/silent-log.ts';

export interface Fake extends HttpParts {
  store: HttpParts['store'] & { readCodes(id: string): Promise<number[]> };
  messages: Map<string, { message: Message; body: Buffer; wire: StoredBody['wire'] }>;
  sessions: Map<
    string,
    { session: Session; lines: TranscriptLine[]; chunks: TranscriptChunk[]; blobs: Map<number, Buffer> }
  >;
  open: Map<string, RunningSession>;
  log_: DurableEvent[];
  /** Adds an event to the log and tells who listens. */
  announce<K extends keyof DurableEvents>(type: K, payload: DurableEvents[K]): DurableEvent;
  emit<K extends keyof LiveEvents>(type: K, payload: LiveEvents[K]): void;
  addMessage(id: string, raw: string | Buffer, more?: Partial<Message>, wire?: StoredBody['wire']): Message;
  /** How often the log was read. */
  reads: { events: number };
  storeId: string;
}

/** Only the default one. */
function noInboxes(): HttpParts['inboxes'] {
  const none = (name: string) => new MailscopeError('not_found', `There is no inbox ${name}.`);
  return {
    list: async () => [],
    read: async (name) => Promise.reject(none(name)),
    sinceSeq(name) {
      if (name !== 'default') throw none(name);
      return 0;
    },
    create: async () => Promise.reject(none('')),
    change: async (name) => Promise.reject(none(name)),
    remove: async (name) => Promise.reject(none(name)),
    tokens: {
      list: () => [],
      create: async (name) => Promise.reject(none(name)),
      delete: async (name) => Promise.reject(none(name)),
    },
  };
}

function noFaults(): HttpParts['faults'] {
  const none = (id: string) => new MailscopeError('not_found', `There is no rule ${id}.`);
  return {
    list: () => [],
    read(id) {
      throw none(id);
    },
    create: async () => Promise.reject(none('')),
    change: async (id) => Promise.reject(none(id)),
    remove: async (id) => Promise.reject(none(id)),
    removeAll: async () => 0,
  };
}

function noIssues(): HttpParts['issues'] {
  const none = (id: string) => new MailscopeError('not_found', `There is no issue ${id}.`);
  return {
    list: () => ({ items: [], nextCursor: null }),
    read(id) {
      throw none(id);
    },
    change: async (id) => Promise.reject(none(id)),
    remove: async (id) => Promise.reject(none(id)),
    removeAll: async () => 0,
  };
}

const page = <T extends { id: string }>(all: T[], limit: number, cursor: string | undefined) => {
  const start = cursor === undefined ? 0 : all.findIndex(({ id }) => id === cursor) + 1;
  const items = all.slice(start, start + limit);
  return { items, nextCursor: start + limit < all.length ? items.at(-1)!.id : null };
};

export function createFake(): Fake {
  const listeners = new Map<string, Set<(payload: never) => void>>();
  const messages: Fake['messages'] = new Map();
  const sessions: Fake['sessions'] = new Map();
  const open: Fake['open'] = new Map();
  const reads = { events: 0 };
  const idsOf = (which: MessageSelection, all: Iterable<string>): string[] =>
    'ids' in which ? which.ids : [...all];
  const summaries = (): MessageSummary[] =>
    [...messages.values()].map(({ message }) => message).sort((a, b) => b.seq - a.seq);
  const remove = (which: MessageSelection, from: Map<string, unknown>): number =>
    idsOf(which, from.keys()).filter((id) => from.delete(id)).length;

  const fake: Omit<Fake, 'waits'> = {
    messages,
    sessions,
    open,
    reads,
    storeId: 'store1',
    log_: [],
    log: silentLog,
    caPem: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
    settled: async () => {},
    caughtUp: async () => {},
    status: async () => ({
      name: 'mailscope',
      version: '0.1.0',
      startedAt: iso(openedAtUs),
      storeId: fake.storeId,
      cursor: fake.store.cursor(),
      data: ':memory:',
      listeners: [],
      http: 'http://127.0.0.1:8025',
      messages: messages.size,
      unread: 0,
      sessions: sessions.size,
      openSessions: open.size,
      bytes: 0,
      bounceAddresses: true,
      limits: { maxMessages: 0, maxBytes: 0, maxAgeMs: 0, maxSize: 0 },
      memoryBytes: 0,
      storage: { state: 'ok' as const, problem: null, freeBytes: null, minFreeBytes: 0 },
    }),
    running: {
      list: () => [...open.values()].map(({ session }) => session as SessionSummary),
      find: (id) => open.get(id),
    },
    events: {
      on(type, listener) {
        const all = listeners.get(type) ?? new Set();
        listeners.set(type, all.add(listener as never));
        return () => void all.delete(listener as never);
      },
    },
    emit(type, payload) {
      for (const listener of listeners.get(type) ?? []) listener(payload as never);
    },
    announce(type, payload) {
      const seq = fake.log_.length + 1;
      const event = {
        seq,
        cursor: `${fake.storeId}.${seq}`,
        at: iso(openedAtUs),
        type,
        payload,
      } as unknown as DurableEvent;
      fake.log_.push(event);
      fake.emit('durable', [event]);
      return event;
    },
    addMessage(id, raw, more = {}, wire = { dots: new Uint8Array(), bdat: null }) {
      const body = Buffer.from(raw);
      const message: Message = {
        id,
        seq: messages.size + 1,
        receivedAt: iso(openedAtUs),
        receivedAtUs: openedAtUs,
        sessionId: null,
        transaction: null,
        origin: 'smtp',
        inboxes: ['default'],
        size: body.length,
        mailFrom: 'a@example.com',
        rcptTo: ['b@example.com'],
        rcptCount: 1,
        from: [],
        to: [],
        subject: id,
        snippet: '',
        date: null,
        attachments: 0,
        tls: null,
        user: null,
        read: false,
        pinned: false,
        tags: [],
        parse: 'parsed',
        envelope: { from: { address: 'a@example.com', params: [], line: 1, reply: null }, to: [] },
        lines: null,
        cc: [],
        bcc: [],
        replyTo: [],
        messageId: null,
        headers: [],
        text: 'hello',
        html: null,
        structure: partOf({ bodyLength: body.length }),
        attachmentList: [],
        links: [],
        codes: [],
        unsubscribe: null,
        problem: null,
        ...more,
      };
      messages.set(id, { message, body, wire });
      return message;
    },
    store: {
      listMessages: async ({ limit, cursor }) => page(summaries(), limit, cursor),
      findMessage: async (id) => messages.get(id)?.message,
      findBody: async (id) => {
        const found = messages.get(id);
        return (
          found && {
            size: found.body.length,
            wire: found.wire,
            bytes: async () => found.body,
            stream: () => Readable.from([found.body]),
          }
        );
      },
      markMessages: async (which, marks) => {
        const found = idsOf(which, messages.keys()).flatMap((id) => messages.get(id) ?? []);
        for (const { message } of found) Object.assign(message, marks);
        return found.length;
      },
      deleteMessages: async (which) => remove(which, messages),
      restoreMessages: async () => 0,
      listSessions: async ({ limit, cursor }) => {
        const all = [...sessions.values()]
          .map(({ session }) => session)
          .sort((a, b) => b.openedAtUs - a.openedAtUs);
        return page(all, limit, cursor);
      },
      readCodes: async () => [],
      findSession: async (id) => sessions.get(id)?.session,
      readTranscript: async (id, from, limit) => {
        const lines = sessions.get(id)?.lines.slice(from, from + limit) ?? [];
        return { lines, chunks: sessions.get(id)?.chunks ?? [] };
      },
      readBlob: async (id, line) => sessions.get(id)?.blobs.get(line),
      deleteSessions: async (which) => remove(which, sessions),
      restoreSessions: async () => 0,
      readEvents: async (since, limit) => {
        reads.events++;
        const [store, seq] = since === undefined ? [fake.storeId, '0'] : since.split('.');
        const reset = store !== fake.storeId;
        const start = reset ? 0 : Number(seq);
        const items = fake.log_.slice(start, start + limit);
        return { items, next: items.at(-1)?.cursor ?? `${fake.storeId}.${start}`, reset };
      },
      cursor: () => `${fake.storeId}.${fake.log_.length}`,
    },
    grants: {
      isClosed: false,
      find: () => undefined,
      looksLikeToken: (text) => text.startsWith('msk_'),
      password: null,
    },
    inboxes: noInboxes(),
    faults: noFaults(),
    issues: noIssues(),
    sendSample: async () => ({ messageId: 'm_sample', sessionId: 's_sample' }),
    agents: async () => new Response(null, { status: 405 }),
    submission: {
      maxSize: 1000,
      async store(chunks, { from = '', to = [], origin }) {
        const bytes: Buffer[] = [];
        for await (const chunk of chunks) bytes.push(chunk);
        const id = `m_raw${messages.size + 1}`;
        const facts = { mailFrom: from, rcptTo: to, rcptCount: to.length, origin };
        return messageSummary.parse(fake.addMessage(id, Buffer.concat(bytes), facts));
      },
    },
    mail: {
      frameHtml: (message, cidUrl) =>
        (message.html ?? '').replace(/cid:([^"]+)/g, (whole, id: string) => cidUrl(id) ?? whole),
      frameText: (message) => `<pre>${message.text}</pre>`,
      csp: ({ cidBase, remote }) =>
        `sandbox; default-src 'none'; img-src ${remote ? 'https: http: ' : ''}data: ${cidBase}`,
      decodePart: (raw, { bodyOffset, bodyLength }) => raw.subarray(bodyOffset, bodyOffset + bodyLength),
      forScheme: (html) => html,
      servedType: (bytes) =>
        bytes.subarray(1, 4).toString() === 'PNG'
          ? { contentType: 'image/png', inline: true }
          : { contentType: 'application/octet-stream', inline: false },
      contentDisposition: (kind, filename) => `${kind}; filename="${filename.replace(/[^\w.-]/g, '_')}"`,
    },
  };
  const parts = {
    ...fake,
    quickText: () => undefined,
    selectHtml: () => ({ elements: [], truncated: false }),
  };
  const hub = createHub(parts);
  const waits = { ...createWaits(parts, hub), expect: createExpectations(parts, hub) };
  return Object.assign(fake, { waits });
}
