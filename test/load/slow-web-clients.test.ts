// Clients of the web port that send or read a byte now and then: each is let go at its deadline, others are answered.
import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';

const each = 5;
const clocks = {
  headersMs: 600,
  requestMs: 1200,
  keepAliveMs: 600,
  silentMs: 1500,
  pingMs: 400,
  pongMs: 400,
};
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
  /** Reads nothing of what comes. */
  deaf?: boolean;
  answer?: RegExp;
}

const kinds: Record<string, (ids: { polling: string; message: string }) => Slow> = {
  'says nothing': () => ({ first: '', bytes: '' }),
  'sends headers': () => ({
    first: 'GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ',
    bytes: 'a',
    answer: /^HTTP\/1.1 408 /,
  }),
  'sends a body of JSON': () => ({ first: head('POST /api/messages/delete HTTP/1.1', ...json), bytes: ' ' }),
  'sends a raw message': () => ({
    first: head('POST /api/messages HTTP/1.1', 'Content-Type: message/rfc822', 'Transfer-Encoding: chunked'),
    bytes: '1\r\nx\r\n',
  }),
  'sends a packet of socket.io': ({ polling }) => ({
    first: head(
      `POST ${handshake}&sid=${polling} HTTP/1.1`,
      'Content-Type: text/plain',
      'Content-Length: 500',
    ),
    bytes: '4',
  }),
  'polls and does not answer the ping': ({ polling }) => ({
    first: head(`GET ${handshake}&sid=${polling} HTTP/1.1`),
    bytes: '',
  }),
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
  }),
  'does not read its answer': ({ message }) => ({
    first: head(`GET /api/messages/${message}/raw HTTP/1.1`),
    bytes: '',
    deaf: true,
  }),
  'does nothing after its answer': () => ({
    first: head('GET /api/ready HTTP/1.1'),
    bytes: '',
    answer: /^HTTP\/1.1 200 /,
  }),
};

/** Resolves with what was heard, once the server has closed. */
async function bore(port: number, { first, bytes, deaf }: Slow): Promise<string> {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let heard = '';
  socket.on('error', () => {});
  if (deaf) socket.pause();
  else
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString('latin1');
      // A WebSocket is closed by both; without the answer of the other side it takes 30 s more. The frame may come in one
      // chunk with a ping; all before it is ASCII.
      if (chunk.includes(closeFrame)) socket.end();
    });
  socket.write(first);
  let at = 0;
  const timer = setInterval(() => {
    if (bytes) socket.write(bytes[at++ % bytes.length]!);
  }, 40);
  const late = setTimeout(() => socket.destroy(new Error('late')), patienceMs);
  // Who does not read does not see the end, but for what can no longer be sent.
  const probe = deaf && setInterval(() => socket.write(' '), 100);
  try {
    await new Promise((closed) => socket.once('close', closed));
    if (socket.errored?.message === 'late')
      throw new Error(`still open after ${patienceMs} ms: ${first}${heard}`);
    return heard;
  } finally {
    for (const each of [timer, probe]) if (each) clearInterval(each);
    clearTimeout(late);
  }
}

test('each is closed at its deadline, and others are answered meanwhile', { timeout: 120_000 }, async () => {
  await using sandbox = await startTestSandbox({}, { clocks });
  const port = Number(new URL(sandbox.url).port);
  await using wire = await sandbox.wire();
  await wire.hello();
  // More than the buffers of the two sockets hold.
  const id = /m_\w+/.exec(
    await wire.mail(`Subject: large\r\n\r\n${'x'.repeat(70).concat('\r\n').repeat(300_000)}`),
  )![0];
  const polling = async (): Promise<string> => {
    const text = await (await fetch(sandbox.url + handshake)).text();
    return (JSON.parse(text.slice(1)) as { sid: string }).sid;
  };

  let isOver = false;
  const asking = (async () => {
    let answered = 0;
    for (; !isOver; answered++) expect((await fetch(`${sandbox.url}/api/status`)).status).toBe(200);
    return answered;
  })();
  await Promise.all(
    Object.entries(kinds).flatMap(([name, make]) =>
      Array.from({ length: each }, async () => {
        const slow = make({ polling: await polling(), message: id });
        expect(await bore(port, slow), name).toMatch(slow.answer ?? /^/);
      }),
    ),
  ).finally(() => (isOver = true));
  expect(await asking).toBeGreaterThan(5);
});

test('an answer that takes longer than a connection may be silent is waited for', async () => {
  await using sandbox = await startTestSandbox({}, { clocks: { ...clocks, silentMs: 300 } });
  const answer = await fetch(`${sandbox.url}/api/messages/wait?timeout=1s&none=true`);
  expect([answer.status, ((await answer.json()) as { items: unknown[] }).items]).toEqual([200, []]);
});
