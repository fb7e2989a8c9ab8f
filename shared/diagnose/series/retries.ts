// A mail that was put off with 4xx and comes again at once.
import type { Session } from '../../session.ts';
import type { Transaction } from '../../transaction.ts';
import { makeFound } from '../session/found.ts';
import type { SeriesRule } from './series-rule.ts';
import { earlierSessions } from './evidence.ts';
import { Recent, secondsOf, withinTime, type Seen } from './recent.ts';

/** One more try at once is what people do. */
const fewest = 4;
const spanUs = 30_000_000;

interface PutOff {
  code: number;
  to: string;
  line: number;
}

const isForNow = (code: number | undefined): boolean =>
  code !== undefined && code >= 400 && code < 500 && code !== 421;

function findPutOff({ from, recipients, reply, data, firstLine }: Transaction): PutOff | undefined {
  const refused = recipients.find((one) => isForNow(one.reply?.code));
  if (refused) return { code: refused.reply!.code, to: refused.address, line: refused.line };
  const code = [from.reply?.code, reply?.code].find(isForNow);
  return code === undefined
    ? undefined
    : { code, to: recipients[0]?.address ?? '', line: data?.line ?? firstLine };
}

const lastPutOff = ({ transactions }: Session): { mail: Transaction; put: PutOff } | undefined => {
  const mail = transactions.at(-1);
  const put = mail && findPutOff(mail);
  return mail && put && { mail, put };
};

/** That it was put off may have been simulated; how it comes again is its own. */
export function createRetries(): SeriesRule {
  const recent = new Recent<Seen[]>();
  return (session) => {
    const found = lastPutOff(session);
    if (!found) return undefined;
    const { mail, put } = found;
    const key = `${session.peer.address}\n${mail.from.address}\n${put.to}`.slice(0, 1000);
    const seen = withinTime(recent.find(key) ?? [], { atUs: session.openedAtUs, id: session.id }, spanUs);
    recent.keep(key, seen);
    if (seen.length < fewest) return undefined;
    recent.forget(key);
    return makeFound('series.retried-at-once', {
      confidence: 0.8,
      evidence: [{ kind: 'line', n: put.line }, ...earlierSessions(seen).slice(-4)],
      vars: { to: put.to, code: put.code, count: seen.length, seconds: secondsOf(seen) },
    });
  };
}
