// How much is wrong, for rows of lists.
import type { Found, FoundSummary } from '../finding.ts';

/** Of what was ranked. */
export function summarise(ranked: readonly Found[]): FoundSummary | undefined {
  const wrong = ranked.filter(({ severity }) => severity !== 'info');
  return wrong[0] === undefined ? undefined : { count: wrong.length, worst: wrong[0].severity };
}
