// Other sessions as evidence.
import type { Evidence } from '../../finding.ts';
import type { Seen } from './recent.ts';

const mostShown = 5;

/** The last ones but the newest, which is the one that the finding is about. */
export const earlierSessions = (seen: readonly Seen[]): Evidence[] =>
  seen
    .slice(0, -1)
    .slice(-mostShown)
    .map(({ id }) => ({ kind: 'session', id }));
