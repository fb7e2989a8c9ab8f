// A port at which nobody listens, and at which no other test will: one that is only found free is soon that of somebody's
// sandbox, and what is sent there is found in its record.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';

export interface RefusingPort extends AsyncDisposable {
  readonly port: number;
}

async function listenAnywhere(): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** A connection has its near end there, so that the system gives the port to none who takes any. Who names it may listen. */
export async function holdRefusingPort(): Promise<RefusingPort> {
  const [free, far] = await Promise.all([listenAnywhere(), listenAnywhere()]);
  const port = portOf(free);
  await once(free.close(), 'close');
  const near = connect({ host: '127.0.0.1', port: portOf(far), localAddress: '127.0.0.1', localPort: port });
  await once(near, 'connect');
  return {
    port,
    async [Symbol.asyncDispose]() {
      near.resetAndDestroy();
      await once(far.close(), 'close');
    },
  };
}
