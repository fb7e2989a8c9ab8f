// Which sessions a deletion, or its undoing, is about.
import type { OneInbox } from '../records/in-inbox.ts';
import type { Writing } from '../sqlite/writing.ts';

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

/** The row as it is kept while the deletion can be taken back; what is derived from it is made anew. */
export const keptColumns =
  'seq, id, opened_us, closed_us, outcome, listener, peer, client_name, user, bytes, summary, facts, codes';

/** What was selected by ids or is of all, at most so many. */
export function selectSessions(
  writing: Writing,
  table: string,
  condition: string,
  values: string[],
  { which, limit }: SessionStep,
): number {
  const selected = isSelected(which, 'id');
  writing.sql('DELETE FROM temp.selection').run();
  return writing
    .sql(
      `INSERT INTO temp.selection
       SELECT seq FROM ${table} WHERE ${selected.text} AND ${condition} ORDER BY seq LIMIT ?`,
    )
    .run(...selected.values, ...values, limit).changes;
}
