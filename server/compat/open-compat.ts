// Other tools' APIs, so that tests that were written for them run against us unchanged.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { mailcatcherSockets } from './mailcatcher/events.ts';
import { mailcatcherCalls } from './mailcatcher/mailcatcher.ts';
import { serveMaildevClient, type Emit } from './maildev/events.ts';
import { maildevCalls } from './maildev/maildev.ts';
import { mailhogSockets } from './mailhog/events.ts';
import { mailhogCalls } from './mailhog/mailhog.ts';
import { mailpitSockets } from './mailpit/events.ts';
import { mailpitCalls } from './mailpit/mailpit.ts';
import { watchTags } from './mailpit/tags.ts';
import { mailtrapCalls, mailtrapRefusal } from './mailtrap/mailtrap.ts';
import { createNews } from './news.ts';
import type { CompatOptions, CompatParts } from './parts.ts';
import { createRouter } from './router.ts';

export interface Compat {
  /** All of them, for the documentation and its test. */
  readonly calls: { method: string; path: string }[];
  serves(path: string): boolean;
  /** The body in which the tool that has this path refuses who may not ask; undefined: it has none of its own. */
  refusalAt(path: string, status: number): object | undefined;
  /** False: none of these tools has this path. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** False: there is no WebSocket at this path. */
  upgrade(path: string, request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** A client of the default namespace of socket.io. Returns the way to stop. */
  connected(emit: Emit): () => void;
  close(): void;
}

export function openCompat(parts: CompatParts, options: CompatOptions): Compat {
  const news = createNews(parts);
  const tags = watchTags(parts);
  // The first that fits answers: who is primary stands in front.
  const mailhog = mailhogCalls(parts, news, options);
  const mailpit = mailpitCalls(parts, tags, options);
  const mailcatcher = mailcatcherSockets(parts, news);
  const calls = [
    ...mailhog,
    ...mailpit,
    ...maildevCalls(parts),
    ...mailcatcherCalls(parts, mailcatcher.note),
    ...mailtrapCalls(parts, options),
  ];
  const sockets = new Map([
    ['/api/events', mailpitSockets(parts, news)],
    ['/api/v2/websocket', mailhogSockets(parts, news)],
    ['/messages', mailcatcher],
  ]);
  return {
    calls,
    ...createRouter(calls),
    refusalAt: mailtrapRefusal,
    upgrade(path, request, socket, head) {
      const found = sockets.get(path);
      found?.accept(request, socket, head);
      return found !== undefined;
    },
    connected: (emit) => serveMaildevClient(parts, news, emit),
    close() {
      tags[Symbol.dispose]();
      for (const one of sockets.values()) one.close();
    },
  };
}
