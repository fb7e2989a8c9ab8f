// Very many connections: held open without a word, and opened and closed as fast as it goes. What takes time is
// measured against a bare loop that only greets, in the same run on the same machine.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { openFiles, residentMB } from '../load/figures.ts';
import { startMailscope, temporaryFolder, type Mailscope } from '../process/mailscope.ts';

/** A process that greets and does nothing else. */
async function startBare(): Promise<{ port: number } & AsyncDisposable> {
  const program = `const server = require('node:net').createServer((socket) => {
    socket.on('error', () => {}).on('end', () => socket.end()).resume().write('220 bare\\r\\n');
  }).listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () => console.log(server.address().port));`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [first] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    port: Number(first.toString()),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

/** A connection that has been greeted. */
async function greeted(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  const [hello] = (await once(socket, 'data')) as [Buffer];
  if (!hello.toString().startsWith('220')) throw new Error(`greeted with ${hello.toString()}`);
  return socket;
}

async function hold(port: number, count: number): Promise<{ sockets: Socket[]; ms: number }> {
  const startedAt = performance.now();
  const sockets = await Promise.all(Array.from({ length: count }, () => greeted(port)));
  return { sockets, ms: performance.now() - startedAt };
}

async function churn(port: number, count: number): Promise<number> {
  const startedAt = performance.now();
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next++ < count) {
      const socket = await greeted(port);
      const closed = once(socket, 'close');
      socket.end();
      await closed;
    }
  };
  await Promise.all(Array.from({ length: 100 }, lane));
  return performance.now() - startedAt;
}

/** A normal mail over a connection of its own. */
async function mailTime(mailscope: Mailscope): Promise<number> {
  await using wire = await mailscope.wire();
  const startedAt = performance.now();
  await wire.hello();
  expect(await wire.mail()).toMatch(/^250 /);
  return performance.now() - startedAt;
}

test('1,000 connections that say nothing are greeted within 2 s, take less than 50 MB, and do not hold up mail', async () => {
  await using bare = await startBare();
  const base = await hold(bare.port, 1000);
  for (const socket of base.sockets) socket.destroy();

  await using folder = await temporaryFolder();
  await using mailscope = await startMailscope(folder.path);
  const { pid } = mailscope.child;
  // The first one starts what parses.
  await mailTime(mailscope);
  const alone = await mailTime(mailscope);
  (await hold(mailscope.ports[0]!, 20)).sockets.forEach((socket) => socket.destroy());
  await mailscope.closedSessions(22);
  const before = residentMB(pid!);

  const idle = await hold(mailscope.ports[0]!, 1000);
  const beside = await mailTime(mailscope);
  // Running sessions are saved once they are a second old; that is part of what they take.
  await expect
    .poll(async () => (await mailscope.client.listSessions({ query: { limit: 500 } })).items.length, {
      timeout: 20_000,
    })
    .toBe(500);
  const { openSessions } = await mailscope.client.readStatus();
  const after = residentMB(pid!);
  const told = `1,000 greeted in ${Math.round(idle.ms)} ms (bare ${Math.round(base.ms)} ms), mail beside them in ${Math.round(beside)} ms (alone ${Math.round(alone)} ms), memory ${Math.round(before ?? 0)} to ${Math.round(after ?? 0)} MB`;
  console.log(told);
  for (const socket of idle.sockets) socket.destroy();
  expect(openSessions).toBeGreaterThanOrEqual(1000);
  // On a machine that is busy with other things the bare loop is slow, too.
  expect(idle.ms, told).toBeLessThan(Math.max(2000, 8 * base.ms));
  expect(beside - alone, told).toBeLessThan(250);
  if (before !== null) expect(after! - before, told).toBeLessThan(50);
});

test('10,000 connections that come and go take at most 3 s more than a bare loop, and leave nothing open', async () => {
  const count = 10_000;
  await using bare = await startBare();
  await using folder = await temporaryFolder();
  await using mailscope = await startMailscope(folder.path, ['--max-messages', '0']);
  const { pid } = mailscope.child;
  await churn(bare.port, 500);
  await churn(mailscope.ports[0]!, 500);
  await expect.poll(async () => (await mailscope.client.readStatus()).openSessions).toBe(0);
  const before = { files: openFiles(pid!), memory: residentMB(pid!) };

  // By turns, so that what else the machine does falls on both; that of the best turn counts for all.
  const turns: { bareMs: number; ms: number; more: number }[] = [];
  for (let turn = 0; turn < 4; turn++) {
    const bareMs = await churn(bare.port, count / 4);
    const ms = await churn(mailscope.ports[0]!, count / 4);
    turns.push({ bareMs, ms, more: 4 * (ms - bareMs) });
  }
  await expect
    .poll(async () => (await mailscope.client.readStatus()).openSessions, { timeout: 30_000 })
    .toBe(0);
  const after = { files: openFiles(pid!), memory: residentMB(pid!) };
  const told = `turns of ${count / 4} took ${turns.map(({ ms, bareMs }) => `${Math.round(ms)} ms, of the bare loop ${Math.round(bareMs)} ms`).join(', ')}; memory ${Math.round(before.memory ?? 0)} to ${Math.round(after.memory ?? 0)} MB, files ${before.files} to ${after.files}`;
  console.log(told);
  expect((await mailscope.client.readStatus()).sessions).toBe(count + 500);
  expect(Math.min(...turns.map(({ more }) => more)), told).toBeLessThan(3000);
  if (before.files !== null) expect(after.files! - before.files).toBeLessThanOrEqual(5);
  // Garbage lies about until it is worth collecting; the soak (test/load/soak.mjs) shows that nothing stays.
  if (before.memory !== null) expect(after.memory! - before.memory, told).toBeLessThan(150);
});
