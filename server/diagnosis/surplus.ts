// Which issues go where there are too many.
import type { Issue, IssueState } from '../../shared/issue.ts';

/** Those that nobody looked at go first. */
const order: readonly IssueState[] = ['open', 'resolved', 'acknowledged', 'muted'];
const rank = (issue: Issue): number => order.indexOf(issue.state);

/** Less than this share of all issues a rule may have in any case. */
const share = 1 / 10;

/**
 * At most `count`, those first that were not seen for the longest time; of rules that have very many, sooner: some client
 * makes a new issue of each mail, and is not to drive out those of others. One with a note stays: people wrote it.
 */
export function surplusOf(issues: readonly Issue[], count: number): Issue[] {
  const ofRule = new Map<string, number>();
  for (const { rule } of issues) ofRule.set(rule, (ofRule.get(rule) ?? 0) + 1);
  const isRare = ({ rule }: Issue): number => (ofRule.get(rule)! > issues.length * share ? 0 : 1);
  return issues
    .filter(({ note }) => note === '')
    .sort((a, b) => rank(a) - rank(b) || isRare(a) - isRare(b) || (a.lastSeenAt < b.lastSeenAt ? -1 : 1))
    .slice(0, count);
}
