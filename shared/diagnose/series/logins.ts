// The same login that is refused again and again.
import { makeFound } from '../session/found.ts';
import type { SeriesRule } from './series-rule.ts';
import { earlierSessions } from './evidence.ts';
import { Recent, secondsOf, withinTime, type Seen } from './recent.ts';

const fewest = 5;
const spanUs = 60_000_000;

export function createLogins(): SeriesRule {
  const recent = new Recent<Seen[]>();
  return (session) => {
    const { auth, peer, faultList } = session;
    // A refusal that was simulated says nothing of the login.
    if (faultList) return undefined;
    const refused = auth.findLast(({ ok, code }) => !ok && code !== null && code >= 500 && code !== 504);
    if (!refused || refused.user === null) return undefined;
    const key = `${peer.address} ${refused.user}`;
    if (auth.some(({ ok }) => ok)) return void recent.forget(key);
    const seen = withinTime(recent.find(key) ?? [], { atUs: session.openedAtUs, id: session.id }, spanUs);
    recent.keep(key, seen);
    if (seen.length < fewest) return undefined;
    recent.forget(key);
    return makeFound('series.login-repeated', {
      confidence: 0.85,
      evidence: [{ kind: 'line', n: refused.line }, ...earlierSessions(seen).slice(-4)],
      vars: { user: refused.user, count: seen.length, seconds: secondsOf(seen) },
    });
  };
}
