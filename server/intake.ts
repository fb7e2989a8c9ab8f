// Joins the parts for a message: what the gate has received is scanned, stored, announced, and put in line for parsing.
import { acceptedOf, type Transaction } from '../shared/transaction.ts';
import type { RoutedMail } from './inbox/router.ts';
import type { Log } from './log.ts';
import { findHeaders } from './mail/find-headers.ts';
import { scanHeader } from './mail/scan-header.ts';
import { senderTags } from './mail/sender-tags.ts';
import type { ParseQueue } from './parse-queue.ts';
import type { Arrival, Intake } from './smtp/arrival.ts';
import type { Recorder } from './smtp/record/recorder.ts';
import { takePart } from './smtp/record/part.ts';
import { noRoom, storageReply } from './smtp/replies.ts';
import type { StorageWatch } from './storage-watch.ts';
import type { Store } from './store/store.ts';

export function createIntake(parts: {
  store: Store;
  parsing: ParseQueue;
  log: Log;
  storage: StorageWatch;
  /** Appends what is new of a session to the store. */
  saveRecord(recorder: Recorder): Promise<void>;
  /** Called just before a message is handed to the store. */
  beforeStore(): void;
  onStored(arrival: Arrival): void;
  /** To which inboxes it goes. */
  route(mail: RoutedMail): string[];
  /** Tells the session so. */
  placeMessage(recorder: Recorder, transaction: Transaction, inboxes: string[], id: string): void;
}): Intake {
  const { store, parsing, log, storage, saveRecord, beforeStore, onStored } = parts;
  /** One after the other: what is on its way to the store is in memory twice. */
  let keeping = Promise.resolve();
  return {
    createBody() {
      const writer = store.createBody();
      const finish = (): ReturnType<typeof writer.finish> =>
        writer.finish().catch((error: unknown) => {
          storage.failed(error);
          throw error;
        });
      return { ...writer, finish };
    },
    noRoomFor(size) {
      const problem = storage.problemFor(size);
      return problem === null ? null : noRoom(problem);
    },
    keepRecord(recorder) {
      const save = (): Promise<void> =>
        saveRecord(recorder).catch((error: unknown) => log.error('A session could not be stored', error));
      return (keeping = keeping.then(save));
    },
    async received(arrival: Arrival) {
      const { transaction, recorder, user } = arrival;
      const { head } = arrival.body;
      const to = acceptedOf(transaction);
      const recipients = to.map(({ address }) => address);
      const inboxes = parts.route({ user, recipients, headers: (names) => findHeaders(head, names) });
      parts.placeMessage(recorder, transaction, inboxes, arrival.id);
      beforeStore();
      const taken = takePart(recorder);
      try {
        await store.saveMessage(
          {
            id: arrival.id,
            receivedAtUs: arrival.receivedAtUs,
            origin: 'smtp',
            transaction: transaction.n,
            lines: arrival.lines,
            body: arrival.body,
            wire: arrival.wire,
            envelope: { from: transaction.from, to },
            scanned: scanHeader(head),
            tls: arrival.tls,
            user,
            inboxes,
            tags: senderTags(head, { recipients, inboxes }),
          },
          taken.part,
        );
      } catch (error) {
        taken.failed();
        log.error(`Message ${arrival.id} could not be stored`, error);
        storage.failed(error);
        return { stored: false, reply: storageReply(error) };
      }
      storage.worked();
      taken.kept();
      parsing.add(arrival.id, arrival.body.bytes);
      onStored(arrival);
      return { stored: true };
    },
  };
}
