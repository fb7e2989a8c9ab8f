// Words of a query as looks at a full-text table, each of which is one statement for all that it can say.
import type { Query } from '../../../shared/search/query.ts';
import { findAny } from './any-word.ts';
import { costs, look, not, type Look, type Plan } from './search-plan.ts';
import { inRows, type Stretch } from './search-stretch.ts';
import { rowsOfTable, splitWords, type KnownWords, type WordTable } from './words-match.ts';

export const inTable = (stretch: Stretch, table: WordTable, match: string): Look =>
  inRows(stretch, costs.words, rowsOfTable(table, match, stretch.window));

/** Any of the words. */
export const inAny = (stretch: Stretch, table: WordTable, known: KnownWords[]): Look =>
  look(costs.words, (within) => findAny(stretch, table, known, within));

/** All of the members must hold: those that the table knows as plans, and the others. */
export function planWords(
  stretch: Stretch,
  table: WordTable,
  members: Query[],
): { plans: Plan[]; rest: Query[] } {
  const { match, unwanted, rest } = splitWords(members, table, stretch.startOf);
  const plans: Plan[] = [];
  if (match !== null) plans.push(inTable(stretch, table, match));
  if (unwanted.length > 0) plans.push(not(inAny(stretch, table, unwanted)));
  return { plans, rest };
}
