// The live connection as a way in: the libraries behind it are new enough, and what no client of ours would send costs
// nothing and ends nobody else's connection.
import { readFileSync } from 'node:fs';
import { io } from 'socket.io-client';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { watchMemory } from '../load/figures.ts';
import { startMailscope, temporaryFolder } from '../process/mailscope.ts';
import { rawRequest, sayRaw, statusOf } from '../http/support.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';

const floors: Record<string, string> = {
  'socket.io-parser': '4.2.7',
  'engine.io': '6.6.7',
  ws: '8.21.0',
  'path-to-regexp': '8.4.0',
  'smtp-server': '3.21.0',
  mailparser: '3.9.30',
  svelte: '5.55.7',
};

test('libraries with advisories are newer than those', () => {
  const { packages } = JSON.parse(
    readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'),
  ) as { packages: Record<string, { version?: string; dev?: boolean }> };
  const number = (version: string): number =>
    version.split('.').reduce((sum, part) => sum * 10_000 + Number.parseInt(part, 10), 0);
  for (const [name, floor] of Object.entries(floors)) {
    const installed = Object.entries(packages).filter(
      ([path]) => path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`),
    );
    expect(installed.length, name).toBeGreaterThan(0);
    for (const [path, { version = '0' }] of installed)
      expect(number(version), `${path} ${version}`).toBeGreaterThanOrEqual(number(floor));
  }
});

const live = '/socket.io/?EIO=4&transport=websocket';

function openRaw(sandbox: Pick<TestSandbox, 'url'>): Promise<WebSocket> {
  const socket = new WebSocket(sandbox.url.replace('http', 'ws') + live);
  socket.on('error', () => {});
  return new Promise((done) => socket.once('message', () => done(socket)));
}

const closed = (socket: WebSocket): Promise<void> =>
  new Promise((done) => (socket.readyState === socket.CLOSED ? done() : socket.once('close', () => done())));

test('a message that is larger than any of a client ends its connection, before all of it is kept', async () => {
  await using sandbox = await startTestSandbox();
  for (const [path, bytes] of [
    [live, 16 * 1024],
    ['/api/events', 64 * 1024],
    ['/api/v2/websocket', 64 * 1024],
    ['/messages', 64 * 1024],
  ] as const) {
    const socket = new WebSocket(sandbox.url.replace('http', 'ws') + path);
    await new Promise((done) => socket.once('open', done));
    // Its end is not sent: what is too large is known by then.
    socket.send('x'.repeat(bytes + 1), { fin: false });
    const code = await new Promise((done) => socket.once('close', done));
    expect([path, code]).toEqual([path, 1009]);
  }
});

test(
  'packets that no client of ours sends are refused, and everyone else goes on',
  { timeout: 60_000 },
  async () => {
    await using sandbox = await startTestSandbox();
    const heard: string[] = [];
    const friend = io(`${sandbox.url}/live`, { transports: ['websocket'], reconnection: false });
    friend.on('start', (_: unknown, done: () => void) => done());
    friend.on('events', (events: { type: string }[], done: () => void) => {
      heard.push(...events.map(({ type }) => type));
      done();
    });
    await new Promise<void>((done) => friend.once('start', () => done()));

    const hostile: (string | Buffer)[][] = [
      // Binary packets that promise what never comes, or too much of it.
      Array<string>(500).fill('451-/live,["x",{"_placeholder":true,"num":0}]'),
      ['4599999999-/live,["x",{"_placeholder":true,"num":0}]'],
      ['450-/live,["watch",{"_placeholder":true,"num":0}]'],
      // Names of its own events, acknowledgements that nobody waits for, no JSON.
      ['40/live,', '42/live,["error"]', '42/live,["disconnect"]', '42/live,["connect_error",{}]'],
      ['40/live,', '43/live,99["x"]', '42/live,1["watch",{"__proto__":{"x":1}}]', '42/live,2["watch"]'],
      ['40/live,', '42/live,{', '42/live,[[[[', '49', '4', '9', ''],
      ['40/live,{"since":{"$gt":""}}', '40/__proto__,', '40/live,{"token":["x"]}'],
      // Larger than any message of ours.
      [`42/live,["watch","${'x'.repeat(20_000)}"]`],
      [Buffer.alloc(20_000, 0xff)],
    ];
    for (const packets of hostile) {
      const socket = await openRaw(sandbox);
      for (const packet of packets) socket.send(packet);
      socket.ping();
      // It answers, or it has hung up.
      await Promise.race([closed(socket), new Promise((done) => socket.once('pong', done))]);
      socket.terminate();
      await closed(socket);
    }
    // Sessions that nobody opened, and too many headers.
    const port = Number(new URL(sandbox.url).port);
    for (const sid of ['__proto__', 'constructor', 'toString', 'x'.repeat(5000)])
      for (const method of ['GET', 'POST'])
        expect(
          statusOf(
            await sayRaw(
              port,
              rawRequest(`${method} /socket.io/?EIO=4&transport=polling&sid=${sid} HTTP/1.1`, [
                'Host: localhost',
              ]),
            ),
          ),
        ).toBe(400);
    const headers = Array.from({ length: 2100 }, (_, n) => `X-${n}: ${n}`);
    expect([431, 400]).toContain(
      statusOf(
        await sayRaw(
          port,
          rawRequest('GET /api/ready HTTP/1.1', ['Host: localhost', ...headers, `X: ${'y'.repeat(40_000)}`]),
        ),
      ),
    );

    await sandbox.client.storeMessage({ body: new TextEncoder().encode('Subject: still here\r\n\r\nx') });
    await expect.poll(() => heard).toContain('message:stored');
    friend.disconnect();
  },
);

test('a message in very many fragments, or parts that never come, costs little memory', async () => {
  await using folder = await temporaryFolder();
  await using mailscope = await startMailscope(folder.path);
  const url = mailscope.ready.http;
  const settled = async (socket: WebSocket): Promise<'closed' | 'answered'> => {
    socket.ping();
    return Promise.race([
      closed(socket).then(() => 'closed' as const),
      new Promise<'answered'>((done) => socket.once('pong', () => done('answered'))),
    ]);
  };
  await (await openRaw({ url })).terminate();
  using memory = watchMemory(mailscope.child.pid!);
  const fragments = await openRaw({ url });
  for (let n = 0; n < 10_000; n++) fragments.send('x', { fin: false });
  // All together they are less than a message may have, and a ping may stand between them.
  expect(await settled(fragments)).toBe('answered');
  for (let n = 0; n < 100_000 && fragments.readyState === fragments.OPEN; n++) {
    fragments.send('x', { fin: false });
    if (n % 1000 === 0) await new Promise((done) => setImmediate(done));
  }
  expect(await settled(fragments)).toBe('closed');
  fragments.terminate();
  const parts = await Promise.all(Array.from({ length: 50 }, () => openRaw({ url })));
  for (const socket of parts)
    for (let n = 0; n < 100; n++) socket.send('451-/live,["x",{"_placeholder":true,"num":0}]');
  const ends = await Promise.all(parts.map(settled));
  expect(ends.filter((end) => end === 'closed')).toHaveLength(50);
  for (const socket of parts) socket.terminate();
  expect(memory.most - memory.start).toBeLessThan(64);
  expect((await mailscope.client.readReady()).ready).toBe(true);
  expect(mailscope.err).toBe('');
});
