// What a full disk refused is tried again: behind an emptied log, and deletions with the room of the reserve.
import type { Reserve } from '../files/reserve.ts';
import { runWrite, type Writes } from '../operations.ts';
import { readLogState } from '../sqlite/checkpoints.ts';
import { numberOf } from '../sqlite/connection.ts';
import { failureOf, type Failure } from '../sqlite/failures.ts';
import { commitTogether, emptyLogNow, type Outcome, type Writing } from '../sqlite/writing.ts';
import { removingSteps } from './batches.ts';
import type { Request } from './protocol.ts';

/** What makes room, and what takes that back. */
const deletions = new Set<string>([
  ...removingSteps,
  ...([
    'deleteMessages',
    'restoreMessages',
    'deleteSessions',
    'restoreSessions',
    'endInbox',
    'forgetInbox',
    'removeFaults',
    'removeIssues',
  ] satisfies (keyof Writes)[]),
]);

const isFull = (outcome: Outcome | undefined): boolean =>
  outcome?.ok === false && failureOf(outcome.error).code === 'storage_full';

const run = (writing: Writing, requests: Request[]): Outcome[] =>
  commitTogether(
    writing,
    requests.map(({ name, input, atUs }) => () => {
      writing.atUs = atUs;
      return runWrite(writing, name as keyof Writes, input);
    }),
  );

export function runWithReserve(writing: Writing, requests: Request[], reserve: Reserve): Outcome[] {
  const outcomes = runWithEmptyLog(writing, requests, reserve);
  const refused = requests.filter(({ name }, index) => deletions.has(name) && isFull(outcomes[index]));
  if (refused.length === 0 || !reserve.release()) return outcomes;
  const again = refused.map((request) => runFurther(writing, () => runSmaller(writing, request)));
  emptyLog(writing);
  reserve.refill();
  return inPlaceOf(outcomes, { requests, refused, again });
}

/** The outcomes of all, with those of the further run where there is one. */
const inPlaceOf = (
  outcomes: Outcome[],
  { requests, refused, again }: { requests: Request[]; refused: Request[]; again: Outcome[] },
): Outcome[] => requests.map((request, index) => again[refused.indexOf(request)] ?? outcomes[index]!);

/** A further run, whose events come behind those that there are. */
function runFurther<T>(writing: Writing, further: () => T): T {
  const { events } = writing;
  const outcome = further();
  writing.events = [...events, ...writing.events];
  return outcome;
}

/** It needs blocks of its own to find those of a longer file. */
const forTheFileSystem = 256 * 1024;

function bytesInLog(writing: Writing): number {
  try {
    return writing.bodies === null ? 0 : readLogState(writing, 'NOOP').log * numberOf(writing, 'page_size');
  } catch {
    return 0;
  }
}

/** Not a disk that fails: what could not be synced is better not tried again at once. */
const hasNoRoom = (outcome: Outcome | undefined): boolean =>
  outcome?.ok === false && (outcome.error as { code?: unknown } | null)?.code === 'SQLITE_FULL';

/** Where much was deleted the database has room, and only the log cannot become longer. */
function runWithEmptyLog(writing: Writing, requests: Request[], reserve: Reserve): Outcome[] {
  const outcomes = run(writing, requests);
  const refused = requests.filter((_, index) => hasNoRoom(outcomes[index]));
  if (refused.length === 0 || bytesInLog(writing) === 0) return outcomes;
  let emptied = tryToEmptyLog(writing);
  // The log is full of what the database has no room for. With that of the reserve it takes it, and the log gives back
  // more. No more of it is given up than that takes: meanwhile another program may fill the disk.
  if (emptied === 'failed' && reserve.release(bytesInLog(writing) + forTheFileSystem)) {
    emptied = tryToEmptyLog(writing);
    reserve.refill();
  }
  if (emptied !== 'done') return outcomes;
  const again = runFurther(writing, () => run(writing, refused));
  return inPlaceOf(outcomes, { requests, refused, again });
}

/** A step of a quick machine may take more than the reserve has room for: then one of fewer rows. */
function runSmaller(writing: Writing, request: Request): Outcome {
  for (let { input } = request; ;) {
    // The log may be full of what the database had no room to grow for.
    emptyLog(writing);
    const [outcome] = run(writing, [{ ...request, input }]) as [Outcome];
    const fewer = withFewerRows(input);
    if (fewer === null || !isFull(outcome)) return outcome;
    input = fewer;
  }
}

function withFewerRows(input: unknown): object | null {
  if (typeof input !== 'object' || input === null || !('limit' in input)) return null;
  const { limit } = input;
  return typeof limit === 'number' && limit > 1 ? { ...input, limit: Math.ceil(limit / 4) } : null;
}

const emptyLog = (writing: Writing): boolean => tryToEmptyLog(writing) === 'done';

function tryToEmptyLog(writing: Writing): 'done' | 'busy' | 'failed' {
  writing.emptyLog = true;
  try {
    return emptyLogNow(writing) ? 'done' : 'busy';
  } catch {
    return 'failed';
  }
}

/** There may be no room for the index of the log. */
export function openWithReserve<T>(open: () => T, reserve: Reserve): T {
  try {
    return open();
  } catch (error) {
    if (!isFull({ ok: false, error }) || !reserve.release()) throw error;
    const opened = open();
    reserve.refill();
    return opened;
  }
}

export const hintFor = (name: string, failure: Failure): Failure =>
  failure.code === 'storage_full' && deletions.has(name)
    ? {
        ...failure,
        hint: 'To delete takes a little room on that disk, too. Free some there, then delete again.',
      }
    : failure;
