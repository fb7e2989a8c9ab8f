// The thread that writes the log of a large database into it, while the writer goes on. It is started when it is needed.
import type { WorkerClient } from './worker-client.ts';

export interface LogWriter {
  /** There is enough to be written. Where it is at it already, or cannot be started, nothing happens: the writer sees to it. */
  due(): void;
  close(): Promise<void>;
}

export function createLogWriter(start: () => Promise<WorkerClient>): LogWriter {
  let worker: Promise<WorkerClient> | null = null;
  let running: Promise<void> | null = null;
  let closed = false;

  async function write(): Promise<void> {
    worker ??= start();
    try {
      await (await worker).call('writeLog', null);
    } catch {
      // The disk fails or is full, which the next commit says.
    }
    running = null;
  }

  return {
    due() {
      if (!closed) running ??= write();
    },
    async close() {
      closed = true;
      await running;
      await worker?.then((client) => client.close()).catch(() => undefined);
    },
  };
}
