// Preloaded into a Mailscope: says in the file MAILSCOPE_TEST_LATENESS how late its event loop is, in ms.
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  const lateness = monitorEventLoopDelay({ resolution: 10 });
  lateness.enable();
  setInterval(() => {
    const [p99, most] = [lateness.percentile(99) / 1e6, lateness.max / 1e6];
    writeFileSync(process.env.MAILSCOPE_TEST_LATENESS, JSON.stringify({ p99, most }));
  }, 250).unref();
}
