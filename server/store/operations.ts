// Every operation by its name: called directly in memory, and over a message channel on disk.
import { deleteMessages, markMessages, purgeStep, restoreMessages } from './changes.ts';
import type { Connection } from './connection.ts';
import { loadCounters } from './counters.ts';
import { deleteSessions, purgeSessionsStep } from './delete-sessions.ts';
import { restoreSessions } from './restore-sessions.ts';
import { readEvents } from './events.ts';
import { forgetDeleted } from './forget-deleted.ts';
import { readCodes } from './index-session.ts';
import {
  countInboxes,
  endInbox,
  forgetInbox,
  loadInboxes,
  pruneInboxStep,
  readInboxCounts,
  removeInboxToken,
  saveInbox,
  saveInboxToken,
} from './inboxes.ts';
import { countUnsearched, indexPass, indexStep } from './index-steps.ts';
import { dropIndexStep } from './emptying.ts';
import { dropPurgedStep } from './drop-purged.ts';
import { makeRoom, mergeStep } from './merging.ts';
import { repairEvents } from './event-repair.ts';
import { listUnparsed, parseAgain, saveDerived, saveMessage } from './messages.ts';
import { readBeforeSearch } from './read-before-search.ts';
import { readBeforeMarking } from './read-before-marking.ts';
import { readBeforeMerge } from './read-before-merge.ts';
import { readBeforeRemoval } from './read-before-removal.ts';
import { findBody, findMessage, listMessages } from './read-messages.ts';
import { readBlob, readTranscript } from './read-transcript.ts';
import { pruneStep } from './retention.ts';
import { sealStep } from './search-sealing.ts';
import { searchMessages } from './search-messages.ts';
import { searchSessions } from './search-sessions.ts';
import { findSession, findSessionSummary, listSessions, saveSession } from './sessions.ts';
import { readFreeBytes, writeNothing } from './room.ts';
import { shrinkStep } from './shrink.ts';
import type { Writing } from './writing.ts';

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
