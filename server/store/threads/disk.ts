// A data folder, behind one thread that writes and those that read.
import { resolve } from 'node:path';
import { nowUs } from '../../clock.ts';
import type { Driver } from '../driver.ts';
import { durableEvent, type StoredEvent } from '../event-log.ts';
import { bodiesFolder, databaseFile, sizeOf } from '../files/places.ts';
import type { OutputOf, Reads, Writes } from '../operations.ts';
import type { Timed } from '../pace.ts';
import { damageLog } from '../sqlite/damage.ts';
import { pageBytes, usualLargePages } from '../sqlite/sizes.ts';
import type { StoreOptions } from '../store.ts';
import { createLogWriter } from './log-writer.ts';
import { usualSearchIdleMs, type ForTests } from './protocol.ts';
import { openReaders } from './readers.ts';
import { startWorker } from './worker-client.ts';

/** From here on a search takes long enough that it is worth making ready for one. */
const usualLargeBytes = 64 * 1024 * 1024;

export async function openDisk(options: StoreOptions, internal: ForTests): Promise<Driver> {
  const folder = resolve(options.data);
  let lastEventSeq = 0;
  let id = '';
  function onEvents(events: StoredEvent[]): void {
    lastEventSeq = events.at(-1)?.seq ?? lastEventSeq;
    options.onEvents(events.map((event) => durableEvent(id, event)));
  }
  const { searchIdleMs = usualSearchIdleMs, largeBytes = usualLargeBytes } = internal;
  const veryLargeBytes = (internal.largePages ?? usualLargePages) * pageBytes;
  const common = { ...internal, folder, atUs: nowUs() };
  const onDamage = damageLog(options.onNotice, (seq) => {
    // Best effort: what could not be written now is come upon, and asked for, at the next start.
    void writing
      .then(({ call }) => call('parseAgain', { seq }))
      .then((id) => id !== null && options.onUnparsed?.(id as string))
      .catch(() => undefined);
  });
  const startReader = () => startWorker({ ...common, role: 'reader' }, onEvents, onDamage);
  const logWriter = createLogWriter(startReader);
  const bytes = (): number => sizeOf(databaseFile(folder));
  // Both start at once; a refusal comes from the writer, which alone makes and checks the folder.
  const writing = startWorker({ ...common, role: 'writer' }, onEvents, onDamage, logWriter.due);
  const [started, reading] = await Promise.allSettled([writing, startReader()]);
  if (started.status === 'rejected' || reading.status === 'rejected') {
    for (const each of [started, reading]) if (each.status === 'fulfilled') await each.value.close();
    throw started.status === 'rejected' ? started.reason : (reading as PromiseRejectedResult).reason;
  }
  const writer = started.value;
  const readers = openReaders(reading.value, startReader, {
    idleMs: searchIdleMs,
    isLarge: () => bytes() >= largeBytes,
  });
  id = writer.opened.storeId;
  lastEventSeq = writer.opened.lastEventSeq;
  for (const notice of writer.opened.notices) options.onNotice(notice);

  return {
    id,
    lastSessionSeq: writer.opened.lastSessionSeq,
    bodies: bodiesFolder(folder),
    isVeryLarge: () => bytes() >= veryLargeBytes,
    lastEventSeq: () => lastEventSeq,
    write: <N extends keyof Writes>(name: N, input: unknown, transfer?: ArrayBuffer[]) =>
      writer.call(name, input, transfer) as Promise<OutputOf<Writes, N>>,
    step: <N extends keyof Writes>(name: N, input: unknown) =>
      writer.timed(name, input) as Promise<Timed<OutputOf<Writes, N>>>,
    read: <N extends keyof Reads>(name: N, input: unknown) =>
      readers.call(name, input) as Promise<OutputOf<Reads, N>>,
    // The readers first: the last connection to close empties the write-ahead log.
    async close() {
      await logWriter.close();
      await readers.close();
      await writer.close();
    },
  };
}
