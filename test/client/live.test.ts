import { expect, test } from 'vitest';
import { openLive, type Live, type LiveOptions, type LiveState } from '../../shared/client/live.ts';
import type { DurableEvent } from '../../shared/events.ts';
import { lineOf, sessionOf } from '../support/records.ts';
import { startTestHttp, type TestHttp } from '../http/support.ts';
import { startCutProxy } from '../support/cut-proxy.ts';

/** Waits until the check holds, looking again after each turn of the event loop; fails with what it saw. */
async function until(check: () => boolean, seen: () => unknown): Promise<void> {
  const deadline = Date.now() + 40_000;
  while (!check()) {
    if (Date.now() > deadline)
      throw new Error(`It did not happen; seen: ${JSON.stringify(seen()).slice(0, 2000)}`);
    await new Promise((done) => setImmediate(done));
  }
}

function listen(url: string, options: LiveOptions = {}) {
  const events: DurableEvent[] = [];
  const states: LiveState[] = [];
  const live: Live = openLive(url, {
    reconnectDelayMs: 1,
    ...options,
    onEvent: (event) => void (events.push(event), options.onEvent?.(event)),
    onState: (state) => void (states.push(state), options.onState?.(state)),
  });
  return {
    live,
    events,
    states,
    connected: () =>
      until(
        () => states.includes('connected'),
        () => states,
      ),
    [Symbol.dispose]: () => live.close(),
  };
}

const announce = (http: TestHttp, n: number): DurableEvent =>
  http.fake.announce('messages:restored', { ids: [`m_${n}`] });
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

test('of 1,000 events each comes once and in order, though the connection is cut 50 times', async () => {
  await using http = await startTestHttp();
  await using proxy = await startCutProxy(http.port);
  using client = listen(proxy.url, { since: 'store1.0' });
  await client.connected();
  const isBack = (): boolean => client.states.at(-1) === 'connected' && client.states.length === 1 + 2 * cuts;
  let cuts = 0;
  for (let n = 1; n <= 1000; n++) {
    announce(http, n);
    // Cut with the event on its way; those that follow happen while nobody is connected.
    if (n % 20 === 10) {
      proxy.cut();
      cuts++;
    }
    if (n % 20 === 0) await until(isBack, () => client.states);
  }
  await until(
    () => client.events.length >= 1000,
    () => client.events.length,
  );
  expect(client.events.map(({ seq }) => seq)).toEqual(upTo(1000));
  expect(client.states.filter((state) => state === 'lost')).toHaveLength(50);
  expect(client.live.cursor).toBe('store1.1000');
}, 60_000);

test('what was missed comes first, then what happens, read from the log only to catch up', async () => {
  await using http = await startTestHttp();
  for (let n = 1; n <= 500; n++) announce(http, n);
  using client = listen(http.url, { since: 'store1.10' });
  await until(
    () => client.events.length === 490,
    () => client.events.length,
  );
  const reads = http.fake.reads.events;
  for (let n = 501; n <= 520; n++) {
    announce(http, n);
    await until(
      () => client.live.cursor === `store1.${n}`,
      () => client.live.cursor,
    );
  }
  expect(client.events.map(({ seq }) => seq)).toEqual(upTo(520).slice(10));
  // Each event that came was passed on as it was; the log is asked once more to see that nothing is left.
  expect(http.fake.reads.events - reads).toBeLessThanOrEqual(21);
});

test('without a cursor only what happens from now on comes', async () => {
  await using http = await startTestHttp();
  announce(http, 1);
  using client = listen(http.url);
  await client.connected();
  announce(http, 2);
  await until(
    () => client.events.length > 0,
    () => client.states,
  );
  expect(client.events.map(({ seq }) => seq)).toEqual([2]);
});

test('the cursor of another store is answered with a reset, and what follows comes', async () => {
  await using http = await startTestHttp();
  announce(http, 1);
  using client = listen(http.url, { since: 'otherstore.7' });
  await client.connected();
  expect(client.states).toEqual(['reset', 'connected']);
  expect(client.live.cursor).toBe('store1.1');
  announce(http, 2);
  await until(
    () => client.events.length > 0,
    () => client.states,
  );
  expect(client.events.map(({ seq }) => seq)).toEqual([2]);
});

test('of a rule that is applied again and again the newest is told, and nothing else is kept waiting', async () => {
  await using http = await startTestHttp();
  using client = listen(http.url);
  using ofInbox = listen(http.url, { inbox: 'default' });
  const heardInInbox: unknown[] = [];
  ofInbox.live.on('fault:applied', (event) => heardInInbox.push(event));
  await ofInbox.connected();
  const heard: number[] = [];
  client.live.on('fault:applied', ({ payload }) => heard.push(payload.applied));
  await client.connected();
  const applied = (n: number) =>
    http.fake.emit('fault:applied', {
      ...{ id: 'f_1', sessionId: 's_1', applied: n },
      appliedAt: '2026-01-31T12:00:00.000Z',
    });
  for (let n = 1; n <= 1000; n++) applied(n);
  await until(
    () => heard.at(-1) === 1000,
    () => heard,
  );
  expect(heard.length).toBeLessThan(5);
  // Rules are about all inboxes, so who sees one alone hears of none.
  announce(http, 1);
  await until(
    () => ofInbox.events.length === 1,
    () => ofInbox.states,
  );
  expect(heardInInbox).toEqual([]);
});

