// What is wrong with a session, told from its record alone: pure, without a clock, and cheap where nothing is.
import type { Found } from '../../finding.ts';
import type { Session } from '../../session.ts';
import { rankFound } from '../write-finding.ts';
import { findAddressProblems } from './addresses.ts';
import type { Around } from './around.ts';
import { findCleartextLogin, findLoginProblems } from './auth.ts';
import { findConnectProblems, findEarlyTalk } from './connect.ts';
import { findContentProblems, findLostMail } from './data.ts';
import { findHelloProblems, findNameProblems } from './ehlo.ts';
import { mergeFound } from './found.ts';
import { findRefusedMail } from './refused-mail.ts';
import { findTlsConduct, findTlsProblems } from './tls.ts';

/** Looks for one kind of problem in a session that has ended. */
export type Detector = (session: Session, around: Around) => Iterable<Found>;

/** What the client did by itself, whatever we answered. */
const conduct: readonly Detector[] = [
  findEarlyTalk,
  findTlsConduct,
  findNameProblems,
  findCleartextLogin,
  findAddressProblems,
  findContentProblems,
];

/** How it went: with a simulated failure in the session, that may be the cause of each of them. */
const course: readonly Detector[] = [
  findConnectProblems,
  findTlsProblems,
  findHelloProblems,
  findLoginProblems,
  findRefusedMail,
  findLostMail,
];

/** Behind the 250, so that nothing in the session comes of it. */
const isAfterwards = ({ stage }: { stage: string }): boolean => stage === 'bounce';

/** Of one kind; a hostile client can do the same a million times. */
const mostCollected = 100;

function collect(detectors: readonly Detector[], session: Session, around: Around, all: Found[]): void {
  for (const detect of detectors) {
    let left = mostCollected;
    for (const found of detect(session, around)) {
      all.push(found);
      if (--left === 0) break;
    }
  }
}

export function detectInSession(session: Session, around: Around = {}): Found[] {
  const isSimulated = session.faultList?.some((fault) => !isAfterwards(fault)) === true;
  const all: Found[] = [];
  collect(conduct, session, around, all);
  if (!isSimulated) collect(course, session, around, all);
  return all.length === 0 ? all : rankFound(mergeFound(all));
}

/** Whom findings of a session are about. */
export const subjectOf = ({ clientName, peer }: Pick<Session, 'clientName' | 'peer'>): string =>
  clientName === null || clientName === '' ? peer.address : clientName;
