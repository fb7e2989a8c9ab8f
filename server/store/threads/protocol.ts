// The messages between the main thread and the workers of the disk driver.
import type { StoredEvent } from '../event-log.ts';
import type { Damage } from '../sqlite/damage.ts';
import type { Failure } from '../sqlite/failures.ts';

export interface ForTests {
  /** The disk is full with so many pages. */
  maxPages?: number;
  /** From here on another thread writes the log into the database, and what a step reads is read ahead. */
  largePages?: number;
  /** A reader lets go of its memory map when it has not been asked for so long. */
  mapIdleMs?: number;
  /** The second reader ends when nobody has searched for so long, and the maps go. */
  searchIdleMs?: number;
  /** From here on a database is made ready for the first search. */
  largeBytes?: number;
}

/** After that time nobody is searching any more. */
export const usualSearchIdleMs = 60_000;

export interface WorkerOptions extends ForTests {
  role: 'writer' | 'reader';
  folder: string;
  atUs: number;
}

export interface Opened {
  storeId: string;
  lastSessionSeq: number;
  lastEventSeq: number;
  notices: string[];
}

export interface Request {
  id: number;
  /** `close` is for the worker itself. */
  name: string;
  input: unknown;
  atUs: number;
}

export type Answer =
  | { id: number; value: unknown }
  /** Objects go faster as text. */
  | { id: number; json: string }
  | { id: number; failure: Failure };

export type FromWorker =
  | { kind: 'opened'; opened: Opened }
  | { kind: 'refused'; message: string }
  | { kind: 'damage'; damage: Damage }
  /** Another thread should write some of the log into the database. */
  | { kind: 'checkpoint' }
  /** `tookUs`: what the writer took for all of them, with the commit. */
  | { kind: 'answers'; answers: Answer[]; events: StoredEvent[]; tookUs?: number };
