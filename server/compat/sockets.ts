// WebSockets of tools that push JSON to whoever connects. What clients say is not listened to.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';

const pingEveryMs = 30_000;
/** A client that reads too slowly is let go when this much waits for it. */
const mostBuffered = 32 * 1024 * 1024;

export interface Sockets {
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  push(value: unknown): void;
  close(): void;
}

/** `wake` is called with the first client; the function that it returns, with the last one's leaving. */
export function createSockets(wake: () => () => void, greet: () => void = () => {}): Sockets {
  const server = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024, perMessageDeflate: false });
  const clients = new Map<WebSocket, { isAlive: boolean }>();
  let sleep: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;

  const ping = (): void => {
    for (const [client, state] of clients) {
      if (!state.isAlive) client.terminate();
      state.isAlive = false;
      client.ping();
    }
  };
  function left(client: WebSocket): void {
    if (!clients.delete(client) || clients.size > 0) return;
    clearInterval(timer);
    sleep?.();
    sleep = undefined;
  }

  return {
    accept(request, socket, head) {
      server.handleUpgrade(request, socket, head, (client) => {
        const state = { isAlive: true };
        clients.set(client, state);
        client.on('pong', () => (state.isAlive = true));
        client.on('error', () => client.terminate());
        client.on('close', () => left(client));
        if (sleep === undefined) {
          sleep = wake();
          timer = setInterval(ping, pingEveryMs).unref();
        }
        greet();
      });
    },
    push(value) {
      if (clients.size === 0) return;
      const text = JSON.stringify(value);
      for (const client of clients.keys())
        if (client.bufferedAmount > mostBuffered) client.terminate();
        else client.send(text);
    },
    close() {
      for (const client of clients.keys()) client.terminate();
      server.close();
    },
  };
}
