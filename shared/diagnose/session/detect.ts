// What is wrong with a session, told from its record alone: pure, without a clock, and cheap where nothing is.
import type { Found } from '../../finding.ts';
import type { Session } from '../../session.ts';
import { linesOf } from '../evidence-lines.ts';
import { worstFirst } from '../write-finding.ts';
import { findOddCommands } from './addresses.ts';
import type { Around } from './around.ts';
import { findCleartextLogin, findLoginProblems } from './auth.ts';
import { findConnectProblems, findEarlyTalk } from './connect.ts';
import { findLostMail } from './data.ts';
import { findHelloProblems, findNameProblems } from './ehlo.ts';
import { mergeFound } from './found.ts';
import type { MailsFound } from './mail-detector.ts';
import { MailFindings } from './mails.ts';
import { findNoRecipient } from './refused-mail.ts';
import { placeOf, withoutSymptoms, type Placed } from './symptoms.ts';
import { findTlsConduct, findTlsProblems } from './tls.ts';

/** Looks for one kind of problem in a session that has ended. */
export type Detector = (session: Session, around: Around) => Iterable<Found>;

/** What the client did by itself, whatever we answered. */
const conduct: readonly Detector[] = [
  findEarlyTalk,
  findTlsConduct,
  findNameProblems,
  findCleartextLogin,
  findOddCommands,
];

/** How it went: with a simulated failure in the session, that may be the cause of each of them. */
const course: readonly Detector[] = [
  findConnectProblems,
  findTlsProblems,
  findHelloProblems,
  findLoginProblems,
];

/** The same, behind what is found in each mail. */
const courseOfMail: readonly Detector[] = [findNoRecipient, findLostMail];

/** Behind the 250, so that nothing in the session comes of it. */
const isAfterwards = ({ stage }: { stage: string }): boolean => stage === 'bounce';

/** Of one kind; the record has at most some hundreds of logins and names. */
const mostCollected = 200;

/** Those that the mail goes to which it is about. */
function inboxesOf({ transactions }: Session, { evidence }: Found): string {
  const [first] = evidence.flatMap(linesOf);
  const within = first === undefined ? undefined : transactions.findLast(({ from }) => from.line <= first);
  return within?.inboxes?.join() ?? '';
}

function collect(detectors: readonly Detector[], session: Session, around: Around, all: Placed[]): void {
  for (const detect of detectors) {
    let left = mostCollected;
    for (const found of detect(session, around)) {
      all.push({ found, place: placeOf(found, session), inboxes: inboxesOf(session, found) });
      if (--left === 0) break;
    }
  }
}

export function detectInSession(session: Session, around: Around = {}): Found[] {
  const isSimulated = session.faultList?.some((fault) => !isAfterwards(fault)) === true;
  const mails: MailsFound = around.mails ?? new MailFindings();
  mails.look(session.transactions, session);
  const all: Placed[] = [];
  collect(conduct, session, around, all);
  all.push(...mails.conduct);
  if (!isSimulated) {
    collect(course, session, around, all);
    all.push(...mails.course);
    collect(courseOfMail, session, around, all);
  }
  if (all.length === 0) return [];
  const inboxes = new Map(all.map((one) => [one.found, one.inboxes]));
  return worstFirst(mergeFound(withoutSymptoms(all), (found) => inboxes.get(found) ?? ''));
}

/** Whom findings of a session are about. */
export const subjectOf = ({ clientName, peer }: Pick<Session, 'clientName' | 'peer'>): string =>
  clientName === null || clientName === '' ? peer.address : clientName;
