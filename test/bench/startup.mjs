// From the start of the process to its first greeting, and the memory it takes when nothing happens.
import { setTimeout as delay } from 'node:timers/promises';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { residentMiB } from './machine.mjs';
import { repeat, rotate } from './rounds.mjs';
import { withServer } from './servers.mjs';

const idleMs = 3000;

export async function measureStartup({ servers, base, results, quick, seconds }) {
  const started = { title: 'start to accepting', unit: 'ms', better: 'less' };
  const firstStarted = {
    title: 'start to accepting, the very first (makes the local CA)',
    unit: 'ms',
    better: 'less',
  };
  const idle = { title: `RSS ${idleMs / 1000} s after the start`, unit: 'MiB', better: 'less' };
  // What another section started before may have left in no cache of the disk.
  for (const kind of servers) await withServer(kind, base, async () => {});
  await repeat(quick ? 1 : 5, seconds, async (round) => {
    const running = [];
    try {
      for (const kind of rotate(servers, round)) {
        const server = await kind.start(mkdtempSync(join(base, `${kind.name}-`)));
        running.push(server);
        results.add('start', started, kind.name, server.startMs);
      }
      await delay(idleMs);
      for (const { name, pid } of running) results.add('rss-idle', idle, name, residentMiB(pid));
    } finally {
      for (const server of running) await server.stop();
    }
    const ours = servers.find(({ name }) => name === 'mailscope');
    await withServer(
      ours,
      base,
      async ({ startMs }) => results.add('start-first', firstStarted, ours.name, startMs),
      { newConfig: true },
    );
  });
}
