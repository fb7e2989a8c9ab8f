// Simulated failures within a TLS handshake: once the ClientHello has come, in the place of our answer.
import type { Duplex } from 'node:stream';
import type { Connection } from './connection.ts';
import type { SimulatedFault } from '../../shared/fault-moment.ts';
import { describeEnding, findFault, longestHangMs, waitFor } from './simulated.ts';
import type { FailedEnding } from './tls/ending.ts';
import type { TlsRequest } from './tls/terminator.ts';
import type { TlsWire } from './tls/wire.ts';

/** For `startTls`; nothing where no rule is about handshakes. `transport` shows `wire` what comes. */
export function faultInHandshake(
  connection: Connection,
  transport: Duplex,
  wire: TlsWire,
): Pick<TlsRequest, 'beforeAnswer'> {
  if (!connection.options.faults.awaits('tls')) return {};
  return {
    async beforeAnswer() {
      const { handshakeMs } = connection.options.limits;
      await awaitHello(connection, transport, wire, handshakeMs);
      if (wire.clientHello === null)
        return isOpen(connection) && !hasSpoken(wire) ? { kind: 'timeout', ms: handshakeMs } : null;
      // Who shuts down waits for nothing.
      const fault = connection.draining ? undefined : findFault(connection, 'tls');
      return fault ? carryOut(connection, fault) : null;
    },
  };
}

/** A record has come whole, which may be no well-formed ClientHello, or something that is no TLS. */
const hasSpoken = ({ clientHello, notTls, steps }: TlsWire): boolean =>
  clientHello !== null || notTls !== null || steps.length > 0;

const isOpen = ({ socket }: Connection): boolean => !socket.destroyed && !socket.readableEnded;

/** Until it is here whole, the client has left, or the time is over. */
function awaitHello({ socket }: Connection, transport: Duplex, wire: TlsWire, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const limit = setTimeout(finish, ms);
    function finish(): void {
      clearTimeout(limit);
      socket.off('data', look).off('end', finish).off('close', finish);
      resolve();
    }
    function look(): void {
      if (hasSpoken(wire) || socket.readableEnded || socket.destroyed) finish();
    }
    socket.on('data', look).on('end', finish).on('close', finish);
    // Has it read, and takes nothing.
    transport.read(0);
    look();
  });
}

async function carryOut(connection: Connection, fault: SimulatedFault): Promise<FailedEnding | null> {
  const { socket, recorder } = connection;
  const left = new Promise<void>((resolve) => {
    if (isOpen(connection)) socket.once('end', resolve).once('close', resolve);
    else resolve();
  });
  if (fault.delayMs > 0) await waitFor(fault.delayMs, left);
  if (connection.over) return { kind: 'closed' };
  // A client that left meanwhile ended it itself.
  if (fault.then === 'continue' || (fault.delayMs > 0 && !isOpen(connection))) return null;
  const startedUs = recorder.now();
  if (fault.then === 'hang') await waitFor(longestHangMs, left);
  if (connection.over) return { kind: 'closed' };
  const gone = isOpen(connection)
    ? null
    : { afterUs: recorder.now() - startedUs, reset: socket.errored !== null };
  const ending = describeEnding(fault, gone, ' in the TLS handshake, right after the ClientHello');
  connection.end(ending.by, 'fault', ending.text);
  if (fault.then === 'reset') socket.resetAndDestroy();
  return { kind: 'simulated', text: ending.text };
}
