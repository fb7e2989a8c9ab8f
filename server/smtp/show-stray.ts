// Bytes of the client that are carried out nowhere, as they may be kept.
import { maskStray } from './auth/mask.ts';
import type { Connection } from './connection.ts';

/** Each call goes on where the one before ended. */
export function showStray(connection: Connection, bytes: Buffer): Buffer {
  if (connection.options.recordCredentials || bytes.length === 0) return bytes;
  const { bytes: shown, inAuth } = maskStray(bytes, connection.secretsMayFollow);
  // What comes next may be the rest of a line, of which nothing can be told then.
  connection.secretsMayFollow = inAuth || bytes.at(-1) !== 0x0a;
  return shown;
}
