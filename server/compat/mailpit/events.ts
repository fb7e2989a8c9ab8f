// Mailpit's live events: a WebSocket at /api/events that pushes {Type, Data}.
import type { CompatParts } from '../parts.ts';
import type { News } from '../news.ts';
import { createSockets, type Sockets } from '../sockets.ts';
import { summaryOf } from './shapes.ts';

const statsAtMostEveryMs = 250;
/** Marks of more messages than this are told as one change of everything. */
const mostUpdates = 100;

export function mailpitSockets(parts: CompatParts, news: News): Sockets {
  let timer: NodeJS.Timeout | undefined;
  const push = (Type: string, Data: unknown): void => sockets.push({ Type, Data });
  const pushStats = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      parts.store.counts().then(
        ({ messages, unread }) => push('stats', { Total: messages, Unread: unread }),
        () => undefined,
      );
    }, statsAtMostEveryMs).unref();
  };

  async function pushUpdates(ids: string[], marks: { read?: boolean; tagged: boolean }): Promise<void> {
    for (const id of ids) {
      const tags = marks.tagged ? (await parts.store.findMessage(id))?.tags : undefined;
      push('update', {
        ID: id,
        ...(marks.read === undefined ? {} : { Read: marks.read }),
        ...(tags === undefined ? {} : { Tags: tags }),
      });
    }
  }

  const sockets = createSockets(
    () =>
      news.listen({
        added(message) {
          push('new', summaryOf(parts, message));
          pushStats();
        },
        marked(ids, marks) {
          if (ids === null || ids.length > mostUpdates) push('prune', null);
          else void pushUpdates(ids, marks).catch(() => undefined);
          pushStats();
        },
        deleted(ids, reason) {
          if (ids === null) push(reason === 'request' ? 'truncate' : 'prune', null);
          else if (ids.length > mostUpdates) push('prune', null);
          else for (const id of ids) push('delete', { ID: id });
          pushStats();
        },
        lost: () => push('prune', null),
      }),
    pushStats,
  );
  return sockets;
}