test('a client that does not acknowledge is sent one message and no more', async () => {
  await using http = await startTestHttp();
  const { io } = await import('socket.io-client');
  const socket = io(`${http.url}/live`, { transports: ['websocket'], auth: { since: 'store1.0' } });
  const batches: DurableEvent[][] = [];
  let acknowledge: () => void = () => {};
  socket.on('start', (_at: unknown, done: () => void) => done());
  socket.on('events', (batch: DurableEvent[], done: () => void) => {
    batches.push(batch);
    acknowledge = done;
  });
  announce(http, 1);
  await until(
    () => batches.length === 1,
    () => batches.length,
  );
  for (let n = 2; n <= 1000; n++) announce(http, n);
  using other = listen(http.url, { since: 'store1.0' });
  await until(
    () => other.events.length === 1000,
    () => other.events.length,
  );
  expect(batches.length).toBe(1);
  acknowledge();
  await until(
    () => batches.length === 2,
    () => batches.length,
  );
  expect(batches[1]!.map(({ seq }) => seq)).toEqual(upTo(201).slice(1));
  socket.disconnect();
});

test('sessions that open and change are told while they run', async () => {
  await using http = await startTestHttp();
  const news: string[] = [];
  using client = listen(http.url, {
    onEphemeral: (type, payload) =>
      void news.push(`${type} ${'session' in payload ? payload.session.id : ''}`),
  });
  await client.connected();
  const updates: string[] = [];
  client.live.on('session:updated', ({ payload }) => void updates.push(payload.session.id));
  http.fake.emit('session:opened', { session: sessionOf('s_1', 1) });
  http.fake.emit('session:updated', { session: sessionOf('s_2', 1) });
  await until(
    () => news.length === 2,
    () => news,
  );
  expect(news).toEqual(['session:opened s_1', 'session:updated s_2']);
  expect(updates).toEqual(['s_2']);
});

test('a session that is over at once is told by its end alone', async () => {
  await using http = await startTestHttp();
  const news: string[] = [];
  using client = listen(http.url, {
    onEvent: ({ type }) => void news.push(type),
    onEphemeral: (type, payload) =>
      void news.push(`${type} ${'session' in payload ? payload.session.id : ''}`),
  });
  await client.connected();
  http.fake.emit('session:opened', { session: sessionOf('s_1', 1) });
  http.fake.announce('session:closed', { session: sessionOf('s_1', 1) });
  http.fake.emit('session:opened', { session: sessionOf('s_2', 2) });
  await until(
    () => news.length === 2,
    () => news,
  );
  expect(news).toEqual(['session:closed', 'session:opened s_2']);
});

test('the lines of a watched session come once and in order, across losses and its end', async () => {
  await using http = await startTestHttp();
  await using proxy = await startCutProxy(http.port);
  using client = listen(proxy.url);
  const running = {
    session: sessionOf('s_1', 1),
    lines: upTo(5).map((n) => lineOf(n - 1)),
    chunks: [],
    codes: [],
    blob: () => undefined,
  };
  http.fake.open.set('s_1', running);
  const seen: number[] = [];
  const stop = client.live.watchSession('s_1', 2, (lines) => void seen.push(...lines.map(({ n }) => n)));
  await until(
    () => seen.length === 3,
    () => seen,
  );
  for (let n = 5; n < 1200; n++) {
    running.lines.push(lineOf(n));
    http.fake.emit('session:lines', { sessionId: 's_1', lines: [lineOf(n)] });
    if (n % 100 !== 0) continue;
    const before = client.states.length;
    proxy.cut();
    await until(
      () => client.states.length >= before + 2 && client.states.at(-1) === 'connected',
      () => client.states,
    );
  }
  const lines = [...running.lines, lineOf(1200)];
  http.fake.sessions.set('s_1', { session: running.session, lines, chunks: [], blobs: new Map() });
  http.fake.open.delete('s_1');
  http.fake.announce('session:closed', { session: running.session });
  await until(
    () => seen.at(-1) === 1200,
    () => seen.length,
  );
  expect(seen).toEqual(Array.from({ length: 1199 }, (_, i) => i + 2));
  stop();
});

test('what a client says is checked', async () => {
  await using http = await startTestHttp();
  const { io } = await import('socket.io-client');
  const refused = io(`${http.url}/live`, {
    transports: ['websocket'],
    auth: { since: 5 },
    reconnection: false,
  });
  expect(await new Promise((done) => refused.on('connect_error', ({ message }) => done(message)))).toContain(
    'cursor',
  );
  const elsewhere = io(http.url, { transports: ['websocket'], reconnection: false, forceNew: true });
  expect(
    await new Promise((done) => elsewhere.on('connect_error', ({ message }) => done(message))),
  ).toContain('/live');
  const socket = io(`${http.url}/live`, { transports: ['polling'], forceNew: true });
  for (const ask of [
    null,
    'x',
    { sessionId: 'x' },
    { sessionId: 's_1', from: -1 },
    { sessionId: 's_1', more: 1 },
  ])
    expect(await socket.emitWithAck('watch', ask)).toContain('needs');
  for (let n = 1; n <= 20; n++) expect(await socket.emitWithAck('watch', { sessionId: `s_${n}` })).toBeNull();
  expect(await socket.emitWithAck('watch', { sessionId: 's_21' })).toContain('At most 20');
  expect(await socket.emitWithAck('unwatch', { sessionId: 's_1' })).toBeNull();
  expect(await socket.emitWithAck('watch', { sessionId: 's_21' })).toBeNull();
  socket.emit('watch');
  for (const one of [refused, elsewhere, socket]) one.disconnect();
});

test('closing the server does not wait for clients that listen', async () => {
  const http = await startTestHttp();
  using client = listen(http.url);
  await client.connected();
  const started = performance.now();
  await http[Symbol.asyncDispose]();
  expect(performance.now() - started).toBeLessThan(6000);
});
