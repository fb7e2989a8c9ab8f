// MailCatcher's WebSocket at /messages. It tells of messages by number, and our events by id; who is gone cannot be
// asked for its number any more, so numbers are kept while somebody listens.
import type { News } from '../news.ts';
import type { CompatParts } from '../parts.ts';
import { summaries } from '../reading.ts';
import { createSockets, type Sockets } from '../sockets.ts';
import { shapeOf } from './shapes.ts';

export interface MailcatcherSockets extends Sockets {
  /** The number of a message that is about to be deleted: the list may not have been read that far. */
  note(id: string, number: number): void;
}

export function mailcatcherSockets(parts: CompatParts, news: News): MailcatcherSockets {
  const numbers = new Map<string, number>();
  /** One for each time that somebody began to listen; null while nobody does. */
  let listening: object | null = null;

  async function learn(): Promise<void> {
    const own = listening;
    for await (const { id, seq } of summaries(parts)) {
      if (own !== listening) return;
      numbers.set(id, seq);
    }
  }

  const sockets = createSockets(() => {
    listening = {};
    const learnt = learn().catch((error: unknown) => parts.log.debug(`No numbers: ${String(error)}`));
    /** In the order of what happened, once the numbers are known. */
    const push = (make: () => object[]): void =>
      void learnt
        .then(() => {
          for (const value of make()) sockets.push(value);
        })
        .catch((error: unknown) => parts.log.error('An event could not be told', error));
    const stop = news.listen({
      added: (message) =>
        push(() => {
          numbers.set(message.id, message.seq);
          return [{ type: 'add', message: shapeOf(message) }];
        }),
      deleted: (ids) =>
        push(() => {
          if (ids === null) numbers.clear();
          return ids === null ? [{ type: 'clear' }] : ids.flatMap(removal);
        }),
    });
    return () => {
      stop();
      listening = null;
      numbers.clear();
    };
  });

  function removal(id: string): object[] {
    const number = numbers.get(id);
    numbers.delete(id);
    return number === undefined ? [] : [{ type: 'remove', id: number }];
  }
  return {
    ...sockets,
    note(id, number) {
      if (listening) numbers.set(id, number);
    },
  };
}
