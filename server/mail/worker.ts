// The thread that parses. Messages are parsed one at a time, whatever has come in meanwhile, and answers go out in the
// order of the messages; whoever starts it watches the clock.
import { parentPort, workerData } from 'node:worker_threads';
import { failedDerived } from './derived.ts';
import { parseMessage } from './parse.ts';
import { writeNote } from './parse-note.ts';
import { scanHeader } from './scan-header.ts';

export interface MailForThread {
  id: string;
  bytes: Uint8Array;
}

/** An open file for the note, or null. */
const noteFile = workerData as number | null;

async function answer({ id, bytes }: MailForThread): Promise<void> {
  writeNote(noteFile, id);
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const derived = await parseMessage(raw).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    return failedDerived(scanHeader(raw), `Parsing failed: ${reason.slice(0, 500)}`);
  });
  writeNote(noteFile, null);
  parentPort?.postMessage(derived);
}

let last = Promise.resolve();
parentPort?.on('message', (mail: MailForThread) => {
  // A parse waits for streams, and the next one would overtake it.
  last = last.then(() => answer(mail));
});
parentPort?.postMessage('ready');
