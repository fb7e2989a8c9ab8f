// What rules find in a session that has ended; kept with it.
import type { Around } from '../../../shared/diagnose/session/around.ts';
import { detectInSession } from '../../../shared/diagnose/session/detect.ts';
import { summarise } from '../../../shared/diagnose/write-finding.ts';
import type { Session } from '../../../shared/session.ts';

export function noteFindings(session: Session, around: Around): void {
  const findingList = detectInSession(session, around);
  if (findingList.length === 0) return;
  session.findingList = findingList;
  const findings = summarise(findingList);
  if (findings) session.findings = findings;
}
