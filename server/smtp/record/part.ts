// The piece of a session's record that the store appends: taken from the recorder, dropped once it is kept.
import type { Session } from '../../../shared/session.ts';
import type { LinePiece } from './line-log.ts';
import type { Recorder } from './recorder.ts';

export interface TakenPart {
  part: { seq: number; session: Session; isAsBefore: boolean } & LinePiece;
  /** It is stored: memory lets go of it. */
  kept(): void;
  /** It is not: the next part carries it again. */
  failed(): void;
}

/** Takes what is not yet stored. `part.session.transactions` are those that changed since the part before. */
export function takePart(recorder: Recorder): TakenPart {
  const { log, session, transactions } = recorder;
  session.lines = log.count;
  session.truncated ||= log.truncated;
  const piece = log.take();
  const changed = transactions.take();
  const facts = `${fingerprint(session)} ${recorder.codes.size}`;
  const isAsBefore = facts === recorder.savedFacts;
  recorder.savedFacts = facts;
  return {
    part: { seq: recorder.seq, session: { ...session, transactions: changed }, isAsBefore, ...piece },
    kept: () => log.drop(piece),
    failed() {
      log.restore(piece);
      recorder.savedFacts = '';
      changed.forEach((transaction) => transactions.changed.add(transaction));
    },
  };
}

/** Other texts for other facts, so that a message on a kept connection need not store again what all before it did. */
function fingerprint(session: Session): string {
  const { ehlo, auth, anomalyList } = session;
  const used = ehlo.at(-1)?.offered.reduce((count, offer) => count + Number(offer.used), 0) ?? 0;
  const anomalies = anomalyList.reduce((count, anomaly) => count + anomaly.count, 0);
  const steps = auth.reduce((count, { steps }) => count + steps.length, auth.length);
  const { handshakes, xclient, inboxes, peer, proxy } = session;
  const counts = `${session.faults ?? 0} ${ehlo.length} ${used} ${handshakes.length} ${xclient.length} ${anomalyList.length} ${anomalies}`;
  const said = `${session.clientName}\n${session.tls}\n${session.user}\n${session.mechanism}\n${session.closedAt}`;
  const place = `${inboxes.length} ${peer.address} ${peer.port} ${proxy === null ? '' : JSON.stringify(proxy)}`;
  return `${counts} ${steps} ${session.truncated}\n${place}\n${said}`;
}
