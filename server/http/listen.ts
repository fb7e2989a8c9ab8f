// Binds the web port; for `localhost` on both loopback addresses, where there are both.
import type { Server } from 'node:http';
import { createServer, type AddressInfo, type Server as NetServer } from 'node:net';
import { codeOf } from '../error-code.ts';
import type { Log } from '../log.ts';

function bind(server: NetServer, host: string, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen({ host, port }, () => {
      // A connection that could not be accepted, as where no file descriptor is left, is no reason to end.
      server.on('error', () => {}).off('error', fail);
      done();
    });
  });
}

/** Listens; returns the further listener, if there is one, that hands its connections to the given server. */
export async function listen(
  server: Server,
  { host, port }: { host: string; port: number },
  log: Log,
): Promise<NetServer | null> {
  await bind(server, host === 'localhost' ? '127.0.0.1' : host, port);
  if (host !== 'localhost') return null;
  const second = createServer((socket) => server.emit('connection', socket));
  try {
    await bind(second, '::1', (server.address() as AddressInfo).port);
    return second;
  } catch (cause) {
    // Without IPv6 there is nothing to say; a port taken by another program would make `localhost` ambiguous.
    if (codeOf(cause) === 'EADDRINUSE')
      log.warn('The web port is taken on [::1] by another program; use 127.0.0.1');
    return null;
  }
}
