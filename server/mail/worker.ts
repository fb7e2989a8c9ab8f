// The thread that parses. One message at a time comes in, one answer goes out; whoever starts it watches the clock.
import { parentPort } from 'node:worker_threads';
import { failedDerived } from './derived.ts';
import { parseMessage } from './parse.ts';
import { scanHeader } from './scan-header.ts';

parentPort?.on('message', (bytes: Uint8Array) => {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  void parseMessage(raw)
    .catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      return failedDerived(scanHeader(raw), `Parsing failed: ${reason.slice(0, 500)}`);
    })
    .then((derived) => parentPort?.postMessage(derived));
});
parentPort?.postMessage('ready');
