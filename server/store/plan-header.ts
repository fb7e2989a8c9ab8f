// Header fields by their name. Asked for once in a search, they are looked at as they lie; asked for more often, their
// values are gathered first.
import { addSeq, type Bits } from './bits.ts';
import type { Columns } from './search-columns.ts';
import { costs, look, type Look } from './search-plan.ts';
import { sql } from './search-sql.ts';
import { bitsOf, type Stretch } from './search-stretch.ts';

interface Asked {
  times: number;
  /** Of each field NUL, the seq of its message, `afterSeq`, and its value, in which there is no NUL. */
  fields: string | null;
}

const afterSeq = '\u0001';

/** What a search asks for, by name. */
const asked = new WeakMap<Columns, Map<string, Asked>>();

function ask(columns: Columns, name: string): Asked {
  const byName = asked.get(columns) ?? new Map<string, Asked>();
  asked.set(columns, byName);
  const known = byName.get(name) ?? { times: 0, fields: null };
  byName.set(name, known);
  known.times += 1;
  return known;
}

const from = 'FROM header NOT INDEXED WHERE name = ? AND seq >= ? AND seq < ?';

const gather = ({ connection, window }: Stretch, name: string): string =>
  connection
    .sql<{ fields: string | null }>(`SELECT group_concat(char(0) || seq || ? || value, '') AS fields ${from}`)
    .get(afterSeq, name, window.low, window.high)?.fields ?? '';

export function inHeader(stretch: Stretch, name: string, folded: string): Look {
  const { columns, window } = stretch;
  const known = ask(columns, name);
  return look(costs.header, () => {
    if (folded === '' || known.times === 1) {
      const values = [name, window.low, window.high, folded, folded];
      return bitsOf(stretch, sql(`SELECT seq ${from} AND (? = '' OR instr(value, ?) > 0)`, ...values));
    }
    known.fields ??= gather(stretch, name);
    return among(stretch, known.fields, folded);
  });
}

function among({ columns }: Stretch, fields: string, folded: string): Bits {
  const found = columns.none();
  for (let at = fields.indexOf(folded); at >= 0;) {
    const start = fields.lastIndexOf('\0', at);
    const value = fields.indexOf(afterSeq, start) + 1;
    if (at >= value) addSeq(found, Number(fields.slice(start + 1, value - 1)));
    const next = at >= value ? fields.indexOf('\0', at) : value;
    at = next < 0 ? -1 : fields.indexOf(folded, next);
  }
  return found;
}
