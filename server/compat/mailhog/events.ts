// MailHog's WebSocket at /api/v2/websocket pushes each message as it comes.
import type { News } from '../news.ts';
import type { CompatParts } from '../parts.ts';
import { createSockets, type Sockets } from '../sockets.ts';
import { mailhogMessage } from './shapes.ts';

export function mailhogSockets(parts: CompatParts, news: News): Sockets {
  const sockets = createSockets(() =>
    news.listen({
      added(message) {
        void mailhogMessage(parts, message).then(
          (shape) => shape && sockets.push(shape),
          () => undefined,
        );
      },
    }),
  );
  return sockets;
}
