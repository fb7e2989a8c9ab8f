// Clients of the web port that send or read a byte now and then: each is let go at its deadline, others are answered.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { rawRequest, sayRaw, statusOf } from '../http/support.ts';
import { startTestSandbox } from '../support/sandbox.ts';

const each = 5;
const clocks = {
  headersMs: 600,
  requestMs: 1200,
  keepAliveMs: 600,
  silentMs: 1500,
  pingMs: 600,
  pongMs: 600,
};
/** How often Node looks at the first two. */
const looksMs = clocks.headersMs / 4;
/** Node gives this to whoever keeps a connection, beyond what it was told, since clients count from when they hear. */
const keepAliveMoreMs = 1000;
const patienceMs = 25_000;
const closeFrame = 0x88;

const head = (line: string, ...more: string[]): string =>
  [line, 'Host: localhost', ...more, '', ''].join('\r\n');
const json = ['Content-Type: application/json', 'Content-Length: 500'];
const handshake = '/socket.io/?EIO=4&transport=polling';

interface Slow {
  /** Said at once. */
  first: string;
  /** Then one byte after the other; nothing where it is empty. */
  bytes: string;
  answer?: RegExp;
  /** From when on, where that is not its beginning. */
  since?: number;
  deadlineMs: number;
  /** What it may take beyond that. */
  moreMs?: number;
}

const kinds: Record<string, (polling: () => Promise<{ sid: string; at: number }>) => Slow | Promise<Slow>> = {
  'says nothing': () => ({ first: '', bytes: '', deadlineMs: clocks.headersMs }),
  'sends headers': () => ({
    first: 'GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ',
    bytes: 'a',
    answer: /^HTTP\/1.1 408 /,
    deadlineMs: clocks.headersMs,
  }),
  'sends a body of JSON': () => ({
    first: head('POST /api/messages/delete HTTP/1.1', ...json),
    bytes: ' ',
    deadlineMs: clocks.requestMs,
  }),
  'sends a raw message': () => ({
    first: head('POST /api/messages HTTP/1.1', 'Content-Type: message/rfc822', 'Transfer-Encoding: chunked'),
    bytes: '1\r\nx\r\n',
    deadlineMs: clocks.requestMs,
  }),
  'sends a packet of socket.io': async (polling) => {
    const { sid, at } = await polling();
    return {
      first: head(`POST ${handshake}&sid=${sid} HTTP/1.1`, 'Content-Type: text/plain', 'Content-Length: 500'),
      bytes: '4',
      since: at,
      deadlineMs: clocks.pingMs + clocks.pongMs,
    };
  },
  'polls and does not answer the ping': async (polling) => {
    const { sid } = await polling();
    return {
      first: head(`GET ${handshake}&sid=${sid} HTTP/1.1`),
      bytes: '',
      // The ping is the answer of the poll; then it does nothing.
      deadlineMs: clocks.pingMs + clocks.keepAliveMs,
      moreMs: keepAliveMoreMs,
    };
  },
  'opens a WebSocket and joins nothing': () => ({
    first: head(
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    ),
    bytes: '',
    answer: /^HTTP\/1.1 101 /,
    deadlineMs: clocks.headersMs,
  }),
  'does nothing after its answer': () => ({
    first: head('GET /api/ready HTTP/1.1'),
    bytes: '',
    answer: /^HTTP\/1.1 200 /,
    deadlineMs: clocks.keepAliveMs,
    moreMs: keepAliveMoreMs,
  }),
};

/** Resolves with what was heard, and when, once the server has closed. */
async function bore(port: number, { first, bytes, since }: Slow): Promise<{ heard: string; tookMs: number }> {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let heard = '';
  socket.on('error', () => {});
  socket.on('data', (chunk: Buffer) => {
    heard += chunk.toString('latin1');
    // A WebSocket is closed by both; without the answer of the other side it takes 30 s more. The frame may come in one
    // chunk with a ping; all before it is ASCII.
    if (chunk.includes(closeFrame)) socket.end();
  });
  await once(socket, 'connect');
  const startedAt = since ?? performance.now();
  socket.write(first);
  let at = 0;
  const timer = setInterval(() => {
    if (bytes) socket.write(bytes[at++ % bytes.length]!);
  }, 40);
  const late = setTimeout(() => socket.destroy(new Error('late')), patienceMs);
  try {
    await new Promise((closed) => socket.once('close', closed));
    if (socket.errored?.message === 'late')
      throw new Error(`still open after ${patienceMs} ms: ${first}${heard}`);
    return { heard, tookMs: performance.now() - startedAt };
  } finally {
    clearInterval(timer);
    clearTimeout(late);
  }
}

