// Header fields by their name. Asked for once, they are looked at as they lie; asked for again in the same search, their
// values are gathered first.
import { addSeq } from './bits.ts';
import type { Columns } from './search-columns.ts';
import { costs, look, type Look } from './search-plan.ts';
import { sql } from './search-sql.ts';
import { bitsOf, type Stretch } from './search-stretch.ts';

interface Values {
  seqs: number[];
  /** Each between two of NUL. */
  text: string;
}

/** What a search has asked for, by name; null: once. */
const asked = new WeakMap<Columns, Map<string, Values | null>>();

const from = 'FROM header NOT INDEXED WHERE name = ? AND seq >= ? AND seq < ?';

function gather({ connection, window }: Stretch, name: string): Values {
  const row = connection
    .sql<{ seqs: string; text: string | null }>(
      `SELECT json_group_array(seq) AS seqs, char(0) || group_concat(value, char(0)) AS text ${from}`,
    )
    .get(name, window.low, window.high);
  return { seqs: JSON.parse(row?.seqs ?? '[]') as number[], text: row?.text ?? '' };
}

export const inHeader = (stretch: Stretch, name: string, folded: string): Look =>
  look(costs.header, () => {
    const { columns, window } = stretch;
    const byName = asked.get(columns) ?? new Map<string, Values | null>();
    asked.set(columns, byName);
    const before = byName.get(name);
    if (before === undefined || folded === '') {
      byName.set(name, before ?? null);
      const values = [name, window.low, window.high, folded, folded];
      return bitsOf(stretch, sql(`SELECT seq ${from} AND (? = '' OR instr(value, ?) > 0)`, ...values));
    }
    const values = before ?? gather(stretch, name);
    byName.set(name, values);
    return among(stretch, values, folded);
  });

function among({ columns }: Stretch, { seqs, text }: Values, folded: string) {
  const found = columns.none();
  for (let n = -1, start = 0, at = text.indexOf(folded); at >= 0; at = text.indexOf(folded, start)) {
    for (let next = text.indexOf('\0', start); next >= 0 && next < at; next = text.indexOf('\0', start)) {
      n += 1;
      start = next + 1;
    }
    addSeq(found, seqs[n]!);
    const end = text.indexOf('\0', start);
    if (end < 0) break;
    start = end;
  }
  return found;
}
