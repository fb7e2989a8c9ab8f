// Joins what parses messages after their 250: the queue, the parser in its thread, and what an earlier run left to do.
import type { DurableEvent } from '../shared/events.ts';
import type { Background } from './background.ts';
import type { Log } from './log.ts';
import { DERIVED_VERSION } from './mail/derived.ts';
import { startParser } from './mail/parser.ts';
import { readQuickText, type QuickText } from './mail/quick-text.ts';
import { startParseQueue, type ParseQueue } from './parse-queue.ts';
import { distPath } from './paths.ts';
import type { Store } from './store/store.ts';

/** So long conditions on what is derived wait for the parse. */
const settleMs = 2000;
const batch = 500;

export interface Parsing extends AsyncDisposable {
  queue: ParseQueue;
  /** Has the message parsed as soon as possible; resolves then, or after 2 s. */
  settled(id: string): Promise<void>;
  /** What a message that waits says, where that can be told at once. */
  quickText(id: string): QuickText | undefined;
  /** Leaves what was deleted, and takes it up when it is back. */
  follow(events: readonly DurableEvent[]): void;
  /** Takes up messages that are stored and not parsed, or were parsed with older code. */
  recover(): Promise<void>;
}

export function startParsing(store: Store, background: Background, log: Log): Parsing {
  const parser = startParser({ workerFile: distPath('server/mail-worker.js') });
  const queue = startParseQueue({
    find: (id) => store.findBody(id),
    parse: (...mail) => parser.parse(...mail),
    save: (id, derived) => store.saveDerived(id, derived),
    background,
    log,
  });
  async function recover(): Promise<void> {
    try {
      let ids = await store.listUnparsed(DERIVED_VERSION, batch);
      while (ids.length > 0) {
        ids.forEach((id) => queue.add(id, null));
        await Promise.all(ids.map((id) => queue.parsed(id)));
        ids = ids.length === batch ? await store.listUnparsed(DERIVED_VERSION, batch) : [];
      }
    } catch (error) {
      log.error('Messages of an earlier run could not be parsed', error);
    }
  }

  return {
    queue,
    settled: (id) => queue.settled(id, settleMs),
    quickText: (id) => readQuickText(queue.bytesOf(id)),
    recover,
    follow(events) {
      for (const { type, payload } of events) {
        if (type === 'messages:deleted' && payload.ids !== null) queue.drop(payload.ids);
        if (type === 'messages:restored') void recover();
      }
    },
    async [Symbol.asyncDispose]() {
      // The queue waits for what the parser has.
      await Promise.all([queue[Symbol.asyncDispose](), parser[Symbol.asyncDispose]()]);
    },
  };
}
