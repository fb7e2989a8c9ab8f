// Header fields by their name. Asked for once in a search, they are looked at as they lie; asked for more often, their
// values are gathered first.
import { sql } from '../index/search-sql.ts';
import { addSeq, type Bits } from './bits.ts';
import type { Columns } from './search-columns.ts';
import { costs, look, type Look } from './search-plan.ts';
import { bitsOf, type Stretch } from './search-stretch.ts';

interface Asked {
  times: number;
  gathered: Gathered | null;
}

/** The values of all fields of a name, NUL behind each but the last; there is none in them. */
interface Gathered {
  values: string;
  /** Where each value begins, and of which message it is: told when one is found. */
  places: { starts: Uint32Array; seqs: number[] } | null;
}

const separator = '\0';

/** What a search asks for, by name. */
const asked = new WeakMap<Columns, Map<string, Asked>>();

function ask(columns: Columns, name: string): Asked {
  const byName = asked.get(columns) ?? new Map<string, Asked>();
  asked.set(columns, byName);
  const known = byName.get(name) ?? { times: 0, gathered: null };
  byName.set(name, known);
  known.times += 1;
  return known;
}

const from = 'FROM header NOT INDEXED WHERE name = ? AND seq >= ? AND seq < ?';

/** GLOB looks through a value in two thirds of the time of instr(), but where much of a long text is there, again and again. */
const longestGlob = 64;
/** GLOB takes these three for the same. */
const alike = /[\ufffd-\uffff]/;
const anywhere = (folded: string): [condition: string, value: string] =>
  folded.length > longestGlob || alike.test(folded)
    ? ['instr(value, ?) > 0', folded]
    : ['value GLOB ?', `*${folded.replace(/[*?[]/g, '[$&]')}*`];

export function inHeader(stretch: Stretch, name: string, folded: string): Look {
  const { connection, columns, window } = stretch;
  const known = ask(columns, name);
  const asked = [name, window.low, window.high];
  const gather = (of: string): string =>
    connection.sql<{ all: string | null }>(`SELECT ${of} AS "all" ${from}`).get(...asked)?.all ?? '';
  return look(costs.header, () => {
    if (folded === '') return bitsOf(stretch, sql(`SELECT seq ${from}`, ...asked));
    if (known.times === 1) {
      const [condition, value] = anywhere(folded);
      return bitsOf(stretch, sql(`SELECT seq ${from} AND ${condition}`, ...asked, value));
    }
    known.gathered ??= { values: gather('group_concat(value, char(0))'), places: null };
    return among(
      columns,
      known.gathered,
      folded,
      () => JSON.parse(gather('json_group_array(seq)')) as number[],
    );
  });
}

function among(columns: Columns, gathered: Gathered, folded: string, seqsOf: () => number[]): Bits {
  const found = columns.none();
  const { values } = gathered;
  for (let at = values.indexOf(folded); at >= 0;) {
    const { starts, seqs } = (gathered.places ??= placesOf(values, seqsOf()));
    const nth = lastUpTo(starts, at);
    addSeq(found, seqs[nth]!);
    const next = starts[nth + 1];
    at = next === undefined ? -1 : values.indexOf(folded, next);
  }
  return found;
}

function placesOf(values: string, seqs: number[]): NonNullable<Gathered['places']> {
  const starts = new Uint32Array(seqs.length);
  for (let nth = 1; nth < starts.length; nth += 1)
    starts[nth] = values.indexOf(separator, starts[nth - 1]) + 1;
  return { starts, seqs };
}

/** The place of the last of the ascending numbers that is not above the given one. */
function lastUpTo(numbers: Uint32Array, most: number): number {
  let [low, high] = [0, numbers.length];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! <= most) low = middle;
    else high = middle;
  }
  return low;
}
