// Repeats measurements within a time: always once, then as long as another round is likely to fit.

/** @param round called with the number of the round; servers rotate by it. The first may do more than the others. */
export async function repeat(count, seconds, round) {
  const startedAt = performance.now();
  let last = 0;
  for (let n = 0; n < count; n++) {
    const roundAt = performance.now();
    if (n > 0 && roundAt - startedAt + (n > 1 ? last : 0) > seconds * 1000) return n;
    await round(n);
    last = performance.now() - roundAt;
  }
  return count;
}

/** So that no server always has the quietest or the warmest place. */
export const rotate = (list, by) => list.map((_, index) => list[(index + by) % list.length]);

/** Results of all sections: rows of the table, each with the values of all rounds by server. */
export function createResults() {
  const rows = new Map();
  const notes = [];
  return {
    rows,
    notes,
    /** `better`: whether more or less is better, for the ratios; null where there is nothing to compare. */
    add(key, { title, unit, better = null }, server, value) {
      if (value === null || value === undefined) return;
      const row = rows.get(key) ?? { title, unit, better, values: {} };
      rows.set(key, row);
      (row.values[server] ??= []).push(value);
    },
    note: (text) => notes.push(text),
  };
}
