// The arithmetic of a virtual list whose rows are all of one height.

/** Rows beyond the edge, so that a quick scroll does not show empty space. */
const margin = 6;

/** Rows around a guess that are looked at one by one. */
const nearby = 500;

/** Indexes of the rows to draw: from `first` on, up to but without `end`. */
export function rowsInSight(
  count: number,
  rowHeight: number,
  top: number,
  height: number,
): { first: number; end: number } {
  const first = Math.max(0, Math.min(count, Math.floor(top / rowHeight)) - margin);
  const end = Math.min(count, Math.ceil((top + height) / rowHeight) + margin);
  return { first, end: Math.max(first, end) };
}

/**
 * Where to scroll to, so that the row at the upper edge stays there although rows came or went. What is at the very
 * top stays at the top. Where that row is gone, the next one that is still there counts.
 */
export function keepPlace<T extends { id: string }>(
  before: readonly T[],
  after: readonly T[],
  rowHeight: number,
  top: number,
): number {
  if (top <= 0 || before.length === 0) return top;
  const index = Math.min(before.length - 1, Math.floor(top / rowHeight));
  const near = placeNear(after, before[index]?.id, [index + after.length - before.length, index]);
  if (near !== undefined) return top + (near - index) * rowHeight;
  const places = new Map(after.map((row, place) => [row.id, place]));
  for (let next = index; next < before.length; next += 1) {
    const place = places.get(before[next]?.id ?? '');
    if (place !== undefined)
      return Math.max(0, top + (place - index) * rowHeight - (next - index) * rowHeight);
  }
  return top;
}

/** Mostly rows were added at the top alone, or few above: then there is no need to look at all of a long list. */
function placeNear(
  rows: readonly { id: string }[],
  id: string | undefined,
  guesses: number[],
): number | undefined {
  for (let away = 0; away <= nearby; away += 1) {
    for (const guess of guesses) {
      for (const place of [guess - away, guess + away])
        if (rows[place] && rows[place].id === id) return place;
    }
  }
  return undefined;
}
