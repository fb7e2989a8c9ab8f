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
  /** Whether it lies nearer to the newest of the index than to the oldest. */
  isNewer: boolean;
  /** To go back to it from the newest is the shorter way, though each row takes longer so. */
  isFarFromOldest: boolean;
  /** So little of the index lies below it, or above, that a full-text table need not be told where it begins, or ends. */
  isLowOpen: boolean;
  isHighOpen: boolean;
}

/** SQLite compares each row with a bound that it has given to the table: eight times that, and it could have been read. */
const opensAt = 1 / 8;
/** What a row takes more downwards than upwards, as passing over so many upwards. */
const downwards = 2.5;

export function windowOf(low: number, high: number, index: { oldest: number; newest: number }): SeqWindow {
  const below = low - index.oldest;
  const above = index.newest + 1 - high;
  const width = high - low;
  return {
    ...{ low, high, isNewer: above <= below },
    isFarFromOldest: below > downwards * (width + above),
    isLowOpen: below <= width * opensAt,
    isHighOpen: above <= width * opensAt,
  };
}

/** Which rows of a full-text table are wanted, as far as it is worth it: others may come too. */
export function boundsOf({ low, high, isLowOpen, isHighOpen }: SeqWindow, rowsOfSeq = 1): Sql {
  const first = isLowOpen ? [] : [BigInt(low * rowsOfSeq)];
  const last = isHighOpen ? [] : [BigInt(high * rowsOfSeq) - 1n];
  const text = `${isLowOpen ? '' : 'AND rowid >= ?'} ${isHighOpen ? '' : 'AND rowid <= ?'}`;
  return sql(text, ...first, ...last);
}

/**
 * In which order a full-text table goes through a window. One that keeps no places of words passes over every row on its
 * way, and comes from the end that is reached sooner; one that keeps them finds the way at once, but goes on behind the
 * window until it finds something, and leaves by the nearer end. Upwards is how they come anyhow: to say so takes a third
 * longer.
 */
export const orderIn = ({ isNewer, isFarFromOldest }: SeqWindow, keepsPlaces: boolean): string =>
  (keepsPlaces ? isNewer : !isFarFromOldest) ? '' : 'ORDER BY rowid DESC';
