// Waits for one handshake to end, in whatever way, and leaves no listener and no timer behind.
import type { Duplex } from 'node:stream';
import type { Server, TLSSocket } from 'node:tls';
import type { Ending } from './ending.ts';

/** When the transport closed, the TLS library says why a few ticks later, or never. */
const reasonMs = 50;

export function shakeHands(server: Server, transport: Duplex, limitMs: number): Promise<Ending> {
  return new Promise((resolve) => {
    let reasonTimer: NodeJS.Timeout | undefined;
    let endTurn: NodeJS.Immediate | undefined;

    const settle = (ending: Ending): void => {
      clearTimeout(limit);
      clearTimeout(reasonTimer);
      clearImmediate(endTurn);
      server.off('secureConnection', onSecure).off('tlsClientError', onTlsError);
      transport.off('error', onError).off('end', onEnd).off('close', onClose);
      resolve(ending);
    };
    const onSecure = (socket: TLSSocket): void => {
      // An error on a TLS socket that nobody listens to would end the process.
      socket.on('error', () => {});
      settle({ kind: 'secure', socket });
    };
    const onTlsError = (error: NodeJS.ErrnoException, socket: TLSSocket): void =>
      settle(endingOf(error, socket));
    const onError = (error: NodeJS.ErrnoException): void => settle({ kind: 'transport-error', error });
    // With allowHalfOpen the TLS socket does not end with the transport, so nobody else would notice. One turn
    // later, because the last bytes before the FIN may have completed the handshake or carried an alert.
    const onEnd = (): void => {
      endTurn = setImmediate(() => settle({ kind: 'client-end' }));
    };
    const onClose = (): void => {
      reasonTimer = setTimeout(() => settle({ kind: 'closed' }), reasonMs);
    };
    const limit = setTimeout(() => settle({ kind: 'timeout', ms: limitMs }), limitMs);

    if (transport.readableEnded) return settle({ kind: 'client-end' });
    if (transport.destroyed)
      return settle(
        transport.errored ? { kind: 'transport-error', error: transport.errored } : { kind: 'closed' },
      );
    server.on('secureConnection', onSecure).on('tlsClientError', onTlsError);
    transport.on('error', onError).on('end', onEnd).on('close', onClose);
    server.emit('connection', transport);
  });
}

function endingOf(error: NodeJS.ErrnoException, socket: TLSSocket): Ending {
  if (error.code?.startsWith('ERR_')) return { kind: 'tls-error', error };
  // Node closes without an alert when its own check of the client's certificate says no, and then reports a hang-up.
  const problem: unknown = socket.authorizationError;
  if (error.message === 'socket hang up')
    return problem ? { kind: 'client-certificate', problem: String(problem) } : { kind: 'closed' };
  return { kind: 'transport-error', error };
}
