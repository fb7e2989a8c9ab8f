// Mail at a steady pace, as it comes whatever the server does: each has its moment, and who waits for an earlier one waits
// for that too.
import { setTimeout as delay } from 'node:timers/promises';
import { createMail, openSmtp } from './load.mjs';

/**
 * Sends `perSecond` over kept connections until `stop()` is called, which resolves with what was sent and the milliseconds
 * from the moment of each mail to its 250.
 */
export function startSteady({ port, perSecond, lanes, size = 5 * 1024, mailOf }) {
  const make = mailOf ?? ((n) => createMail({ n, size }));
  const startedAt = performance.now();
  const times = [];
  let next = 0;
  let stopped = false;
  const lane = async () => {
    const client = await openSmtp({ port });
    try {
      while (!stopped) {
        const n = next++;
        const dueAt = startedAt + (n * 1000) / perSecond;
        const early = dueAt - performance.now();
        if (early > 1) await delay(early - 1);
        if (stopped) break;
        // A timer that is late is ours; a lane that was busy when the mail was due waited for the server.
        const sentAt = early > 1 ? performance.now() : dueAt;
        await client.send(make(n));
        times.push(performance.now() - Math.min(sentAt, performance.now()));
      }
      await client.quit();
    } finally {
      client.close();
    }
  };
  const running = Promise.all(Array.from({ length: lanes }, lane));
  running.catch(() => undefined);
  return {
    async stop() {
      stopped = true;
      await running;
      return { times, perSecond: times.length / ((performance.now() - startedAt) / 1000) };
    },
  };
}

/** Sends while `use` runs. */
export async function whileSteady(load, use) {
  const steady = startSteady(load);
  try {
    const value = await use();
    return { value, ...(await steady.stop()) };
  } catch (error) {
    await steady.stop().catch(() => undefined);
    throw error;
  }
}
