// Changes of long sorted lists, without a look at each row.
type Compare<T> = (a: T, b: T) => number;

/** The place of the first row that does not come before `row`. */
function placeOf<T>(rows: readonly T[], row: T, compare: Compare<T>): number {
  let [from, to] = [0, rows.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (compare(rows[middle] as T, row) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** The list with new versions of rows that are in it. */
export function replaceRows<T>(
  rows: readonly T[],
  versions: readonly T[],
  compare: Compare<T>,
): readonly T[] {
  if (versions.length === 0) return rows;
  const replaced = rows.slice();
  for (const row of versions) replaced[placeOf(rows, row, compare)] = row;
  return replaced;
}

/** The list with rows that are not in it yet; only where they fall among others is anything compared. */
export function insertRows<T>(rows: readonly T[], added: readonly T[], compare: Compare<T>): readonly T[] {
  const sorted = added.toSorted(compare);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return rows;
  const from = placeOf(rows, first, compare);
  const to = placeOf(rows, last, compare);
  const among = [...rows.slice(from, to), ...sorted].sort(compare);
  return rows.slice(0, from).concat(among, rows.slice(to));
}
