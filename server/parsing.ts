// Joins what parses messages after their 250: the queue, the parser in its thread, and what an earlier run left to do.
import type { DurableEvent } from '../shared/events.ts';
import type { MessageSummary } from '../shared/message.ts';
import type { Background } from './background.ts';
import type { Log } from './log.ts';
import { judgeByEnvelope, needsEnvelope } from './mail/check/by-envelope.ts';
import { DERIVED_VERSION, failedDerived } from './mail/derived.ts';
import { startParser, type Parser } from './mail/parser.ts';
import { readQuickText, type QuickText } from './mail/quick-text.ts';
import { openParseDeaths } from './parse-deaths.ts';
import { startParseQueue, type ParseQueue } from './parse-queue.ts';
import { distPath } from './paths.ts';
import type { Derived, Store } from './store/store.ts';

/** So long conditions on what is derived wait for the parse. */
const settleMs = 2000;
const batch = 500;
/** Of so many deaths of the process a message is to blame, and not who killed it. */
const mostDeaths = 2;

export const startOwnParser = (noteFile: number | null): Parser =>
  startParser({ workerFile: distPath('server/mail-worker.js'), noteFile });

export interface Parsing extends AsyncDisposable {
  queue: ParseQueue;
  /** Has the message parsed as soon as possible; resolves then, or after 2 s. */
  settled(id: string): Promise<void>;
  /** What a message that waits says, where that can be told at once. */
  quickText(id: string): QuickText | undefined;
  /** Leaves what was deleted, and takes it up when it is back. */
  follow(events: readonly DurableEvent[]): void;
  /** Takes up one whose record is damaged; what the process died of before is left to the next start. */
  again(id: string): void;
  /** Takes up messages that are stored and not parsed, or were parsed with older code. */
  recover(): Promise<void>;
}

/**
 * In `noteFile` stands what is being parsed, for the case that the process dies of it; null: nowhere. A `shared` parser
 * writes no note, and stays open. `onFound` is told what is wrong with a message that was parsed for the first time.
 */
export function startParsing(
  store: Store,
  background: Background,
  log: Log,
  noteFile: string | null,
  shared?: Parser,
  onFound: (message: MessageSummary, derived: Derived) => void = () => undefined,
): Parsing {
  const deaths = openParseDeaths(noteFile);
  const parser = shared ?? startOwnParser(deaths.file);
  const queue = startParseQueue({
    find: (id) => store.findBody(id),
    parse: (...mail) => parser.parse(...mail),
    async save(id, parsed) {
      const derived = await withEnvelope(id, parsed);
      const message = await store.saveDerived(id, derived);
      if (message) onFound(message, derived);
    },
    background,
    log,
  });
  /** Few messages need it, and their envelope is in the store. */
  async function withEnvelope(id: string, derived: Derived): Promise<Derived> {
    const { findingList } = derived;
    if (!findingList || !needsEnvelope(findingList)) return derived;
    const message = await store.findMessage(id);
    return message ? { ...derived, findingList: judgeByEnvelope(findingList, message) } : derived;
  }

  let closed = false;
  let again = false;
  let recovering: Promise<void> | null = null;

  /** One at a time: who asks meanwhile has it look once more. */
  function recover(): Promise<void> {
    again = true;
    recovering ??= recoverAgain().finally(() => (recovering = null));
    return recovering;
  }

  async function recoverAgain(): Promise<void> {
    while (again) {
      again = false;
      await recoverAll();
    }
  }

  async function recoverAll(): Promise<void> {
    const suspects: string[] = [];
    try {
      for (let after: string | undefined, more = true; more;) {
        const ids = await store.listUnparsed(DERIVED_VERSION, batch, after);
        suspects.push(...ids.filter((id) => deaths.of(id) > 0));
        await parseAll(ids.filter((id) => deaths.of(id) === 0));
        after = ids.at(-1);
        more = ids.length === batch;
      }
      // Last and one by one: should the process die of it, nothing else waits for the next start.
      for (const id of suspects) {
        await (deaths.of(id) < mostDeaths ? parseAll([id]) : giveUp(id));
        deaths.forget(id);
      }
    } catch (error) {
      if (!closed) log.error('Messages of an earlier run could not be parsed', error);
    }
  }

  async function parseAll(ids: string[]): Promise<void> {
    ids.forEach((id) => queue.add(id, null));
    await Promise.all(ids.map((id) => queue.parsed(id)));
    // Nobody waits any more, but it was not parsed.
    if (closed) throw new Error('stopped');
  }

  /** Until another version of the code parses it. */
  async function giveUp(id: string): Promise<void> {
    const message = await store.findMessage(id);
    if (message === undefined) return;
    const { from, to, subject, date } = message;
    const problem = `Mailscope died ${String(mostDeaths)} times while it parsed this message, so it is not parsed again. Its source is whole.`;
    log.warn(`Message ${id} is not parsed: Mailscope died of it ${String(mostDeaths)} times.`);
    await store.saveDerived(id, failedDerived({ from, to, subject, date }, problem));
  }

  return {
    queue,
    settled: (id) => queue.settled(id, settleMs),
    quickText: (id) => readQuickText(queue.bytesOf(id)),
    recover,
    again(id) {
      if (deaths.of(id) === 0) queue.add(id, null);
    },
    follow(events) {
      for (const { type, payload } of events) {
        if (type === 'messages:deleted' && payload.ids !== null) queue.drop(payload.ids);
        if (type === 'messages:restored') void recover();
      }
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      // The queue waits for what the parser has.
      await Promise.all([
        queue[Symbol.asyncDispose](),
        parser === shared ? null : parser[Symbol.asyncDispose](),
      ]);
      deaths[Symbol.dispose]();
    },
  };
}
