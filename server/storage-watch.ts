// Knows how the storage is: refuses mail for which there is no room before it comes, and tells when writing fails.
import type { StorageStatus } from '../shared/status.ts';
import { MailscopeError } from '../shared/errors.ts';
import { codeOf } from './error-code.ts';
import type { Log } from './log.ts';
import type { Store } from './store/store.ts';

export interface StorageWatch extends AsyncDisposable {
  /** Why a message of this size cannot be taken; null where it can. */
  problemFor(size: number): string | null;
  /** Something could not be stored. */
  failed(error: unknown): void;
  worked(): void;
  status(): StorageStatus;
}

/** What the last look at the disk said counts for so long; then, too, a storage that failed is tried again. */
const lookEveryMs = 500;

/** A failure counts for at least so long: a small write may work where a large one does not. */
const degradedMs = 3000;

const mebibytes = (bytes: number): string => `${Math.floor(bytes / 2 ** 20).toLocaleString('en-US')} MiB`;

type WatchedStore = Pick<Store, 'freeBytes' | 'tryWriting'>;

/** `minFree`: bytes to leave on the disk; 0: until it is full. */
export async function watchStorage(store: WatchedStore, minFree: number, log: Log): Promise<StorageWatch> {
  let free = Infinity;
  let lookedAt = performance.now();
  let looking: Promise<void> | null = null;
  let failure: string | null = null;
  let failedAt = 0;
  let wasRefused = false;
  let isGone = false;

  function problemFor(size: number): string | null {
    if (performance.now() - lookedAt > lookEveryMs) look();
    // The database goes on in files that have no name any more: what is stored in it is lost with the process.
    if (isGone) return 'the data folder was removed. Put it back, or start Mailscope again';
    const least = minFree === 0 ? 0 : Math.max(minFree, 2 * size);
    if (free >= least) return null;
    const kept =
      2 * size > minFree ? `twice the size of the message is wanted` : `${mebibytes(minFree)} are kept`;
    return `${mebibytes(free)} are free for the data folder, ${kept} (--min-free). Free some space or delete messages`;
  }

  function look(): void {
    looking ??= lookNow().finally(() => {
      lookedAt = performance.now();
      looking = null;
    });
  }

  async function lookNow(): Promise<void> {
    try {
      free = await store.freeBytes();
      isGone = false;
    } catch (error) {
      isGone = codeOf(error) === 'ENOENT';
    }
    const problem = problemFor(0);
    if (problem !== null && !wasRefused) log.warn(`Mail is refused: ${problem}.`);
    wasRefused = problem !== null;
    if (failure !== null && performance.now() - failedAt > degradedMs)
      await store.tryWriting().then(worked, () => {});
  }

  function worked(): void {
    if (failure !== null) log.warn('The data folder can be written again.');
    failure = null;
  }

  // Mail asks before it comes; those who look at the status want it fresh, too.
  const clock = setInterval(look, lookEveryMs * 2);
  clock.unref();
  await lookNow();

  return {
    problemFor,
    failed(error) {
      if (!(error instanceof MailscopeError) || !['storage_full', 'internal'].includes(error.code)) return;
      // Once until it works again: the reply tells whoever sends to see the log.
      if (failure === null) log.error(`Mail could not be stored: ${error.message}`);
      failure = error.message;
      failedAt = performance.now();
    },
    worked,
    status() {
      const problem = failure ?? problemFor(0);
      return {
        state: problem === null ? 'ok' : 'degraded',
        problem,
        freeBytes: Number.isFinite(free) ? free : null,
        minFreeBytes: minFree,
      };
    },
    async [Symbol.asyncDispose]() {
      clearInterval(clock);
      await looking;
    },
  };
}
