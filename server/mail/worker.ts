// The thread that parses. Messages are parsed one at a time, whatever has come in meanwhile, and answers go out in the
// order of the messages; whoever starts it watches the clock.
import { parentPort } from 'node:worker_threads';
import { failedDerived } from './derived.ts';
import { parseMessage } from './parse.ts';
import { scanHeader } from './scan-header.ts';

async function answer(bytes: Uint8Array): Promise<void> {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const derived = await parseMessage(raw).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    return failedDerived(scanHeader(raw), `Parsing failed: ${reason.slice(0, 500)}`);
  });
  parentPort?.postMessage(derived);
}

let last = Promise.resolve();
parentPort?.on('message', (bytes: Uint8Array) => {
  // A parse waits for streams, and the next one would overtake it.
  last = last.then(() => answer(bytes));
});
parentPort?.postMessage('ready');
