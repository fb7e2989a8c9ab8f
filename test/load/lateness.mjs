// Preloaded into a Mailscope: says in the file MAILSCOPE_TEST_LATENESS how late its event loop is, in ms. `own` leaves out
// how long it could have gone on, but other threads or programs had the processor (Linux only).
import { readFileSync, writeFileSync } from 'node:fs';
import { createHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const everyMs = 10;

function waitedMs() {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}

function watchOwn() {
  const own = createHistogram();
  let [at, waited] = [performance.now(), waitedMs()];
  setInterval(() => {
    const [now, waitedNow] = [performance.now(), waitedMs()];
    const lateMs = now - at - everyMs - (waitedNow - waited);
    own.record(Math.max(1, Math.round(lateMs * 1000)));
    [at, waited] = [now, waitedNow];
  }, everyMs).unref();
  return own;
}

if (isMainThread) {
  const lateness = monitorEventLoopDelay({ resolution: everyMs });
  lateness.enable();
  const own = watchOwn();
  setInterval(() => {
    const [p99, most] = [lateness.percentile(99) / 1e6, lateness.max / 1e6];
    const figures = { p99, most, own: { p99: own.percentile(99) / 1000, most: own.max / 1000 } };
    writeFileSync(process.env.MAILSCOPE_TEST_LATENESS, JSON.stringify(figures));
  }, 250).unref();
}
