// Where an index knows which messages a term is about: statements that select their seqs.
import { foldText } from '../../shared/search/fold.ts';
import type { FieldTerm, Query } from '../../shared/search/query.ts';
import { gramMatch, rowsOfMessage } from './grams.ts';
import { contains, join, sql, type SeqWindow, type Sql } from './search-sql.ts';

export interface SourceOptions {
  window: SeqWindow;
  /** A condition on message_inbox: whether deleted messages are meant, or those that are not. */
  which: string;
}

export const headerRows = ({ header, value }: FieldTerm, { window }: SourceOptions): Sql =>
  sql(
    'SELECT seq FROM header WHERE name = ? AND seq >= ? AND seq < ? AND instr(value, ?) > 0',
    foldText(header ?? ''),
    window.low,
    window.high,
    foldText(value),
  );

export const tagRows = ({ value }: FieldTerm, { window }: SourceOptions): Sql =>
  sql(
    'SELECT seq FROM message_tag WHERE folded = ? AND seq >= ? AND seq < ?',
    foldText(value),
    window.low,
    window.high,
  );

export const taggedRows = ({ window }: SourceOptions): Sql =>
  sql('SELECT seq FROM message_tag WHERE seq >= ? AND seq < ?', window.low, window.high);

export const markedRows = (
  mark: 'read = 0' | 'read = 1' | 'pinned = 1',
  { window, which }: SourceOptions,
): Sql =>
  sql(
    `SELECT seq FROM message_inbox i WHERE ${mark} AND ${which} AND seq >= ? AND seq < ?`,
    window.low,
    window.high,
  );

/** The messages that have all pieces of three letters; null where the value has none. */
export function gramRows(value: string, { window }: SourceOptions): { rows: Sql; isExact: boolean } | null {
  const grams = gramMatch(value);
  if (grams === null) return null;
  const rows = sql(
    `SELECT rowid / ${rowsOfMessage} AS seq FROM message_grams WHERE message_grams MATCH ? AND rowid BETWEEN ? AND ?`,
    grams.match,
    BigInt(window.low) * BigInt(rowsOfMessage),
    BigInt(window.high) * BigInt(rowsOfMessage) - 1n,
  );
  return { rows, isExact: grams.isExact };
}

/** A condition on the session of a message, as one on session_search; null where any value will do. */
export function sessionCondition(query: Query): Sql | null {
  if (query.type !== 'field') return null;
  const { field, value } = query;
  const folded = foldText(value);
  switch (field) {
    case 'mech':
      return folded === '' ? null : contains('mechanism', folded);
    case 'client':
      return folded === '' ? null : contains('client', folded);
    case 'code':
      return contains('codes', ` ${value}`);
    default:
      return field === 'has' && value === 'anomaly' ? sql('(flags & 8 <> 0)') : null;
  }
}

/** What messages are asked about their sessions lies together in an index of its own. */
export const sessionRows = (conditions: Sql[], word: 'AND' | 'OR'): Sql => {
  const { text, values } = join(word, conditions);
  return sql(
    `SELECT seq FROM session_search INDEXED BY session_search_narrow WHERE seq > 0 AND ${text}`,
    ...values,
  );
};
