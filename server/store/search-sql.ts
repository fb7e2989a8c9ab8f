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
  /** Whether it lies nearer to the newest of the list than to the oldest. */
  isNewer: boolean;
}

export function windowOf(low: number, high: number, list: { oldest: number; newest: number }): SeqWindow {
  return { low, high, isNewer: list.newest - high < low - list.oldest };
}

/**
 * In which order a full-text table goes through a window. One that keeps no places of words passes over every row on its
 * way, and comes from the nearer end of the list; one that keeps them finds the way at once, but goes on behind the window
 * until it finds something, and leaves by the nearer end. Upwards is how they come anyhow: to say so takes a third longer.
 */
export const orderIn = ({ isNewer }: SeqWindow, keepsPlaces: boolean): string =>
  isNewer === keepsPlaces ? '' : 'ORDER BY rowid DESC';
