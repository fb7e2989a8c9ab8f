// Parses what an earlier run stored and did not parse, or parsed with older code. A message whose parse takes the whole
// process down would do so at each start: each try is noted before it begins, and after some the message is left alone.
import type { Log } from './log.ts';
import { DERIVED_VERSION, failedDerived } from './mail/derived.ts';
import type { ParseQueue } from './parse-queue.ts';
import type { Store, Unparsed } from './store/store.ts';

const batch = 500;
/** Beside the one at its arrival. */
const mostTries = 2;
const longestMs = 3_600_000;

/** Of a row: empty, so that the fields of the header scan stay. */
const nothingRead = { from: [], to: [], subject: '', date: null };
const problem =
  'Mailscope ended each time it parsed this message, so it is kept as it is and not tried again.';

export interface CatchUp extends AsyncDisposable {
  /** Runs come one after the other, so that none counts what another is about. */
  start(): void;
}

export function createCatchUp(store: Store, parsing: ParseQueue, log: Log): CatchUp {
  let isStopped = false;
  const parse = async (ids: string[]): Promise<void> => {
    await store.noteParseTries(ids, DERIVED_VERSION);
    ids.forEach((id) => parsing.add(id, null));
    await Promise.all(ids.map((id) => parsing.settled(id, longestMs)));
  };

  /** Those that were tried go one by one: whichever it is that ends the process, the others do not count as tried. */
  const parseAgain = async ({ id, tries }: Unparsed): Promise<void> => {
    if (isStopped) return;
    if (tries < mostTries) return parse([id]);
    log.warn(`Message ${id}: ${problem}`);
    await store.saveDerived(id, failedDerived(nothingRead, problem));
  };

  const run = async (): Promise<void> => {
    try {
      for (let isMore = true; isMore && !isStopped;) {
        const all = await store.listUnparsed(DERIVED_VERSION, batch);
        const fresh = all.filter(({ tries }) => tries === 0).map(({ id }) => id);
        for (const one of all) if (one.tries > 0) await parseAgain(one);
        if (fresh.length > 0 && !isStopped) await parse(fresh);
        isMore = all.length === batch;
      }
    } catch (error) {
      log.error('Messages of an earlier run could not be parsed', error);
    }
  };

  let last = Promise.resolve();
  return {
    start: () => void (last = last.then(run)),
    [Symbol.asyncDispose]() {
      isStopped = true;
      return Promise.resolve();
    },
  };
}
