// The clocks of the gate, looked at by one timer for all connections rather than by one timer each.
import type { Connection } from './connection.ts';
import { awaitsProxyHeader, momentOf } from './moment.ts';
import { replies } from './replies.ts';

const seconds = (ms: number): string => `${ms / 1000} s`;

/** Where a message that is still coming was when it was first looked at. */
const coming = new WeakMap<Connection, { message: number; atUs: number; bytes: number }>();

/** For how many seconds the message has been coming, and how many bytes; undefined while it is fast enough. */
function measureSlowness(connection: Connection, now: number): { took: number; bytes: number } | undefined {
  const { socket, recorder, options } = connection;
  const start = coming.get(connection);
  if (start?.message !== recorder.session.messages) {
    coming.set(connection, { message: recorder.session.messages, atUs: now, bytes: socket.bytesRead });
    return undefined;
  }
  const took = (now - start.atUs) / 1e6;
  const bytes = socket.bytesRead - start.bytes;
  const { slowAfterMs, minRate } = options.limits;
  return took * 1000 > slowAfterMs && bytes < took * minRate ? { took, bytes } : undefined;
}

/** Ends the connection when one of its time limits has passed. */
export function enforceTimeLimits(connection: Connection): void {
  const { recorder, reader, options, waiting } = connection;
  if (connection.over || waiting === 'none' || waiting === 'tls') return;
  // It is we who have the client wait: a message that is coming is measured anew.
  if (waiting === 'pause') return void coming.delete(connection);
  const { idleMs, partialLineMs } = options.limits;
  const now = recorder.now();
  if (waiting === 'reply') {
    // Nobody would read one more.
    if (now - connection.lastWriteUs > idleMs * 1000)
      connection.end(
        'server',
        'timeout',
        `The client did not read our replies for ${seconds(idleMs)} (--idle-timeout).`,
      );
    return;
  }
  if (now - Math.max(reader.lastAtUs, connection.lastWriteUs) > idleMs * 1000) {
    const text = `The client sent nothing for ${seconds(idleMs)} (--idle-timeout) ${momentOf(connection)}.`;
    void connection.endWith(replies.idle, 'timeout', text);
    return;
  }
  const since = connection.partialSinceUs;
  if (since !== undefined && now - since > partialLineMs * 1000) {
    if (awaitsProxyHeader(connection)) {
      const text = `No whole PROXY protocol header came within ${seconds(partialLineMs)}, which this listener expects (proxy=true).`;
      return void connection.endWith(replies.proxyExpected, 'timeout', text);
    }
    const text = `The client did not finish a line within ${seconds(partialLineMs)} ${momentOf(connection)}.`;
    return void connection.endWith(replies.lineTimeout, 'timeout', text);
  }
  if (waiting !== 'data') return void coming.delete(connection);
  const slow = measureSlowness(connection, now);
  if (!slow) return;
  const text = `The message came too slowly: ${slow.bytes} bytes in ${Math.round(slow.took)} s.`;
  void connection.endWith(replies.messageTooSlow, 'timeout', text);
}
