// What is wrong with a session, told from its record alone: pure, without a clock, and cheap where nothing is.
import type { Found } from '../../finding.ts';
import type { Session } from '../../session.ts';
import { rankFound } from '../write-finding.ts';
import { findTlsProblems } from './tls.ts';

/** Looks for one kind of problem in a session that has ended. */
export type Detector = (session: Session) => Iterable<Found>;

const detectors: readonly Detector[] = [findTlsProblems];

export const detectInSession = (session: Session): Found[] =>
  rankFound(detectors.flatMap((detect) => [...detect(session)]));

/** Whom findings of a session are about. */
export const subjectOf = ({ clientName, peer }: Pick<Session, 'clientName' | 'peer'>): string =>
  clientName === null || clientName === '' ? peer.address : clientName;
