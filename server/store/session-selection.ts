// Which sessions a deletion, or its undoing, is about.
import type { OneInbox } from './in-inbox.ts';

/** `ids` is a JSON array. */
export type SessionSelection = { ids: string } | { all: true };

/** One step of a change of many. */
export interface SessionStep {
  which: SessionSelection;
  limit: number;
  inbox: OneInbox;
}

export interface Step {
  count: number;
  more: boolean;
}

/** A condition on the column of a session's id, and what is bound to it. */
export const isSelected = (which: SessionSelection, column: string): { text: string; values: string[] } =>
  'all' in which
    ? { text: 'TRUE', values: [] }
    : { text: `${column} IN (SELECT value FROM json_each(?))`, values: [which.ids] };
