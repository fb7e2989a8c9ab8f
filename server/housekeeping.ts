// What is done beside the mail: limits kept, deletions made final, long sessions saved while they run.
import type { Background } from './background.ts';
import type { Log } from './log.ts';
import { createAging, nowUs } from './clock.ts';
import type { Connection } from './smtp/connection.ts';
import type { Recorder } from './smtp/record/recorder.ts';
import { takePart } from './smtp/record/part.ts';
import type { Retention, Store } from './store/store.ts';

const everyMs = 1000;
/** A deletion can be taken back for this long. */
const undoUs = 60_000_000;
/** A running session is saved when it is older, or has more lines and chunks, or bytes, that are not. */
const saveAfterUs = 1_000_000;
const saveAfterLines = 1000;
const saveAfterBytes = 256 * 1024;

export interface Housekeeping extends AsyncDisposable {
  /** Something was stored: the limits may be exceeded. */
  poke(): void;
}

/** While mail takes all the time there is, the limits may be exceeded by so much. */
const withSlack = ({ maxMessages, maxBytes, maxAgeMs }: Retention): Retention => ({
  maxMessages: Math.ceil(maxMessages * 1.5),
  maxBytes: Math.ceil(maxBytes * 1.1),
  maxAgeMs,
});

export function startHousekeeping(parts: {
  store: Store;
  background: Background;
  connections: () => Iterable<Connection>;
  retention: Retention;
  /** Nothing can be stored, perhaps for want of room: the limits make some. */
  isTroubled(): boolean;
  save(connection: Connection): Promise<void>;
  log: Log;
}): Housekeeping {
  const { store, background, connections, retention, isTroubled, save, log } = parts;
  const saved = new WeakSet<Connection>();
  let running: Promise<void> = Promise.resolve();
  let waiting = 0;
  let pokeTimer: NodeJS.Timeout | undefined;
  let closed = false;

  /** Why a task fails is told once, not every second, until it works again. */
  const told = new Map<string, string>();
  const tell = (what: string, error: unknown): void => {
    const why = error instanceof Error ? error.message : String(error);
    if (told.get(what) === why) return;
    told.set(what, why);
    log.error(`${what} failed`, error);
  };

  const guard = (task: () => Promise<unknown>, what: string): void => {
    waiting++;
    running = running.then(async () => {
      waiting--;
      if (closed) return;
      await task().then(
        () => told.delete(what),
        (error: unknown) => tell(what, error),
      );
    });
  };

  const saveRunning = async (): Promise<void> => {
    const due = [...connections()].filter((connection) => {
      const { recorder, linesChange } = connection;
      const { log, session } = recorder;
      // The end of the session saves what is left.
      if (linesChange || session.ended || log.saving) return false;
      if (log.unsaved > saveAfterLines || log.unsavedBytes > saveAfterBytes) return true;
      return !saved.has(connection) && recorder.now() > saveAfterUs;
    });
    // All at once, so that they share a commit.
    const results = await Promise.allSettled(
      due.map((connection) => save(connection).then(() => saved.add(connection))),
    );
    const failed = results.find(({ status }) => status === 'rejected');
    if (failed) throw (failed as PromiseRejectedResult).reason;
  };

  const aging = createAging();
  const prune = () => {
    const isTurn = isTroubled() || background.turn() === null;
    return store.prune(isTurn ? retention : withSlack(retention), aging());
  };

  const clock = setInterval(() => {
    // A slow store must not pile up work.
    if (waiting > 0) return;
    guard(saveRunning, 'Saving running sessions');
    guard(() => store.purgeDeleted(nowUs() - undoUs), 'Removing what was deleted');
    guard(prune, 'Keeping the limits');
  }, everyMs);
  clock.unref();

  return {
    poke() {
      if (retention.maxMessages === 0 && retention.maxBytes === 0) return;
      pokeTimer ??= setTimeout(() => {
        pokeTimer = undefined;
        guard(prune, 'Keeping the limits');
      }, 100).unref();
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      clearInterval(clock);
      clearTimeout(pokeTimer);
      await running;
    },
  };
}

/** The whole of a session that is over; one whose inboxes are all gone goes too. */
export async function saveEnded(
  store: Store,
  placing: { placeEnded(recorder: Recorder): boolean },
  { recorder }: Pick<Connection, 'recorder'>,
): Promise<void> {
  const stays = placing.placeEnded(recorder);
  await saveSession(store, { recorder }, true);
  if (!stays) await store.deleteSessions({ ids: [recorder.session.id] }, true);
}

/** Appends what is new of a session to the store. */
export async function saveSession(
  store: Store,
  { recorder }: Pick<Connection, 'recorder'>,
  closed: boolean,
): Promise<void> {
  const taken = takePart(recorder);
  try {
    await store.saveSession(taken.part, closed);
    taken.kept();
  } catch (error) {
    taken.failed();
    throw error;
  }
}
