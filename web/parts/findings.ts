// What rules found of a session or a message, in a few words for its row. Those of `notice` are said where it is open.
import type { FoundSummary } from '../../shared/finding.ts';

interface Checked {
  findings?: FoundSummary | undefined;
}

/** Whether something is wrong that fails with servers that people use, or worse. */
export const isSerious = ({ findings }: Checked): boolean =>
  findings !== undefined && findings.worst !== 'notice';

export const toneOfFindings = ({ findings }: Checked): 'bad' | 'warn' =>
  findings?.worst === 'warning' ? 'warn' : 'bad';

/** What is counted; the count stands before it. */
export const nameFindings = ({ findings }: Checked): string =>
  `${findings?.count === 1 ? 'finding' : 'findings'}, the worst: ${findings?.worst ?? ''}`;
