// What is asked wrongly, who goes away while waiting, and how many may wait.
import { getEventListeners, once, setMaxListeners } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { selectHtml } from '../../server/mail/select-html.ts';
import { createHub } from '../../server/wait/hub.ts';
import { createWaits } from '../../server/wait/waits.ts';
import { waitLimits } from '../../shared/wait-limits.ts';
import { createFake } from '../http/fake-parts.ts';
import { startTestSandbox } from '../support/sandbox.ts';

const ask = async (
  url: string,
): Promise<{ status: number; error: { code: string; message: string; hint: string; details: unknown } }> => {
  const response = await fetch(url);
  return { status: response.status, ...((await response.json()) as { error: never }) };
};

test('what is asked wrongly is refused at once, with the place and a hint', async () => {
  await using sandbox = await startTestSandbox();
  const wrong: [string, string][] = [
    ['timeout=6m', 'query.timeout: must be a time from 0 to 5m'],
    ['timeout=soon', 'query.timeout: must be a time'],
    ['timeout=-1', 'query.timeout: must be a time'],
    ['count=0', 'query.count'],
    ['count=1001', 'query.count'],
    ['none=true&count=2', 'query.count: makes no sense together with none'],
    ['until=now', 'query.until: is not known'],
    ['query=subjekt:x', 'There is no operator subjekt:.'],
    ['after=yesterday', '`after` is neither a cursor nor an ISO time.'],
    ...[
      '2026-13-01',
      '2026-02-30',
      '2026-02-29T00:00:00Z',
      '2026-04-31T12:00:00%2B02:00',
      '2026-01-01T25:00Z',
    ].map((time): [string, string] => [`after=${time}`, '`after` is neither a cursor nor an ISO time.']),
    ['after=01ABC.5', 'The cursor in `after` is not one of this store.'],
  ];
  for (const kind of ['messages', 'sessions'])
    for (const [query, message] of wrong) {
      const { status, error } = await ask(`${sandbox.url}/api/${kind}/wait?${query}`);
      expect([status, error.code], query).toEqual([400, 'invalid_request']);
      expect(error.message).toContain(message);
      expect(error.hint, query).toBeTruthy();
    }
  const { cursor } = await sandbox.client.readStatus();
  const ahead = await ask(`${sandbox.url}/api/messages/wait?after=${cursor.replace(/\d+$/, '99')}`);
  expect(ahead.error.message).toBe('The cursor in `after` is not one of this store.');
  expect((await fetch(`${sandbox.url}/api/messages/wait`, { method: 'DELETE' })).status).toBe(405);
});

/** Waits over sockets of their own, so that they can be cut. */
async function startWaits(port: number, count: number): Promise<{ socket: Socket; heard: () => string }[]> {
  const sockets = Array.from({ length: count }, () => {
    let heard = '';
    const socket = connect(port, '127.0.0.1', () =>
      socket.write('GET /api/messages/wait?query=body:never&timeout=5m HTTP/1.1\r\nHost: localhost\r\n\r\n'),
    );
    socket.setEncoding('latin1').on('data', (text: string) => (heard += text));
    socket.on('error', () => socket.destroy());
    return { socket, heard: () => heard };
  });
  await Promise.all(sockets.map(({ socket }) => once(socket, 'connect')));
  return sockets;
}

test('one wait too many is refused, and those who leave make room', async () => {
  await using sandbox = await startTestSandbox();
  const port = Number(new URL(sandbox.url).port);
  const short = `${sandbox.url}/api/messages/wait?query=body:never&timeout=1`;
  const until = async (status: number): Promise<string> => {
    for (;;) {
      const answer = await ask(short);
      if (answer.status === status) return answer.error.message;
    }
  };
  // Some more, for the probe may take the place of one.
  const waits = await startWaits(port, waitLimits.waits + 5);
  expect(await until(429)).toBe('500 waits are under way already.');
  for (const { socket } of waits) socket.destroy();
  await until(404);
  // Those who left are not judged any more: mail goes through as always.
  await using wire = await sandbox.wire();
  await wire.hello();
  expect(await wire.mail()).toMatch(/^250/);
});

test('200 who give up make room for 200 others, and nobody listens for them any more', async () => {
  const fake = createFake();
  const parts = { ...fake, selectHtml, quickText: () => undefined, maxWaits: 200 };
  const hub = createHub(parts);
  const waits = createWaits(parts, hub);
  const search = { text: '', query: null, places: new Map() };
  const asked = { search, view: null, after: undefined, count: 1, timeoutMs: 300_000, none: false };
  for (let round = 0; round < 3; round += 1) {
    const leaving = new AbortController();
    setMaxListeners(0, leaving.signal);
    const enough = new Error('enough');
    const all = Array.from({ length: 200 }, () =>
      waits.messages(asked, leaving.signal).catch((error: unknown) => error),
    );
    await expect(waits.messages(asked, leaving.signal)).rejects.toMatchObject({ code: 'too_many_waits' });
    leaving.abort(enough);
    expect(await Promise.all(all)).toEqual(all.map(() => enough));
    expect(getEventListeners(leaving.signal, 'abort')).toEqual([]);
    expect(getEventListeners(hub.stopping, 'abort')).toEqual([]);
    expect(hub.listening()).toBe(0);
  }
});

test('who waits when Mailscope stops is told', async () => {
  const sandbox = await startTestSandbox();
  const waits = await startWaits(Number(new URL(sandbox.url).port), 3);
  // Its turn comes after those that were asked before.
  await fetch(`${sandbox.url}/api/messages/wait?timeout=0`);
  await sandbox[Symbol.asyncDispose]();
  for (const { heard } of waits) expect(heard()).toMatch(/^HTTP\/1\.1 503 [^]*"code":"unavailable"/);
});
