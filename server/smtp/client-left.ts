// The client's stream has ended or failed before the dialogue was over.
import type { Connection } from './connection.ts';
import { explainEarlyLeave } from './tls/explain.ts';

/** Says how the client left and in which phase. */
export function clientLeft(connection: Connection): void {
  const { reader, recorder, transactions } = connection;
  if (connection.over) return;
  const during = recorder.phase;
  const code = reader.error?.code;
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    connection.end('client', 'rst', `The client reset the connection (RST), in phase "${during}".`);
  } else if (code) {
    connection.end('network', 'error', `The connection failed with ${code}, in phase "${during}".`);
  } else {
    connection.end('client', 'fin', `The client closed the connection without QUIT, in phase "${during}".`);
    if (recorder.session.commands > 0)
      recorder.anomaly(
        'no-quit',
        recorder.log.count - 1,
        'The client left without QUIT (RFC 5321 4.1.1.10). Some, such as nodemailer, always do; after the last 250 it is harmless.',
      );
  }
  noteEarlyLeave(connection);
  transactions.end('aborted');
}

/** Some clients check the certificate only after the handshake, and leave without a word. */
function noteEarlyLeave({ recorder, lastCommandLine }: Connection): void {
  const handshake = recorder.session.handshakes.at(-1);
  if (!handshake?.ok || lastCommandLine > handshake.line) return;
  handshake.failure = { code: null, alert: null, by: 'client', text: explainEarlyLeave(handshake) };
}
