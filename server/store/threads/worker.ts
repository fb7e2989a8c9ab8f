// The entry of the storage threads: one writes, with group commit, the others read.
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { steadyUs } from '../../clock.ts';
import { sweepBodyFiles } from '../files/body-files.ts';
import { cannotUse, lockFolder, prepareFolder } from '../files/folder.ts';
import { keepLogRoom } from '../files/log-room.ts';
import { bodiesFolder, databaseFile } from '../files/places.ts';
import { keepReserve } from '../files/reserve.ts';
import { runRead, type Reads } from '../operations.ts';
import { closeInterrupted } from '../records/interrupted.ts';
import { keepCheckpoints, writeLog } from '../sqlite/checkpoints.ts';
import { openConnection, type Connection } from '../sqlite/connection.ts';
import { hearOfDamage } from '../sqlite/damage.ts';
import { failureOf } from '../sqlite/failures.ts';
import { hasRoom } from '../sqlite/room.ts';
import {
  commitTogether,
  createWriting,
  emptyLogIfAsked,
  writeAnewIfAsked,
  type Writing,
} from '../sqlite/writing.ts';
import { openDatabase, suspectDamage } from './database.ts';
import { keepMemoryMap } from './memory-map.ts';
import { hintFor, openWithReserve, runWithReserve } from './on-full-disk.ts';
import {
  usualSearchIdleMs,
  type Answer,
  type FromWorker,
  type Opened,
  type Request,
  type WorkerOptions,
} from './protocol.ts';

const options = workerData as WorkerOptions;
const { folder, role, maxPages, largePages, mapIdleMs = 5000, searchIdleMs = usualSearchIdleMs } = options;
const port = parentPort as MessagePort;

const post = (message: FromWorker, transfer: ArrayBuffer[] = []): void => {
  port.postMessage(message, transfer);
};

/** What the last run left behind. */
function tidyUp(connection: Connection): { writing: Writing; notices: string[] } {
  const notices: string[] = [];
  const writing = createWriting(connection, bodiesFolder(folder));
  const [interrupted] = commitTogether(writing, [
    () => {
      writing.atUs = options.atUs;
      return closeInterrupted(writing);
    },
  ]);
  // A full disk must not keep anyone from seeing and deleting what there is; the next start tries again.
  if (interrupted?.ok === false && failureOf(interrupted.error).code !== 'storage_full')
    throw interrupted.error;
  const count = interrupted?.ok === true ? (interrupted.value as number) : 0;
  if (count > 0)
    notices.push(
      `${plural(count, 'session')} of the last run did not end and now ${count === 1 ? 'says' : 'say'}: interrupted.`,
    );
  const swept = sweepBodyFiles(connection, bodiesFolder(folder));
  if (swept > 0) notices.push(`${plural(swept, 'file')} of messages that were never wholly stored removed.`);
  return { writing, notices };
}

/** Somebody read from the log that was to be emptied. */
const retryMs = 50;

