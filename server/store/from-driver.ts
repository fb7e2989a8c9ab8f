// The Store over any driver: encodes what goes in, decodes what comes out, repeats what goes in steps.
import { statfs, unlink } from 'node:fs/promises';
import { createBackground } from '../background.ts';
import { nowUs } from '../clock.ts';
import type { Removed } from './changes/change-messages.ts';
import type { SessionSelection } from './changes/session-selection.ts';
import { eventPosition, formatCursor, seqOfCursor } from './cursors.ts';
import type { Driver } from './driver.ts';
import { readableEvents } from './event-log.ts';
import { removeBodyFiles, temporaryFolder } from './files/body-files.ts';
import { createBodyWriter } from './files/body-writer.ts';
import { changeInSteps, untilDone } from './in-steps.ts';
import { startIndexing } from './indexing.ts';
import { changedRows, createPace } from './pace.ts';
import { readingAhead } from './reading-ahead.ts';
import { encodeDerived, encodeMessage, summaryOfNew } from './records/encode-message.ts';
import { encodeSession } from './records/encode-session.ts';
import { searchPage } from './searching.ts';
import type { NewMessage, SessionPart, Store, StoreOptions } from './store.ts';
import { storedBody } from './stored-body.ts';
import { storedFaults } from './stored-faults.ts';
import { storedInboxes } from './stored-inboxes.ts';
import { storedIssues } from './stored-issues.ts';

/** Steps of one call; the next call goes on, so that what else there is to do has its turn. */
const stepsAtOnce = 40;

const encodedSessions = (which: { ids: string[] } | { all: true }): SessionSelection =>
  'all' in which ? which : { ids: JSON.stringify(which.ids) };

/** Merging steps of one purge, and of each later call, until the words of purged messages are gone. */
const dropSteps = { count: 4, pages: 128 };
/** Of an index that was set aside. */
const asideRows = { most: 512, first: 128, fewest: 32 };

const hadAll = ({ more }: { more: boolean }): boolean => more;