test('each is closed at its deadline, and others are answered meanwhile', { timeout: 120_000 }, async () => {
  await using sandbox = await startTestSandbox({}, { clocks });
  const port = Number(new URL(sandbox.url).port);
  const polling = async (): Promise<{ sid: string; at: number }> => {
    const at = performance.now();
    const text = await (await fetch(sandbox.url + handshake)).text();
    return { ...(JSON.parse(text.slice(1)) as { sid: string }), at };
  };

  let isOver = false;
  // Over a connection each. How long they take tells what the machine is late, too: the server is in this process.
  const answers: number[] = [];
  const asking = (async () => {
    const ask = rawRequest('GET /api/status HTTP/1.1', ['Host: localhost', 'Connection: close']);
    while (!isOver) {
      const startedAt = performance.now();
      expect(statusOf(await sayRaw(port, ask))).toBe(200);
      answers.push(performance.now() - startedAt);
    }
  })();
  const results = await Promise.all(
    Object.entries(kinds).flatMap(([name, make]) =>
      Array.from({ length: each }, async () => {
        const slow = await make(polling);
        return { name, slow, ...(await bore(port, slow)) };
      }),
    ),
  ).finally(() => (isOver = true));
  await asking;
  expect(answers.length).toBeGreaterThan(5);
  const lateMs = 2 * Math.max(...answers);
  for (const { name, slow, heard, tookMs } of results) {
    const { answer = /^/, deadlineMs, moreMs = 0 } = slow;
    expect(heard, name).toMatch(answer);
    expect(tookMs, name).toBeGreaterThan(0.9 * deadlineMs);
    expect(tookMs, `${name}, late by ${Math.round(lateMs)} ms`).toBeLessThan(
      1.1 * deadlineMs + looksMs + moreMs + lateMs,
    );
  }
});

test('who does not read an answer gets all of it within the time for that, and not later', async () => {
  const silentMs = 700;
  await using sandbox = await startTestSandbox({}, { clocks: { ...clocks, silentMs } });
  const port = Number(new URL(sandbox.url).port);
  await using wire = await sandbox.wire();
  await wire.hello();
  // More than the buffers of the two sockets hold.
  const id = /m_\w+/.exec(
    await wire.mail(`Subject: large\r\n\r\n${'x'.repeat(70).concat('\r\n').repeat(300_000)}`),
  )![0];
  const whole = (await fetch(`${sandbox.url}/api/messages/${id}/raw`).then((answer) => answer.arrayBuffer()))
    .byteLength;
  expect(whole).toBeGreaterThan(20_000_000);
  const readAfter = async (ms: number): Promise<number> => {
    const socket = connect(port, '127.0.0.1')
      .on('error', () => {})
      .pause();
    socket.write(head(`GET /api/messages/${id}/raw HTTP/1.1`, 'Connection: close'));
    await delay(ms);
    let heard = 0;
    socket.on('data', (chunk: Buffer) => (heard += chunk.length)).resume();
    await new Promise((closed) => socket.once('close', closed));
    return heard;
  };
  // Node begins its clock anew, twice, where something has gone since it looked last. Who reads too late gets what was
  // on its way.
  const [inTime, late] = await Promise.all([readAfter(silentMs / 4), readAfter(5 * silentMs)]);
  expect(inTime).toBeGreaterThan(whole);
  expect(late).toBeLessThan(whole / 2);
});

test('an answer that takes longer than a connection may be silent is waited for', async () => {
  await using sandbox = await startTestSandbox({}, { clocks: { ...clocks, silentMs: 300 } });
  const answer = await fetch(`${sandbox.url}/api/messages/wait?timeout=1s&none=true`);
  expect([answer.status, ((await answer.json()) as { items: unknown[] }).items]).toEqual([200, []]);
});
