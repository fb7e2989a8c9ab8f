// What several sessions show together: fed with each that has ended, it tells what the newest one makes plain.
import type { Found } from '../../finding.ts';
import type { Session } from '../../session.ts';
import { createAgain } from './again.ts';
import { createConnections } from './connections.ts';
import { createLogins } from './logins.ts';
import { createRetries } from './retries.ts';
import type { SeriesRule } from './series-rule.ts';

export interface Series {
  add(session: Session): Found[];
}

export function createSeries(): Series {
  const rules: SeriesRule[] = [createConnections(), createLogins(), createAgain(), createRetries()];
  return { add: (session) => rules.flatMap((rule) => rule(session) ?? []) };
}
