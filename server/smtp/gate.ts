// The life of one connection, from the accepted socket to the closed record.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Reply } from '../../shared/transaction.ts';
import { serveCommands } from './commands.ts';
import type { Connection } from './connection.ts';
import { readLeftover } from './leftover.ts';
import { greetingCommand } from './moment.ts';
import { takeProxyHeader } from './proxy.ts';
import { startImplicit } from './secure.ts';
import { answerFault, endByFault, findFault } from './simulated.ts';

/** Serves a connection to its end. Never rejects: a fault of ours ends this session and no other. */
export async function serveConnection(
  connection: Connection,
  onFault: (error: unknown) => void,
): Promise<void> {
  const { listener } = connection.options;
  try {
    const ready =
      (!listener.proxy || (await takeProxyHeader(connection))) &&
      (listener.tls !== 'implicit' || (await startImplicit(connection)));
    if (ready && (await greet(connection))) await serveCommands(connection);
  } catch (error) {
    onFault(error);
    connection.end(
      'server',
      'error',
      'Mailscope ended the session because of a fault of its own; see its log.',
    );
  }
  await closeConnection(connection);
}

async function greet(connection: Connection): Promise<boolean> {
  const { recorder } = connection;
  const port = connection.openEngine();
  // One look at the socket before we speak shows who talks before the greeting (RFC 5321 4.3.1).
  if (!recorder.secure) await nextTurn();
  const isEarly = !recorder.secure && noteEarlyTalker(connection, 0);
  const greeting = await port.reply();
  if (!greeting || connection.over) return false;
  const fault = findFault(connection, 'connect');
  const line = recorder.log.count - 1;
  const said = fault && (await answerFault(connection, fault));
  if (fault && !isEarly) noteEarlyTalker(connection, line);
  if (said) {
    if (said.reply) refuseAtGreeting(connection, said.reply);
    await endByFault(connection, fault);
    return !connection.over;
  }
  await connection.write(greeting.lines.map((line) => `${line}\r\n`).join(''));
  return true;
}

/** Whether something but TLS is here before we have spoken. */
function noteEarlyTalker({ reader, recorder }: Connection, line: number): boolean {
  if (reader.buffered === 0 || reader.peek()?.[0] === 0x16) return false;
  const text = 'The client sent bytes before the greeting; RFC 5321 4.3.1 wants it to wait.';
  recorder.anomaly('early-talker', line, text);
  return true;
}

/** RFC 5321 3.1: what the client says but QUIT is refused for it. */
function refuseAtGreeting(connection: Connection, reply: Reply): void {
  const { marks, log } = connection.recorder;
  const refused = { command: greetingCommand, reply, line: log.count - 1 };
  connection.refusedAtGreeting = true;
  Object.assign(marks, { turnedAway: refused, causes: { 503: refused } });
}

/** Ends the streams and closes the record. */
export async function closeConnection(connection: Connection): Promise<void> {
  const { socket, recorder, transactions, front } = connection;
  connection.end('server', 'error', 'The session ended.');
  transactions.end('aborted');
  await connection.abandonChunks();
  connection.port?.destroy();
  const recordLeftover = readLeftover(connection);
  if (!socket.destroyed) {
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    front.end();
    const linger = setTimeout(() => socket.destroy(), connection.options.limits.lingerMs);
    await closed;
    clearTimeout(linger);
  }
  front.destroy();
  recordLeftover();
  recorder.session.bytesIn = socket.bytesRead;
  recorder.session.bytesOut = socket.bytesWritten;
  recorder.close(connection.ended!);
}
