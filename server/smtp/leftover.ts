// What a client sends once its session is over: it is read, so that our last reply reaches a client that is still
// sending, and it is recorded, but not carried out.
import type { Connection } from './connection.ts';
import { KeptStart } from './kept-start.ts';

/** Reads on. The function that it gives adds what came to the record. */
export function readLeftover(connection: Connection): () => void {
  const { recorder, front } = connection;
  const kept = new KeptStart();
  kept.take(connection.reader.detach());
  front.on('data', (bytes: Buffer) => {
    recorder.chunk('client', bytes.length);
    kept.take(bytes);
  });
  front.resume();
  return () => kept.record(connection, 'sent after the end of the session, not carried out');
}
