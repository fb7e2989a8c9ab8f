// Which issues go where there are too many.
import type { Issue, IssueState } from '../../shared/issue.ts';

/** Those that nobody looked at go first. */
const order: readonly IssueState[] = ['open', 'resolved', 'acknowledged', 'muted'];
const rank = (issue: Issue): number => order.indexOf(issue.state);

/** At most `count`, those first that were not seen for the longest time. One with a note stays: people wrote it. */
export const surplusOf = (issues: Iterable<Issue>, count: number): Issue[] =>
  [...issues]
    .filter(({ note }) => note === '')
    .sort((a, b) => rank(a) - rank(b) || (a.lastSeenAt < b.lastSeenAt ? -1 : 1))
    .slice(0, count);
