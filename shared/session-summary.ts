// The part of a session that lists show.
import type { Session, SessionSummary } from './session.ts';

/** Field by field: taking the rest of an object is slow, and this is done for each message. */
export const summaryOf = (session: Session): SessionSummary => ({
  id: session.id,
  openedAt: session.openedAt,
  openedAtUs: session.openedAtUs,
  closedAt: session.closedAt,
  durationUs: session.durationUs,
  outcome: session.outcome,
  listener: session.listener,
  peer: session.peer,
  local: session.local,
  clientName: session.clientName,
  tls: session.tls,
  user: session.user,
  mechanism: session.mechanism,
  messageIds: session.messageIds,
  messages: session.messages,
  inboxes: session.inboxes,
  ...(session.inboxMessages === undefined ? {} : { inboxMessages: session.inboxMessages }),
  commands: session.commands,
  bytesIn: session.bytesIn,
  bytesOut: session.bytesOut,
  anomalies: session.anomalies,
  ...(session.findings === undefined ? {} : { findings: session.findings }),
  ...(session.faults === undefined ? {} : { faults: session.faults }),
  ended: session.ended,
  ...(session.refusal === undefined ? {} : { refusal: session.refusal }),
  // The last: see announceClosed in server/store/records/events.ts.
  ...(session.firstMail === undefined ? {} : { firstMail: session.firstMail }),
});
