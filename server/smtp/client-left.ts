// The client's stream has ended or failed before the dialogue was over.
import type { Connection } from './connection.ts';
import { momentOf } from './moment.ts';
import { explainEarlyLeave } from './tls/explain.ts';

/** Says how the client left and when. `cut`: with a last line that has no ending, and was not carried out. */
export function clientLeft(connection: Connection, { cut = false } = {}): void {
  const { reader, recorder, transactions } = connection;
  if (connection.over) return;
  const moment = momentOf(connection, cut);
  const code = reader.error?.code;
  const early = noteEarlyLeave(connection, connection.lastCommandLine, 'close');
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    const plain = `The client reset the connection (RST) ${moment}.`;
    connection.end('client', 'rst', early ?? plain);
  } else if (code) {
    connection.end('network', 'error', `The connection failed with ${code} ${moment}.`);
  } else {
    const plain = `The client closed the connection ${cut ? '' : 'without QUIT '}${moment}.`;
    connection.end('client', 'fin', early ?? plain);
    if (recorder.session.commands > 0)
      recorder.anomaly(
        'no-quit',
        recorder.log.count - 1,
        'The client left without QUIT (RFC 5321 4.1.1.10). Some, such as nodemailer, always do; after the last 250 it is harmless.',
      );
  }
  transactions.end('aborted');
}

/** Some clients check the certificate only after the handshake, and leave then; says so where one did. */
export function noteEarlyLeave(
  { recorder }: Connection,
  lastCommandLine: number,
  how: 'close' | 'quit',
): string | null {
  const handshake = recorder.session.handshakes.at(-1);
  if (!handshake?.ok || lastCommandLine > handshake.line) return null;
  const text = explainEarlyLeave(handshake, how);
  // QUIT may as well be the end of a mere check of the port.
  if (how === 'close') handshake.failure = { code: null, alert: null, by: 'client', text };
  return text;
}
