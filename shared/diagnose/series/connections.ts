// A connection for each mail, where one would do for all.
import { subjectOf } from '../session/detect.ts';
import { makeFound } from '../session/found.ts';
import type { SeriesRule } from './series-rule.ts';
import { earlierSessions } from './evidence.ts';
import { Recent, secondsOf, withinTime, type Seen } from './recent.ts';

/** Fewer may be a test run, or people at a page. */
const fewest = 20;
const spanUs = 10_000_000;

export function createConnections(): SeriesRule {
  const recent = new Recent<Seen[]>();
  return (session) => {
    if (session.messages !== 1) return undefined;
    const key = `${session.listener} ${session.peer.address} ${subjectOf(session)}`;
    const next = { atUs: session.openedAtUs, id: session.id };
    const seen = withinTime(recent.find(key) ?? [], next, spanUs);
    recent.keep(key, seen);
    if (seen.length < fewest) return undefined;
    // Told once for each so many.
    recent.forget(key);
    return makeFound('series.connection-per-mail', {
      confidence: 0.8,
      evidence: earlierSessions(seen),
      vars: { count: seen.length, seconds: secondsOf(seen) },
    });
  };
}
