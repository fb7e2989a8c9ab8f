// A condition with the values that are bound to its question marks, in order. What a user typed is only ever bound.

export interface Sql {
  text: string;
  values: unknown[];
}

export const sql = (text: string, ...values: unknown[]): Sql => ({ text, values });

export const never = sql('FALSE');
export const always = sql('TRUE');

export const isNot = ({ text, values }: Sql): Sql => sql(`NOT ${text}`, ...values);

export const join = (word: 'AND' | 'OR', parts: Sql[]): Sql =>
  sql(`(${parts.map(({ text }) => text).join(` ${word} `)})`, ...parts.flatMap(({ values }) => values));

/** The text stands somewhere in the column. Not LIKE: there is nothing in it to escape. */
export const contains = (column: string, folded: string): Sql => sql(`(instr(${column}, ?) > 0)`, folded);

/** A text as a string of the full-text query language. */
export const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** Seqs from `low` on and below `high`: a search goes back in time from window to window, until its page is full. */
export interface SeqWindow {
  low: number;
  high: number;
}

/** Rows that a statement selects by their seq. The plus: they are looked up, and never what is gone through. */
export const among = (rows: Sql, seq = 's.seq'): Sql => sql(`(+${seq} IN (${rows.text}))`, ...rows.values);

/** The columns, beside seq, that a condition looks at in the table of that alias. */
export const columnsOf = ({ text }: Sql, alias: 's' | 'x'): string[] =>
  [...text.matchAll(/\b([a-z])\.(\w+)/g)].flatMap(([, of, column]) =>
    of === alias && column !== 'seq' ? [column!] : [],
  );
