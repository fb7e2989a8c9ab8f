// A TCP proxy whose connections can be cut: the network between a client and the server.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface CutProxy extends AsyncDisposable {
  url: string;
  cut(): void;
}

/** `port` may change, as that of a server which is started again. */
export async function startCutProxy(port: number | (() => number)): Promise<CutProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(typeof port === 'number' ? port : port(), '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => {}).on('close', () => other.destroy() && sockets.delete(one));
      one.pipe(other);
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => sockets.forEach((socket) => socket.resetAndDestroy()),
    [Symbol.asyncDispose]: () =>
      new Promise((done) => {
        server.close(() => done());
        sockets.forEach((socket) => socket.destroy());
      }),
  };
}
