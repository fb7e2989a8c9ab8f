// Every operation by its name: called directly in memory, and over a message channel on disk.
import { deleteMessages, markMessages, purgeStep, restoreMessages } from './changes/change-messages.ts';
import { deleteSessions, purgeSessionsStep } from './changes/delete-sessions.ts';
import { endInbox, pruneInboxStep } from './changes/end-inbox.ts';
import { forgetDeleted } from './changes/forget-deleted.ts';
import { readBeforeMarking } from './changes/read-before-marking.ts';
import { readBeforeRemoval } from './changes/read-before-removal.ts';
import { restoreSessions } from './changes/restore-sessions.ts';
import { pruneStep } from './changes/retention.ts';
import { shrinkStep } from './changes/shrink.ts';
import { dropPurgedStep } from './index/drop-purged.ts';
import { dropIndexStep } from './index/emptying.ts';
import { readCodes } from './index/index-session.ts';
import { countUnsearched, indexPass, indexStep } from './index/index-steps.ts';
import { makeRoom, mergeStep } from './index/merging.ts';
import { readBeforeMerge } from './index/read-before-merge.ts';
import { readBeforeSearch } from './index/read-before-search.ts';
import { sealStep } from './index/search-sealing.ts';
import { countInboxes, readInboxCounts } from './records/count-inboxes.ts';
import { repairEvents } from './records/event-repair.ts';
import { readEvents } from './records/events.ts';
import { loadFaults, removeFaults, saveFault } from './records/faults.ts';
import { loadInboxes, forgetInbox, removeInboxToken, saveInbox, saveInboxToken } from './records/inboxes.ts';
import { loadIssues, removeIssues, saveIssues } from './records/issues.ts';
import { listUnparsed, parseAgain, saveDerived, saveMessage } from './records/messages.ts';
import { findBody, findMessage, listMessages } from './records/read-messages.ts';
import { readBlob, readTranscript } from './records/read-transcript.ts';
import { findSession, findSessionSummary, listSessions, saveSession } from './records/sessions.ts';
import { searchMessages } from './search/search-messages.ts';
import { searchSessions } from './search/search-sessions.ts';
import type { Connection } from './sqlite/connection.ts';
import { loadCounters } from './sqlite/counters.ts';
import { readFreeBytes, writeNothing } from './sqlite/room.ts';
import type { Writing } from './sqlite/writing.ts';

export const writes = {
  saveMessage,
  saveSession,
  saveDerived,
  parseAgain,
  repairEvents,
  markMessages,
  deleteMessages,
  restoreMessages,
  purgeStep,
  deleteSessions,
  forgetDeleted,
  restoreSessions,
  purgeSessionsStep,
  pruneStep,
  shrinkStep,
  writeNothing,
  indexStep,
  indexPass,
  makeRoom,
  mergeStep,
  sealStep,
  dropIndexStep,
  dropPurgedStep,
  saveInbox,
  saveInboxToken,
  removeInboxToken,
  endInbox,
  forgetInbox,
  pruneInboxStep,
  saveFault,
  removeFaults,
  saveIssues,
  removeIssues,
} satisfies Record<string, (writing: Writing, input: never) => unknown>;

export const reads = {
  listMessages,
  searchMessages,
  readBeforeSearch,
  readBeforeMarking,
  readBeforeMerge,
  readBeforeRemoval,
  findMessage,
  findBody,
  listUnparsed,
  listSessions,
  searchSessions,
  findSession,
  findSessionSummary,
  readCodes,
  readTranscript,
  readBlob,
  readEvents,
  countUnsearched,
  loadInboxes,
  loadFaults,
  loadIssues,
  readInboxCounts,
  countInboxes,
  readFreeBytes,
  readCounters: (connection: Connection, _input: null) => loadCounters(connection),
} satisfies Record<string, (connection: Connection, input: never) => unknown>;

type Table = Record<string, (connection: never, input: never) => unknown>;
export type InputOf<T extends Table, N extends keyof T> = Parameters<T[N]>[1];
export type OutputOf<T extends Table, N extends keyof T> = ReturnType<T[N]>;
export type Writes = typeof writes;
export type Reads = typeof reads;

type Untyped = (connection: Connection, input: unknown) => unknown;

/** Input and output are typed at the driver; between there and here lies a channel. */
export const runWrite = (writing: Writing, name: keyof Writes, input: unknown): unknown =>
  (writes[name] as unknown as Untyped)(writing, input);

/** In one transaction, so that its statements see one state. */
export function runRead(connection: Connection, name: keyof Reads, input: unknown): unknown {
  const { sql } = connection;
  sql('BEGIN').run();
  try {
    return (reads[name] as unknown as Untyped)(connection, input);
  } finally {
    sql('COMMIT').run();
  }
}
