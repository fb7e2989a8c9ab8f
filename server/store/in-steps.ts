// Long changes, step by step until nothing is left: mail comes in between.
import type { Changed, EncodedSelection } from './changes/message-selection.ts';
import { changedRows, createPace, type Timed } from './pace.ts';
import type { ReadingAhead } from './reading-ahead.ts';
import type { MessageSelection } from './store.ts';

/** Rows that are only marked. */
const markedRows = { most: 2000, fewest: 200 };
/** Rows that are looked at, where few match. */
const searchedRows = { most: 262_144, first: 2000, fewest: 128 };

/** Changes messages; resolves with the number of them. */
export async function changeInSteps(
  which: MessageSelection,
  step: (which: EncodedSelection) => Promise<Timed<Changed>>,
  ahead: ReadingAhead,
): Promise<number> {
  if ('ids' in which) return (await step({ ids: JSON.stringify(which.ids) })).value.count;
  const pace = createPace('query' in which ? searchedRows : markedRows);
  let count = 0;
  let next: Changed['next'] | undefined;
  do {
    const changed: Changed = await pace.step(async (limit) => {
      // Which rows match a query is found by the step itself.
      if ('all' in which) await ahead.beforeMarking(next?.after ?? 0, limit);
      return step({ ...which, ...next, limit });
    });
    count += changed.count;
    next = changed.next;
  } while (next !== null);
  return count;
}

/** Resolves with the number of what the steps did. */
export async function untilDone(
  step: (limit: number) => Promise<Timed<{ count: number; more: boolean }>>,
): Promise<number> {
  const pace = createPace(changedRows);
  let count = 0;
  for (;;) {
    const done = await pace.step(step);
    count += done.count;
    if (!done.more) return count;
  }
}
