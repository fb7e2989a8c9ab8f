import { expect, test } from 'vitest';
import { parseSearch } from '../../shared/search/parse-search.ts';
import { session as sessionSchema, sessionSummary } from '../../shared/session.ts';
import type { TranscriptLine } from '../../shared/transcript.ts';
import type { OpenFresh } from './opened.ts';
import {
  closedSession,
  sampleLines,
  sampleMessage,
  samplePart,
  sampleSession,
  sampleTransaction,
  save,
} from './samples.ts';

const stored = { outcome: 'stored', reply: { code: 250, enhanced: '2.0.0', text: 'Ok' } } as const;

export function sessionSuite(openFresh: OpenFresh): void {
  test('a session without a message is kept with its facts, and its end announced', async () => {
    const { store, events } = await openFresh();
    const session = sampleSession({
      anomalyList: [{ kind: 'no-quit', line: 3, atUs: 5, count: 1, text: 'left' }],
    });
    const part = samplePart(session);
    await store.saveSession(part, false);
    expect(await store.findSession('latest')).toEqual(session);
    const closed = closedSession(session, { outcome: 'refused', transactions: [sampleTransaction(1)] });
    await store.saveSession({ ...part, session: closed, ...sampleLines(10, 3) }, true);
    const found = await store.findSession(session.id);
    expect(found).toEqual(closed);
    expect(sessionSchema.parse(found)).toEqual(found);
    expect(events.map(({ type }) => type)).toEqual(['session:closed']);
    expect(sessionSummary.parse((events[0]?.payload as { session: unknown }).session)).toMatchObject({
      id: session.id,
      outcome: 'refused',
    });
    expect((await store.counts()).sessions).toBe(1);
    expect(await store.findSession('s_unknown')).toBeUndefined();
    await store[Symbol.asyncDispose]();
  });

  test('a message and the session so far are saved together', async () => {
    const { store } = await openFresh();
    const part = samplePart(sampleSession({ transactions: [sampleTransaction(1)] }));
    await store.saveMessage(await sampleMessage(store, 'one'), part);
    expect(await store.findSession(part.session.id)).toEqual(part.session);
    expect((await store.readTranscript(part.session.id, 0, 100)).lines).toEqual(part.lines);
    await store[Symbol.asyncDispose]();
  });

  test('when a message cannot be saved nothing of its session is', async () => {
    const { store } = await openFresh();
    const { id } = await save(store, 'first');
    const part = samplePart();
    await expect(store.saveMessage(await sampleMessage(store, 'again', { id }), part)).rejects.toThrow();
    expect(await store.findSession(part.session.id)).toBeUndefined();
    expect(await store.counts()).toMatchObject({ messages: 1, sessions: 0 });
    await store[Symbol.asyncDispose]();
  });

  test('of many transactions on one connection each keeps its last form', async () => {
    const { store } = await openFresh();
    const session = sampleSession();
    const seq = samplePart().seq;
    const transactions = [];
    for (let n = 1; n <= 20; n += 1) {
      transactions.push(sampleTransaction(n));
      const part = samplePart(
        { ...session, transactions: [...transactions] },
        { seq, ...sampleLines(n * 10, 10) },
      );
      const { id } = await store.saveMessage(
        await sampleMessage(store, `m${String(n)}`, { transaction: n }),
        part,
      );
      transactions[n - 1] = sampleTransaction(n, { ...stored, messageId: id, lastLine: n * 10 + 9 });
    }
    const end = closedSession({ ...session, transactions });
    await store.saveSession(samplePart(end, { seq, ...sampleLines(210, 2) }), true);
    expect((await store.findSession(session.id))?.transactions).toEqual(transactions);
    await store[Symbol.asyncDispose]();
  });

  test('sessions are listed newest first, page by page, running ones too', async () => {
    const { store } = await openFresh();
    const parts = [samplePart(), samplePart(), samplePart()];
    for (const part of parts) await store.saveSession(part, false);
    const first = await store.listSessions({ limit: 2 });
    const second = await store.listSessions({ limit: 2, cursor: first.nextCursor ?? '' });
    const ids = [...first.items, ...second.items].map((item) => sessionSummary.parse(item).id);
    expect(ids).toEqual(parts.map(({ session }) => session.id).reverse());
    expect(second.nextCursor).toBeNull();
    await expect(store.listSessions({ limit: 1, cursor: 'bTox' })).rejects.toMatchObject({
      code: 'invalid_request',
    });
    await store[Symbol.asyncDispose]();
  });

  test('a transcript is read from any line, with the chunks that its lines name', async () => {
    const { store } = await openFresh();
    const part = samplePart(sampleSession(), sampleLines(0, 1200));
    const { id } = part.session;
    await store.saveSession(part, false);
    await store.saveSession({ ...part, ...sampleLines(1200, 10) }, false);
    for (const [from, limit] of [
      [0, 5],
      [495, 10],
      [1195, 10],
      [1209, 10],
    ] as const) {
      const page = await store.readTranscript(id, from, limit);
      const count = Math.min(limit, 1210 - from);
      expect(page).toEqual(sampleLines(from, count));
    }
    expect(await store.readTranscript(id, 1210, 10)).toEqual({ lines: [], chunks: [] });
    expect(await store.readTranscript('s_unknown', 0, 10)).toEqual({ lines: [], chunks: [] });
    await store[Symbol.asyncDispose]();
  });

  test('a line spread over chunks of several saves names them all, and none of the other side', async () => {
    const { store } = await openFresh();
    const part = samplePart();
    const chunk = (n: number, from: 'client' | 'server') => ({ n, atUs: n, from, bytes: 5, secure: false });
    const [line] = sampleLines(1, 1).lines as [TranscriptLine];
    await store.saveSession({ ...part, lines: [], chunks: [chunk(0, 'client')] }, false);
    await store.saveSession({ ...part, lines: [], chunks: [chunk(1, 'server'), chunk(2, 'client')] }, false);
    const spread = { ...line, n: 0, chunk: 0, chunks: 3 };
    await store.saveSession({ ...part, lines: [spread], chunks: [chunk(3, 'client')] }, false);
    await store.saveSession({ ...part, lines: [{ ...line, chunk: 4 }], chunks: [chunk(4, 'client')] }, false);
    const page = await store.readTranscript(part.session.id, 0, 1);
    expect(page.lines).toEqual([spread]);
    expect(page.chunks.map(({ n }) => n)).toEqual([0, 2, 3]);
    await store[Symbol.asyncDispose]();
  });

  test('bytes that belong to no message are kept by line', async () => {
    const { store } = await openFresh();
    const blobs = [
      { line: 3, bytes: Buffer.from([0, 255, 10]) },
      { line: 4, bytes: Buffer.from('refused data') },
    ];
    const part = samplePart(sampleSession(), { blobs });
    await store.saveSession(part, false);
    expect(await store.readBlob(part.session.id, 3)).toEqual(Buffer.from([0, 255, 10]));
    expect(await store.readBlob(part.session.id, 4)).toEqual(Buffer.from('refused data'));
    expect(await store.readBlob(part.session.id, 5)).toBeUndefined();
    expect((await store.counts()).bytes).toBeGreaterThan(15);
    await store[Symbol.asyncDispose]();
  });

  test('the transcript of a deleted message stays and says that its bytes are lost', async () => {
    const { store } = await openFresh();
    const message = await sampleMessage(store, 'gone');
    const [line] = sampleLines(1, 1).lines as [TranscriptLine];
    const data: TranscriptLine = { ...line, kind: 'data', messageId: message.id };
    const part = samplePart(sampleSession(), { lines: [data], chunks: [] });
    await store.saveMessage(message, part);
    const { id } = part.session;
    expect((await store.readTranscript(id, 0, 10)).lines).toEqual([data]);
    await store.deleteMessages({ all: true }, true);
    expect((await store.readTranscript(id, 0, 10)).lines).toEqual([{ ...data, lost: true }]);
    await store[Symbol.asyncDispose]();
  });

  test('deleting sessions keeps their messages, and those that run', async () => {
    const { store, events } = await openFresh();
    const parts = [samplePart(), samplePart(), samplePart()] as const;
    const { id } = await store.saveMessage(await sampleMessage(store, 'stays'), parts[0]);
    for (const part of parts.slice(0, 2)) {
      await store.saveSession({ ...part, session: closedSession(part.session), ...sampleLines(10, 1) }, true);
    }
    await store.saveSession(parts[2], false);
    events.length = 0;
    const ids = [parts[0].session.id, parts[2].session.id, 's_unknown'];
    expect(await store.deleteSessions({ ids }, false)).toBe(1);
    expect(await store.findMessage(id)).toMatchObject({ sessionId: null, transaction: null, lines: null });
    expect(await store.findSession(parts[0].session.id)).toBeUndefined();
    expect(await store.deleteSessions({ all: true }, true)).toBe(1);
    expect((await store.listSessions({ limit: 10 })).items.map((item) => item.id)).toEqual([
      parts[2].session.id,
    ]);
    expect(events.map(({ payload }) => payload)).toEqual([
      { ids: [parts[0].session.id], reason: 'request' },
      { ids: [parts[1].session.id], reason: 'request' },
    ]);
    const { sessions } = await store.counts();
    expect(sessions).toBe(1);
    await store[Symbol.asyncDispose]();
  });

  test('sessions that were deleted come back whole, in search too, until they are purged', async () => {
    const { store, events } = await openFresh();
    const part = samplePart();
    const { id } = await store.saveMessage(await sampleMessage(store, 'stays'), part);
    const session = closedSession(part.session);
    await store.saveSession({ ...part, session, ...sampleLines(10, 3) }, true);
    const parsed = parseSearch(`listener:${session.listener}`, 'sessions');
    const bySearch = { limit: 10, query: parsed.ok ? parsed.query! : expect.unreachable() };
    const before = {
      counts: await store.counts(),
      session: await store.findSession(session.id),
      transcript: await store.readTranscript(session.id, 0, 100),
      list: await store.listSessions({ limit: 10 }),
    };
    expect(await store.listSessions(bySearch)).toEqual(before.list);
    events.length = 0;

    expect(await store.deleteSessions({ all: true }, false)).toBe(1);
    expect(await store.counts()).toMatchObject({ sessions: 0 });
    expect((await store.listSessions(bySearch)).items).toEqual([]);
    expect((await store.readTranscript(session.id, 0, 100)).lines).toEqual([]);
    expect(await store.restoreSessions({ ids: [session.id, 's_unknown'] })).toBe(1);
    expect({
      counts: await store.counts(),
      session: await store.findSession(session.id),
      transcript: await store.readTranscript(session.id, 0, 100),
      list: await store.listSessions({ limit: 10 }),
    }).toEqual(before);
    expect(await store.listSessions(bySearch)).toEqual(before.list);
    expect(await store.findMessage(id)).toMatchObject({ sessionId: session.id });

    expect(await store.deleteSessions({ ids: [session.id] }, false)).toBe(1);
    await store.purgeDeleted(Number.MAX_SAFE_INTEGER);
    expect(await store.restoreSessions({ all: true })).toBe(0);
    expect(events.map(({ type, payload }) => [type, (payload as { ids: string[] }).ids])).toEqual([
      ['sessions:deleted', [session.id]],
      ['sessions:restored', [session.id]],
      ['sessions:deleted', [session.id]],
    ]);
    await store[Symbol.asyncDispose]();
  });

  test('a session that was deleted for good does not come back', async () => {
    const { store } = await openFresh();
    const part = samplePart();
    await store.saveSession({ ...part, session: closedSession(part.session) }, true);
    expect(await store.deleteSessions({ all: true }, true)).toBe(1);
    expect(await store.restoreSessions({ all: true })).toBe(0);
    expect(await store.counts()).toMatchObject({ sessions: 0, bytes: 0 });
    await store[Symbol.asyncDispose]();
  });

  test('a purge of all also takes the sessions that were deleted before', async () => {
    const { store } = await openFresh();
    const parts = [samplePart(), samplePart()] as const;
    for (const part of parts)
      await store.saveSession({ ...part, session: closedSession(part.session) }, true);
    const [first, second] = parts.map(({ session }) => session.id) as [string, string];
    expect(await store.deleteSessions({ ids: [first] }, false)).toBe(1);
    expect(await store.deleteSessions({ ids: [second] }, true)).toBe(1);
    expect(await store.restoreSessions({ ids: [first] })).toBe(1);
    expect(await store.deleteSessions({ ids: [first] }, false)).toBe(1);
    expect(await store.deleteSessions({ all: true }, true)).toBe(0);
    expect(await store.restoreSessions({ all: true })).toBe(0);
    await store[Symbol.asyncDispose]();
  });
}
