// The client's stream has ended or failed before the dialogue was over.
import type { TlsHandshake } from '../../shared/tls.ts';
import type { Connection } from './connection.ts';
import { explainLeavingAtOffer } from './left-at-offer.ts';
import { momentOf } from './moment.ts';
import { explainEarlyLeave } from './tls/explain.ts';

/** Says how the client left and when. `cut`: with a last line that has no ending, and was not carried out. */
export function clientLeft(connection: Connection, { cut = false } = {}): void {
  const { reader, recorder, transactions, leftInPause } = connection;
  if (connection.over) return;
  const moment = momentOf(connection, cut);
  const code = reader.error?.code;
  const early = noteEarlyLeave(connection);
  const atOffer = cut ? '' : explainLeavingAtOffer(connection, connection.lastCommandLine);
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    const plain = `The client reset the connection (RST) ${moment}${atOffer}${leftInPause}.`;
    connection.end('client', 'rst', early ?? plain);
  } else if (code) {
    connection.end('network', 'error', `The connection failed with ${code} ${moment}.`);
  } else {
    const saidQuit = connection.lastVerb === 'QUIT';
    const plain = `The client closed the connection ${cut || saidQuit ? '' : 'without QUIT '}${moment}${atOffer}${leftInPause}.`;
    connection.end('client', 'fin', early ?? plain);
    if (recorder.session.commands > 0 && !saidQuit)
      recorder.anomaly(
        'no-quit',
        recorder.log.count - 1,
        'The client left without QUIT (RFC 5321 4.1.1.10). Some, such as nodemailer, always do; after the last 250 it is harmless.',
      );
  }
  transactions.end('aborted');
}

function noteEarlyLeave(connection: Connection): string | null {
  const handshake = unansweredHandshake(connection, connection.lastCommandLine);
  if (!handshake) return null;
  const text = explainEarlyLeave(handshake);
  handshake.failure = { code: null, alert: null, by: 'client', text };
  return text;
}

/** The handshake behind which came no command: some clients check the certificate only after it, and leave then. */
export function unansweredHandshake(
  { recorder }: Connection,
  lastCommandLine: number,
): TlsHandshake | undefined {
  const handshake = recorder.session.handshakes.at(-1);
  return handshake?.ok && lastCommandLine <= handshake.line ? handshake : undefined;
}