export function storeFrom(
  driver: Driver,
  { background = createBackground(), onNotice }: Pick<StoreOptions, 'background' | 'onNotice'>,
): Store {
  const indexing = startIndexing(driver, background, onNotice);

  async function removeFiles({ files }: { files: string[] }): Promise<void> {
    if (driver.bodies !== null) await removeBodyFiles(driver.bodies, files);
  }

  const ahead = readingAhead(driver);
  const purging = createPace(changedRows);
  const pruning = createPace(changedRows);
  const emptying = createPace(asideRows);
  let mayShrink = false;
  let isShrinking = false;

  async function shrink(areMore: boolean): Promise<void> {
    for (let n = 0; mayShrink && n < stepsAtOnce; n += 1) {
      const step = { areMore, isBegun: isShrinking, isQuiet: !background.isPouring() };
      const done = await driver.write('shrinkStep', step);
      isShrinking = done !== 'done';
      if (done === 'more') continue;
      mayShrink = areMore || isShrinking;
      return;
    }
  }

  /** Of very many the rest goes with the next calls. */
  async function purge(beforeUs: number): Promise<number> {
    let count = 0;
    let step: Removed | undefined;
    for (let n = 0; (step?.more ?? true) && n < stepsAtOnce; n += 1) {
      step = await purging.step(async (limit) => {
        await ahead.beforeRemoval('messages', beforeUs, limit);
        return driver.step('purgeStep', { beforeUs, limit });
      }, hadAll);
      await removeFiles(step);
      count += step.count;
    }
    let areMore = true;
    for (let n = 0; areMore && n < stepsAtOnce; n += 1) {
      const gone = await purging.step(async (limit) => {
        await ahead.beforeRemoval('sessions', beforeUs, limit);
        return driver.step('purgeSessionsStep', { beforeUs, limit });
      }, hadAll);
      areMore = gone.more;
      mayShrink ||= gone.count > 0;
    }
    for (let n = 0; n < stepsAtOnce; n += 1) {
      if (!(await emptying.step((rows) => driver.step('dropIndexStep', { rows }), Boolean))) break;
      mayShrink = true;
    }
    // While more goes, it would be in what is merged.
    for (let n = 0; step?.more === false && n < dropSteps.count; n += 1) {
      await ahead.beforeMerge();
      if (!(await driver.write('dropPurgedStep', { pages: dropSteps.pages }))) break;
    }
    mayShrink ||= count > 0;
    await shrink(step?.more === true || areMore);
    return count;
  }

  async function saveMessage(message: NewMessage, part: SessionPart | null) {
    const { body } = message;
    background.arrived();
    const summary = summaryOfNew(message, part?.session.id ?? null);
    // The caller keeps its bytes, to parse them; the copy is handed over to the writer without another.
    const bytes = body.bytes === null ? null : new Uint8Array(body.bytes);
    try {
      summary.seq = await driver.write(
        'saveMessage',
        {
          message: encodeMessage(message, summary, { bytes, file: body.file }),
          session: part === null ? null : encodeSession(part, false),
        },
        bytes === null ? [] : [bytes.buffer],
      );
    } catch (error) {
      if (body.file !== null) await unlink(body.file).catch(() => undefined);
      throw error;
    } finally {
      background.settled();
    }
    return summary;
  }

  /** What was deleted before goes with a purge. */
  async function forgetDeleted(which: SessionSelection, inbox: string | null): Promise<void> {
    const pace = createPace(changedRows);
    for (let after: number | null = 0; after !== null;) {
      const from: number = after;
      after = await pace.step((limit) => driver.step('forgetDeleted', { which, limit, inbox, after: from }));
    }
  }

  const deleteSessions: Store['deleteSessions'] = async (which, purgeNow, inbox = null) => {
    if (purgeNow) await forgetDeleted(encodedSessions(which), inbox);
    const count = await untilDone((limit) =>
      driver.step('deleteSessions', { which: encodedSessions(which), limit, inbox, purge: purgeNow }),
    );
    if (purgeNow) {
      mayShrink ||= count > 0;
      await purge(1);
    }
    return count;
  };

  return {
    id: driver.id,
    lastSessionSeq: driver.lastSessionSeq,
    createBody: () => createBodyWriter(driver.bodies === null ? null : temporaryFolder(driver.bodies)),
    saveMessage,
    async saveSession(part, closed) {
      const saved = driver.write('saveSession', { session: encodeSession(part, closed), announce: closed });
      if (!closed) return void (await saved);
      background.arrived();
      await saved.finally(() => background.settled());
      indexing.poke('session');
    },
    async saveDerived(id, derived) {
      const message = await driver.write('saveDerived', encodeDerived(id, derived));
      indexing.poke('message');
      return message;
    },
    listUnparsed: (version, limit, after = '') => driver.read('listUnparsed', { version, limit, after }),

    async listMessages({ limit, cursor, inbox, query }) {
      const below = seqOfCursor('m', cursor);
      if (query !== undefined) {
        const { messages } = await indexing.beforeSearch();
        const page = await searchPage(driver, { query, below, limit, inbox: inbox ?? null });
        return messages === 0 ? page : { ...page, notSearched: messages };
      }
      const { items, last } = await driver.read('listMessages', { below, limit, inbox: inbox ?? null });
      return { items, nextCursor: last === null ? null : formatCursor('m', last) };
    },
    findMessage: async (id, inbox = null) => (await driver.read('findMessage', { id, inbox })) ?? undefined,
    async findBody(id, inbox = null) {
      const row = await driver.read('findBody', { id, inbox });
      return row === null ? undefined : storedBody(row, driver.bodies);
    },
    async markMessages(which, marks, inbox = null) {
      if ('query' in which) await indexing.beforeChange();
      return changeInSteps(
        which,
        (step) => driver.step('markMessages', { which: step, marks, inbox }),
        ahead,
      );
    },
    async deleteMessages(which, purgeNow, inbox = null) {
      if ('query' in which) await indexing.beforeChange();
      const count = await changeInSteps(
        which,
        (step) => driver.step('deleteMessages', { which: step, purge: purgeNow, inbox }),
        ahead,
      );
      if (purgeNow && count > 0) await purge(1);
      return count;
    },
    async restoreMessages(which, inbox = null) {
      if ('query' in which) await indexing.beforeChange();
      return changeInSteps(which, (step) => driver.step('restoreMessages', { which: step, inbox }), ahead);
    },
    purgeDeleted: purge,

    async listSessions({ limit, cursor, query, inbox = null }) {
      const below = seqOfCursor('s', cursor);
      const missing = query === undefined ? 0 : (await indexing.beforeSearch()).sessions;
      const { items, last } =
        query === undefined
          ? await driver.read('listSessions', { below, limit, inbox })
          : await driver.read('searchSessions', { query, below, limit, inbox, nowUs: nowUs() });
      const nextCursor = last === null ? null : formatCursor('s', last);
      return { items, nextCursor, ...(missing === 0 ? {} : { notSearched: missing }) };
    },
    readCodes: (id) => driver.read('readCodes', { id }),
    findSessionSummary: async (id) => (await driver.read('findSessionSummary', { id })) ?? undefined,
    findSession: async (id) => (await driver.read('findSession', { id })) ?? undefined,
    readTranscript: (id, from, limit) => driver.read('readTranscript', { id, from, limit }),
    async readBlob(id, line) {
      const bytes = await driver.read('readBlob', { id, line });
      return bytes === null ? undefined : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    },
    deleteSessions,
    restoreSessions: (which, inbox = null) =>
      untilDone((limit) => driver.step('restoreSessions', { which: encodedSessions(which), limit, inbox })),

    async readEvents(since, limit, inbox = null) {
      const after = eventPosition(driver.id, since);
      const { items, nextSeq, reset } = await driver.read('readEvents', { after, limit, inbox });
      const next = `${driver.id}.${String(nextSeq)}`;
      const { items: readable, damaged, areSomeLost } = readableEvents(driver.id, items);
      // Where there is no room for it now, the next that reads them asks again.
      if (damaged.length > 0) await driver.write('repairEvents', { damaged }).catch(() => undefined);
      return { items: readable, next, reset: reset || areSomeLost };
    },
    cursor: () => `${driver.id}.${String(driver.lastEventSeq())}`,
    async counts(inbox = null) {
      if (inbox !== null) return driver.read('readInboxCounts', { name: inbox });
      const { messages, unread, sessions, messageBytes, transcriptBytes } = await driver.read(
        'readCounters',
        null,
      );
      return { messages, unread, sessions, bytes: messageBytes + transcriptBytes };
    },
    async freeBytes() {
      if (driver.bodies === null) return Infinity;
      const [{ bavail, bsize }, inside] = await Promise.all([
        statfs(driver.bodies),
        driver.read('readFreeBytes', null),
      ]);
      return bavail * bsize + inside;
    },
    async tryWriting() {
      await driver.write('writeNothing', null);
    },
    async prune(limits, nowUs) {
      const removed = { messages: 0, sessions: 0 };
      let areMore = true;
      for (let n = 0; areMore && n < stepsAtOnce; n += 1) {
        const step = await pruning.step(async (limit) => {
          await ahead.beforeRemoval('messages', null, limit);
          await ahead.beforeRemoval('sessions', null, limit);
          return driver.step('pruneStep', { limits, nowUs, limit });
        }, hadAll);
        await removeFiles(step);
        removed.messages += step.messages;
        removed.sessions += step.sessions;
        areMore = step.more;
      }
      mayShrink ||= removed.messages + removed.sessions >= changedRows.most;
      await shrink(areMore);
      return removed;
    },
    inboxes: storedInboxes(driver, { deleteSessions, purge, removeFiles }),
    faults: storedFaults(driver),
    issues: storedIssues(driver),
    async [Symbol.asyncDispose]() {
      await indexing.close();
      await driver.close();
    },
  } satisfies Store;
}