function startWriter(): void {
  prepareFolder(folder);
  const unlock = lockFolder(folder);
  const reserve = keepReserve(folder);
  const opening = openWithReserve(() => openDatabase(folder, { maxPages }, tidyUp), reserve);
  const { connection, storeId, prepared } = opening;
  const { writing } = prepared;
  const notices = [...opening.notices, ...prepared.notices];

  const logRoom = keepLogRoom(connection, folder, reserve);
  const checkpoints = keepCheckpoints(connection, { ask: () => post({ kind: 'checkpoint' }), largePages });
  let retry: NodeJS.Timeout | null = null;
  /** Tries again also where no commit follows. */
  function emptyLog(isLast = false): void {
    const waits = writing.emptyLog && !isLast && checkpoints.isWrittenFirst();
    const isEmptied = !waits && emptyLogIfAsked(writing);
    logRoom.committed(isEmptied);
    if (isEmptied) reserve.refill();
    if (!writing.emptyLog) return;
    retry ??= setTimeout(() => {
      retry = null;
      emptyLog();
    }, retryMs).unref();
  }
  port.on('message', (requests: Request[]) => {
    const operations = requests.filter(({ name }) => name !== 'close');
    const startedUs = steadyUs();
    const outcomes = runWithReserve(writing, operations, reserve);
    const tookUs = steadyUs() - startedUs;
    const isRoomLeft = () => hasRoom(connection, folder);
    for (const outcome of outcomes) if (!outcome.ok) suspectDamage(folder, outcome.error);
    const failures = outcomes.map((outcome, index) => {
      if (outcome.ok) return null;
      const { name } = operations[index]!;
      return hintFor(name, failureOf(outcome.error, name === 'saveMessage' ? undefined : isRoomLeft));
    });
    // On a full disk the log holds room that a deletion, or a smaller message, can do with.
    writing.emptyLog ||= failures.some((failure) => failure?.code === 'storage_full');
    writeAnewIfAsked(writing);
    const end = requests.find(({ name }) => name === 'close');
    emptyLog(end !== undefined);
    const answers = operations.map(({ id }, index): Answer => {
      const [outcome, failure] = [outcomes[index], failures[index]];
      return outcome?.ok === true
        ? { id, value: outcome.value }
        : { id, failure: failure ?? failureOf('no outcome') };
    });
    post({ kind: 'answers', answers, events: writing.events, tookUs });
    checkpoints.committed();
    if (end === undefined) return;
    logRoom.close();
    if (retry !== null) clearTimeout(retry);
    connection.db.close();
    unlock();
    finish(end);
  });
  const { sessionSeq: lastSessionSeq, eventSeq: lastEventSeq } = writing.counters;
  opened({ storeId, lastSessionSeq, lastEventSeq, notices });
}

const plural = (count: number, noun: string): string => `${String(count)} ${noun}${count === 1 ? '' : 's'}`;

function startReader(): void {
  // Opened with the first request: until then the writer may still be making the database.
  let connection: Connection | null = null;
  const keepMap = keepMemoryMap({ mapIdleMs, searchIdleMs });
  port.on('message', ([request]: [Request]) => {
    const { id, name } = request;
    if (name === 'close') {
      connection?.db.close();
      finish(request);
      return;
    }
    try {
      connection ??= openConnection(databaseFile(folder), { reader: true });
      keepMap(connection, name);
      // Not within a transaction.
      const value =
        name === 'writeLog' ? writeLog(connection) : runRead(connection, name as keyof Reads, request.input);
      const transfer = transferable(value);
      const answer = transfer === null ? { id, json: JSON.stringify(value) } : { id, value };
      post({ kind: 'answers', answers: [answer], events: [] }, transfer ?? []);
    } catch (error) {
      suspectDamage(folder, error);
      post({ kind: 'answers', answers: [{ id, failure: failureOf(error) }], events: [] });
    }
  });
  opened({ storeId: '', lastSessionSeq: 0, lastEventSeq: 0, notices: [] });
}

/** The memory of a value with bytes in it, if it is alone in it; null for a value without bytes. */
function transferable(value: unknown): ArrayBuffer[] | null {
  if (typeof value !== 'object' || value === null) return null;
  const bytes = value instanceof Uint8Array ? value : 'bytes' in value ? value.bytes : undefined;
  if (!(bytes instanceof Uint8Array)) return 'dots' in value ? [] : null;
  const { buffer } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength ? [buffer] : [];
}

function opened(value: Opened): void {
  post({ kind: 'opened', opened: value });
}

function finish({ id }: Request): void {
  post({ kind: 'answers', answers: [{ id, value: null }], events: [] });
  port.close();
}

hearOfDamage((damage) => post({ kind: 'damage', damage }));
try {
  if (role === 'writer') startWriter();
  else startReader();
} catch (error) {
  post({ kind: 'refused', message: whyRefused(error) });
  port.close();
}

function whyRefused(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && 'syscall' in error) return cannotUse(folder, error).message;
  if (!(error instanceof Error) || error.name !== 'SqliteError') return message;
  const file = databaseFile(folder);
  if (error.message.includes('locked'))
    return `The database ${file} is locked. Another program has it open, such as sqlite3. Close it there, and start again.`;
  return failureOf(error).code === 'storage_full' && !error.message.includes('readonly')
    ? `The database ${file} could not be opened. Its disk has no room left (${message}). Free some space.`
    : `The database ${file} could not be opened (${message}). The disk may be failing, or permissions be missing. ` +
        'Check them, or give another folder with --data.';
}
