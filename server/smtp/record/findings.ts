// What rules find in a session that has ended; kept with it.
import type { Around } from '../../../shared/diagnose/session/around.ts';
import { detectInSession } from '../../../shared/diagnose/session/detect.ts';
import type { MailFindings } from '../../../shared/diagnose/session/mails.ts';
import { summarise } from '../../../shared/diagnose/summarise.ts';
import type { Found } from '../../../shared/finding.ts';
import type { Session } from '../../../shared/session.ts';
import type { Transaction } from '../../../shared/transaction.ts';

/** A mistake in a rule must not keep a session from being stored: then it has no findings. */
function detect(session: Session, around: Around): Found[] {
  try {
    return detectInSession(session, around);
  } catch {
    return [];
  }
}

export function noteFindings(session: Session, around: Around): void {
  const findingList = detect(session, around);
  if (findingList.length === 0) return;
  session.findingList = findingList;
  const findings = summarise(findingList);
  if (findings) session.findings = findings;
}

/** What is found in mails that leave memory before their session ends. */
export function noteMails(
  transactions: readonly Transaction[],
  session: Session,
  findings: MailFindings,
): void {
  try {
    findings.look(transactions, session);
  } catch {
    // As above: the session goes on without.
  }
}
