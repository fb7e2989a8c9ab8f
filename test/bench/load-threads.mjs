// Our own load, from several threads: a client that encrypts takes as much of a processor as the server.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** One for each processor, of at most four. */
const mostThreads = Math.max(2, Math.min(4, availableParallelism()));

const share = (total, parts) =>
  Array.from({ length: parts }, (_, n) => Math.floor(total / parts) + (n < total % parts ? 1 : 0));

/** Threads with their connections, until `close()`. `send(messages)` resolves with the seconds it took. */
export async function openThreads({ port, tls, lanes, keep, wire }) {
  const lanesOf = share(lanes, Math.min(lanes, mostThreads));
  const workers = lanesOf.map(() => new Worker(new URL('./load-thread.mjs', import.meta.url)));
  const call = (worker, message) =>
    new Promise((resolve, reject) => {
      worker.once('error', reject);
      worker.once('message', ({ failed }) => {
        worker.off('error', reject);
        if (failed) reject(new Error(failed));
        else resolve();
      });
      worker.postMessage(message);
    });
  const all = (inputOf) => Promise.all(workers.map((worker, n) => call(worker, inputOf(n))));
  const input = (n) => ({ port, tls, keep, count: lanesOf[n] });
  const close = async () => {
    await Promise.all(workers.map((worker) => worker.terminate()));
  };
  try {
    await all((n) => ({ what: 'open', ...input(n) }));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    threads: workers.length,
    async send(messages) {
      const parts = share(messages, workers.length);
      const startedAt = performance.now();
      await all((n) => ({ what: 'send', ...input(n), messages: parts[n], wire }));
      return (performance.now() - startedAt) / 1000;
    },
    close,
  };
}

/** Messages a second: a short run that warms up and finds how many that takes, then one of about `seconds`. */
export async function measureThreads(load, seconds) {
  const threads = await openThreads(load);
  try {
    let messages = 4 * load.lanes;
    let rate = messages / (await threads.send(messages));
    messages = Math.max(messages, Math.round(rate * 0.3));
    rate = messages / (await threads.send(messages));
    messages = Math.max(messages, Math.round(rate * seconds));
    return messages / (await threads.send(messages));
  } finally {
    await threads.close();
  }
}
