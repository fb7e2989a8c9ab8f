// Many large messages at once, and a disk that cannot keep up: senders wait, memory does not grow with what they send.
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sendOne } from '../load/pour.ts';
import { quantile, watchMemory } from '../load/figures.ts';
import { idIn, startMailscope, temporaryFolder } from '../process/mailscope.ts';
import type { Wire } from '../support/wire.ts';
import { effort, timeFor } from './effort.ts';

const clients = effort('clients', 20);
const slowDisk = new URL('../load/slow-disk.mjs', import.meta.url).href;
const lateness = new URL('../load/lateness.mjs', import.meta.url).href;
const env = {
  NODE_OPTIONS: `--import ${slowDisk} --import ${lateness}`,
  MAILSCOPE_TEST_COMMIT_MS: '200',
  MAILSCOPE_TEST_DISK_MB: '100',
};
const mostMB = 400;
const messageMB = 45;

const header = (n: number): string =>
  `Subject: large ${n}\r\n` +
  (n % 2 ? '' : 'Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n') +
  '\r\n';
const block = Buffer.from(`${'QUJD'.repeat(19)}\r\n`.repeat(10_000));
const blocks = Math.ceil((messageMB * 1e6) / block.length);

/** Writes as fast as the server reads; the reply to the final dot. */
async function sendLarge(wire: Wire, n: number): Promise<string> {
  await wire.reply(60_000);
  await wire.say('EHLO large.test');
  await wire.say('MAIL FROM:<ann@example.test>');
  await wire.say('RCPT TO:<bob@example.test>');
  await wire.say('DATA');
  const { socket } = wire;
  socket.write(header(n));
  for (let i = 0; i < blocks; i++) if (!socket.write(block)) await once(socket, 'drain');
  socket.write('.\r\n');
  return wire.reply(300_000);
}

function digestOf(n: number): string {
  const hash = createHash('sha256').update(header(n));
  for (let i = 0; i < blocks; i++) hash.update(block);
  return hash.digest('hex');
}

test(
  `of ${clients} messages of ${messageMB} MB at once all are stored and parsed with less than ${mostMB} MB of memory, on a slow disk`,
  async () => {
    await using folder = await temporaryFolder();
    const latenessFile = join(folder.path, 'lateness.json');
    await using mailscope = await startMailscope(folder.path, ['--max-bytes', '0'], {
      env: { ...env, MAILSCOPE_TEST_LATENESS: latenessFile },
    });
    await using small = await mailscope.wire();
    await small.hello();
    const startedAt = performance.now();
    expect(await sendOne(small, 'Subject: first\r\n\r\nx\r\n')).toMatch(/^250 /);
    expect(performance.now() - startedAt, 'the disk is not slow').toBeGreaterThan(190);
    using memory = watchMemory(mailscope.child.pid!);
    const wires = await Promise.all(Array.from({ length: clients }, () => mailscope.wire()));
    let isOver = false;
    const sending = Promise.all(wires.map(sendLarge)).finally(() => (isOver = true));
    const largeAt = performance.now();
    // Whoever sends a small one meanwhile waits for a commit or two, not for the large ones.
    const waits: number[] = [];
    while (!isOver) {
      const sentAt = performance.now();
      expect(await sendOne(small, 'Subject: small\r\n\r\nx\r\n', 60_000)).toMatch(/^250 /);
      waits.push(performance.now() - sentAt);
    }
    const ids = (await sending).map(idIn);
    const received = memory.most;
    const receivedMs = performance.now() - largeAt;
    for (const wire of wires) wire.end();

    for (const [n, id] of ids.entries()) {
      let message = await mailscope.client.readMessage({ params: { id } });
      while (message.parse === 'pending') message = await mailscope.client.readMessage({ params: { id } });
      expect(message).toMatchObject({ subject: `large ${n}`, parse: 'parsed' });
    }
    const late = JSON.parse(readFileSync(latenessFile, 'utf8')) as { p99: number; most: number };
    const told = `memory: ${Math.round(memory.start)} MB before, at most ${Math.round(received)} MB while receiving, ${Math.round(memory.most)} MB with parsing; ${waits.length} small mails meanwhile, each in ${Math.round(quantile(waits, 0.5))} ms (median), ${Math.round(Math.max(...waits))} ms at most; the large ones acknowledged within ${Math.round(receivedMs)} ms; the event loop ${Math.round(late.p99)} ms late (p99), ${Math.round(late.most)} ms at most`;
    console.log(told);
    for (let n = 0; n < clients; n++) {
      const hash = createHash('sha256');
      const { body } = await fetch(`${mailscope.ready.http}/api/messages/${ids[n]!}/raw`);
      for await (const chunk of body!) hash.update(chunk as Uint8Array);
      expect(hash.digest('hex')).toBe(digestOf(n));
    }
    expect(waits.length).toBeGreaterThan(3);
    expect(memory.most, told).toBeLessThan(mostMB);
  },
  timeFor('clients', 20, 240_000),
);
