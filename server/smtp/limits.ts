// The clocks of the gate, looked at by one timer for all connections rather than by one timer each.
import type { Connection } from './connection.ts';
import { replies } from './replies.ts';

const seconds = (ms: number): string => `${ms / 1000} s`;

/** Ends the connection when one of its time limits has passed. */
export function enforceTimeLimits(connection: Connection): void {
  const { recorder, reader, options, waiting } = connection;
  if (connection.over || waiting === 'none' || waiting === 'tls') return;
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
    const text = `The client sent nothing for ${seconds(idleMs)} (--idle-timeout), in phase "${recorder.phase}".`;
    void connection.endWith(replies.idle, 'timeout', text);
    return;
  }
  const since = connection.partialSinceUs;
  if (since !== undefined && now - since > partialLineMs * 1000) {
    const text = `The client did not finish a line within ${seconds(partialLineMs)}, in phase "${recorder.phase}".`;
    void connection.endWith(replies.lineTimeout, 'timeout', text);
  }
}
