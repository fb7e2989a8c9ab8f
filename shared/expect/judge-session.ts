// The conditions of an expectation on one session.
import type { Severity } from '../finding.ts';
import type { Anomaly, Session } from '../session.ts';
import { tlsVersions, type SessionExpectation } from './expectation.ts';
import { badFindings, findingsText } from './judge-findings.ts';
import type { Condition, Finding } from './judge-message.ts';
import { describeCount, describeText, numberHolds, quote, textHolds, type Tools } from './judge-texts.ts';
import { anomalySeverity, isBelow } from './severity.ts';

/** Of the handshakes that failed, else of those that succeeded. */
function handshakeLines({ handshakes }: Session): number[] {
  const failed = handshakes.filter(({ ok }) => !ok);
  return (failed.length > 0 ? failed : handshakes).map(({ line }) => line);
}

const accepted = ({ auth }: Session) => auth.filter(({ ok }) => ok);
const triedText = ({ auth }: Session): string =>
  auth.length === 0
    ? 'there was no AUTH'
    : auth
        .slice(0, 5)
        .map(
          ({ mechanism, user, reason }) =>
            `${mechanism} ${user === null ? '' : `as ${quote(user)} `}(${reason})`,
        )
        .join(', ');

function tlsFinding(session: Session, wanted: NonNullable<SessionExpectation['tls']>): Finding {
  const reason = session.handshakes.find(({ failure }) => failure !== null)?.failure?.text;
  const found = session.tls ?? (reason ? `the handshake failed: ${reason}` : 'there was no TLS');
  const versions: readonly string[] = tlsVersions;
  const held =
    wanted === 'none'
      ? session.tls === null
      : session.tls !== null && versions.indexOf(session.tls) >= versions.indexOf(wanted.min);
  return { held, found, lines: handshakeLines(session) };
}

function authConditions({ mechanism, user }: SessionExpectation, tools: Tools): Condition<Session>[] {
  const all: Condition<Session>[] = [];
  const judge = (session: Session, fits: (attempt: Session['auth'][number]) => boolean): Finding => ({
    held: accepted(session).some(fits),
    found: triedText(session),
    lines: session.auth.map(({ line }) => line),
  });
  if (mechanism !== undefined)
    all.push({
      path: 'mechanism',
      text: `authenticated by ${mechanism}`,
      judge: (session) =>
        judge(session, (attempt) => attempt.mechanism.toUpperCase() === mechanism.toUpperCase()),
    });
  if (user !== undefined)
    all.push({
      path: 'user',
      text: `authenticated as a user whose name ${describeText(user)}`,
      judge: (session) =>
        judge(session, (attempt) => attempt.user !== null && textHolds(user, attempt.user, tools)),
    });
  return all;
}

/** That there is none; a session that still runs may yet have one. */
function noneOf(texts: string[], lines: number[], { ended }: Session): Finding {
  const isNone = texts.length === 0;
  const none = ended === null ? 'none so far, and the session still runs' : 'none';
  const pending = isNone && ended === null;
  return { held: isNone && ended !== null, found: isNone ? none : texts.join(' '), pending, lines };
}

const anomaliesOf = ({ anomalyList }: Session, isMeant: (anomaly: Anomaly) => boolean) => {
  const there = anomalyList.filter(isMeant);
  const told = (anomaly: Anomaly): string => `${anomaly.kind}: ${anomaly.text}`;
  return { there, told, lines: there.flatMap(({ line }) => line ?? []) };
};

/** An anomaly is one even where no rule says what to do about it. */
function findingsOf(session: Session, below: Severity): Finding {
  const { texts, lines } = badFindings(session.findingList, below);
  const odd = anomaliesOf(session, ({ kind }) => !isBelow(anomalySeverity[kind], below));
  const oddTexts = odd.there.map((one) => `${anomalySeverity[one.kind]} ${odd.told(one)}`);
  return noneOf([...texts, ...oddTexts], [...lines, ...odd.lines], session);
}

function endConditions({ outcome, quit, anomalies, findings }: SessionExpectation): Condition<Session>[] {
  const all: Condition<Session>[] = [];
  if (outcome !== undefined) {
    const wanted = [outcome].flat();
    all.push({
      path: 'outcome',
      text: `the outcome is ${wanted.join(' or ')}`,
      judge: (session) => ({
        held: wanted.includes(session.outcome),
        found: `${session.outcome}${session.ended ? `: ${session.ended.text}` : ''}`,
        pending: session.outcome === 'open',
      }),
    });
  }
  if (quit !== undefined)
    all.push({
      path: 'quit',
      text: quit ? 'the client said QUIT' : 'the client left without QUIT',
      judge: ({ ended }) => ({
        held: ended !== null && (ended.how === 'quit') === quit,
        found: ended?.text ?? 'the session still runs',
        pending: ended === null,
      }),
    });
  if (anomalies !== undefined) {
    const kinds: string[] | null = anomalies === 'none' ? null : anomalies.not;
    all.push({
      path: 'anomalies',
      text: kinds === null ? 'there are no anomalies' : `there is no ${kinds.join(', ')}`,
      judge(session) {
        const odd = anomaliesOf(session, ({ kind }) => kinds === null || kinds.includes(kind));
        return noneOf(odd.there.map(odd.told), odd.lines, session);
      },
    });
  }
  if (findings !== undefined) {
    const { below } = findings;
    all.push({
      path: 'findings',
      text: findingsText(below),
      judge: (session) => findingsOf(session, below),
    });
  }
  return all;
}

export function sessionConditions(wanted: SessionExpectation, tools: Tools): Condition<Session>[] {
  const { tls, clientName, messages } = wanted;
  const all: Condition<Session>[] = [];
  if (tls !== undefined)
    all.push({
      path: 'tls',
      text: tls === 'none' ? 'the session is in clear' : `TLS is ${tls.min} at least`,
      judge: (session) => tlsFinding(session, tls),
    });
  all.push(...authConditions(wanted, tools));
  if (clientName !== undefined)
    all.push({
      path: 'clientName',
      text: `the client's name ${describeText(clientName)}`,
      judge: (session) => ({
        held: session.clientName !== null && textHolds(clientName, session.clientName, tools),
        found: session.clientName === null ? 'it gave none' : `it is ${quote(session.clientName)}`,
        lines: session.ehlo.slice(-1).map(({ line }) => line),
      }),
    });
  if (messages !== undefined)
    all.push({
      path: 'messages',
      text: `${describeCount(messages, 'messages')} over one connection`,
      judge: (session) => ({
        held: numberHolds(messages, session.messages),
        found: String(session.messages),
        pending: session.outcome === 'open',
        lines: session.transactions.slice(0, 10).map(({ firstLine }) => firstLine),
      }),
    });
  all.push(...endConditions(wanted));
  return all;
}
