// One SMTP port: accepts connections, serves them, keeps their number and their time within limits, drains at the end.
import { createServer, type Server, type Socket } from 'node:net';
import { Connection, type GateOptions } from './connection.ts';
import { closeConnection, serveConnection } from './gate.ts';
import { enforceTimeLimits } from './limits.ts';
import { formatReply, replies } from './replies.ts';

/** How long a message under way may go on when we shut down. */
const drainMs = 10_000;

export interface ListenerHost {
  /** Gives an id and a seq to a new session. */
  nextSession(): { id: string; seq: number };
  /** Whether one more connection is within the limit over all listeners. */
  hasRoom(): boolean;
  opened(connection: Connection): void;
  /** The record is complete; resolves when it is kept. */
  closed(connection: Connection): Promise<void>;
  onFault(error: unknown): void;
}

export interface Listener extends AsyncDisposable {
  readonly port: number;
}

/** Binds the addresses in turn; the first must succeed, the others take the same port where they can. */
export async function listen(
  addresses: string[],
  port: number,
  options: GateOptions,
  host: ListenerHost,
): Promise<Listener> {
  const connections = new Set<Connection>();
  const running = new Set<Promise<void>>();
  const accept = (socket: Socket): void => {
    // An error before anything listens on the socket would end the process.
    socket.on('error', () => {});
    const connection = new Connection(socket, options, host.nextSession());
    const serving = serve(connection).finally(() => running.delete(serving));
    running.add(serving);
  };
  const serve = async (connection: Connection): Promise<void> => {
    connections.add(connection);
    host.opened(connection);
    if (host.hasRoom()) await serveConnection(connection, host.onFault);
    else await turnAway(connection);
    connections.delete(connection);
    await host.closed(connection);
  };

  const servers: Server[] = [];
  let bound = port;
  for (const address of addresses) {
    try {
      const server = await bind(address, bound, accept);
      servers.push(server);
      bound = (server.address() as { port: number }).port;
    } catch (error) {
      // [::1] is a courtesy: some machines have no IPv6.
      if (servers.length === 0) throw error;
    }
  }
  const { idleMs, partialLineMs } = options.limits;
  const clock = setInterval(
    () => connections.forEach(enforceTimeLimits),
    Math.min(1000, idleMs / 4, partialLineMs / 4),
  );
  clock.unref();

  return {
    port: bound,
    async [Symbol.asyncDispose]() {
      const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
      connections.forEach(drain);
      const force = setTimeout(() => connections.forEach(({ socket }) => socket.destroy()), drainMs);
      while (running.size > 0) await Promise.all(running);
      clearTimeout(force);
      clearInterval(clock);
      await Promise.all(closed);
    },
  };
}

function bind(address: string, port: number, accept: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, accept);
    server.once('error', reject);
    server.listen({ host: address, port, backlog: 1024 }, () => {
      server.off('error', reject);
      server.on('error', () => {});
      resolve(server);
    });
  });
}

async function turnAway(connection: Connection): Promise<void> {
  const text = 'There were too many connections (--max-connections).';
  connection.end('server', 'limit', text);
  if (connection.options.listener.tls !== 'implicit')
    await connection.write(formatReply(replies.tooManyConnections));
  await closeConnection(connection);
}

/** Who waits for a command is told to go; a message under way may finish; anything else is cut. */
function drain(connection: Connection): void {
  connection.draining = true;
  connection.options.limits.lingerMs = Math.min(connection.options.limits.lingerMs, 300);
  const text = 'Mailscope was shutting down.';
  if (connection.waiting === 'tls') {
    connection.end('server', 'shutdown', text);
    connection.socket.destroy();
  } else if (connection.waiting === 'command' || connection.waiting === 'auth')
    void connection.endWith(replies.shuttingDown, 'shutdown', text);
}
