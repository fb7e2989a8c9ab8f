// What can be decided about an issue, as words.
import type { IssueState } from '../../../shared/issue.ts';

export const issueStates: readonly IssueState[] = ['open', 'acknowledged', 'resolved', 'muted'];

export const stateWords: Record<IssueState, { label: string; done: string; meaning: string; none: string }> =
  {
    open: {
      label: 'Open',
      done: 'The issue is open again',
      meaning: 'Found, and nobody has looked at it yet.',
      none: 'No issue is open',
    },
    acknowledged: {
      label: 'Acknowledged',
      done: 'Issue acknowledged',
      meaning: 'Known, and still there.',
      none: 'No issue is acknowledged',
    },
    resolved: {
      label: 'Resolved',
      done: 'Issue resolved',
      meaning: 'Mended. Found again, it is open again.',
      none: 'No issue is resolved',
    },
    muted: {
      label: 'Muted',
      done: 'Issue muted',
      meaning: 'Of no interest; it is only counted.',
      none: 'No issue is muted',
    },
  };
