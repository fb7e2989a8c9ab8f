// One SMTP port: accepts connections, serves them, keeps their number and their time within limits, drains at the end.
import { createServer, type Server, type Socket } from 'node:net';
import { codeOf } from '../error-code.ts';
import { Connection, type GateOptions } from './connection.ts';
import { closeConnection, serveConnection } from './gate.ts';
import { enforceTimeLimits } from './limits.ts';
import { formatReplyLine, replies } from './replies.ts';

export interface ListenerHost {
  /** Gives an id and a seq to a new session. */
  nextSession(): { id: string; seq: number };
  /** Takes one of the places that all listeners share; false when there is none. */
  enter(): boolean;
  /** There is none because of the files that this process may have open. */
  fewFiles: boolean;
  leave(): void;
  opened(connection: Connection): void;
  /** The record is complete; resolves when it is kept. */
  closed(connection: Connection): Promise<void>;
  onFault(error: unknown): void;
  onNotice(text: string): void;
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
    const serving = serve(connection)
      .catch(host.onFault)
      .finally(() => running.delete(serving));
    running.add(serving);
  };
  const serve = async (connection: Connection): Promise<void> => {
    connections.add(connection);
    host.opened(connection);
    const entered = host.enter();
    try {
      if (entered) await serveConnection(connection, host.onFault);
      else await turnAway(connection, host);
    } finally {
      if (entered) host.leave();
      connections.delete(connection);
    }
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
      if (codeOf(error) === 'EADDRINUSE')
        host.onNotice(
          `Port ${bound} (${options.listener.name}) is taken on [${address}] by another program, which clients that connect to localhost may reach; use 127.0.0.1`,
        );
    }
  }
  const { idleMs, partialLineMs, slowAfterMs } = options.limits;
  const clock = setInterval(
    () => connections.forEach(enforceTimeLimits),
    Math.min(1000, idleMs / 4, partialLineMs / 4, slowAfterMs / 4),
  );
  clock.unref();

  return {
    port: bound,
    async [Symbol.asyncDispose]() {
      const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
      connections.forEach(drain);
      const force = setTimeout(() => connections.forEach(cut), options.limits.drainMs);
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

async function turnAway(connection: Connection, { fewFiles }: ListenerHost): Promise<void> {
  const why = fewFiles
    ? ' for the files that the system lets Mailscope have open (ulimit -n)'
    : ' (--max-connections)';
  connection.end('server', 'limit', `There were too many connections${why}.`);
  if (connection.options.listener.tls !== 'implicit')
    await connection.write(formatReplyLine(fewFiles ? replies.tooManyForFiles : replies.tooManyConnections));
  await closeConnection(connection);
}

/** Who waits for a command is told to go, a handshake is cut; a message under way may finish. */
function drain(connection: Connection): void {
  connection.draining = true;
  connection.options.limits.lingerMs = Math.min(connection.options.limits.lingerMs, 300);
  const { waiting } = connection;
  if (waiting === 'command' || waiting === 'auth' || waiting === 'tls' || waiting === 'pause')
    cut(connection);
}

/** Ends the session at once, with a reply where one can be written. */
function cut(connection: Connection): void {
  const text = 'Mailscope was shutting down.';
  const { waiting } = connection;
  if (waiting === 'command' || waiting === 'auth' || waiting === 'data' || waiting === 'pause') {
    void connection.endWith(replies.shuttingDown, 'shutdown', text);
    return;
  }
  connection.end('server', 'shutdown', text);
  connection.socket.destroy();
}
