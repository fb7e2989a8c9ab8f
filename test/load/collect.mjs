// Preloaded into a Mailscope: collects its garbage when asked over IPC.
import { isMainThread } from 'node:worker_threads';

if (isMainThread)
  process.on('message', async () => {
    for (let turn = 0; turn < 3; turn++) {
      globalThis.gc();
      await new Promise((done) => setTimeout(done, 100));
    }
    process.send('collected');
  });
