// A condition with the values that are bound to its question marks, in order. What a user typed is only ever bound.

export interface Sql {
  text: string;
  values: unknown[];
}

export const sql = (text: string, ...values: unknown[]): Sql => ({ text, values });

/** A text as a string of the full-text query language. */
export const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** Seqs from `low` on and below `high`: a search goes back in time from window to window, until its page is full. */
export interface SeqWindow {
  low: number;
  high: number;
}
