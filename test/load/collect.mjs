// Preloaded into a Mailscope: when asked over IPC it collects its garbage, and says how late its event loop was since it
// was asked last.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  const lateness = monitorEventLoopDelay({ resolution: 10 });
  lateness.enable();
  process.on('message', async () => {
    const lateMs = lateness.percentile(99) / 1e6;
    for (let turn = 0; turn < 3; turn++) {
      globalThis.gc();
      await new Promise((done) => setTimeout(done, 100));
    }
    lateness.reset();
    process.send({ lateMs });
  });
}
