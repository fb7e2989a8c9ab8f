// What becomes of an issue when its problem is found: for the first time, or once more.
import { findRule } from '../../shared/diagnose/catalogue.ts';
import { fillTemplate, titledSentences } from '../../shared/diagnose/fill-template.ts';
import { fingerprintOf } from '../../shared/diagnose/write-finding.ts';
import type { Found } from '../../shared/finding.ts';
import type { Issue } from '../../shared/issue.ts';
import { isAsBad } from '../../shared/severity.ts';
import { isoOf } from '../clock.ts';

/** Where and when something was found, and whom it is about. */
export interface Place {
  subject: string;
  sessionId: string | null;
  messageId: string | null;
  atUs: number;
  /** Where that took some time: when it began, so what it is told with was set up before. */
  sinceUs?: number;
}

export interface Sighting extends Place {
  fingerprint: string;
  found: Found;
}

const mostSubject = 300;
const mostText = 4000;

/** Problems of one rule in one session or message: more of them are the same mistake in many places. */
const mostOfRule = 5;

/** One of each problem, however often it is in the session or message. What is only worth knowing makes no issue. */
export function sightingsOf(all: readonly Found[], place: Place): Sighting[] {
  const byPrint = new Map<string, Sighting>();
  const ofRule = new Map<string, number>();
  for (const found of all) {
    if (found.severity === 'info' || findRule(found.rule) === undefined) continue;
    const fingerprint = fingerprintOf(found, place.subject);
    // The worst comes first.
    const count = ofRule.get(found.rule) ?? 0;
    if (count === mostOfRule || byPrint.has(fingerprint)) continue;
    ofRule.set(found.rule, count + 1);
    byPrint.set(fingerprint, { ...place, fingerprint, found });
  }
  return [...byPrint.values()];
}

/** Only with the values that tell issues apart: an issue stays when the mail is gone, and is not to say what that said. */
function wordsOf({ found }: Sighting): Pick<Issue, 'title' | 'stage' | 'text'> {
  const { title, stage, explanation, identity = [] } = findRule(found.rule)!;
  const known = Object.entries(found.vars).filter(
    ([name, value]) => identity.includes(name) && !String(value).includes('@'),
  );
  const text = titledSentences(fillTemplate(explanation, Object.fromEntries(known)), title);
  return { title, stage, text: text.slice(0, mostText) };
}

export function firstSeen(id: string, sighting: Sighting): Issue {
  const { fingerprint, found, subject, sessionId, messageId } = sighting;
  const at = isoOf(sighting.atUs);
  return {
    ...{ id, fingerprint, rule: found.rule, ...wordsOf(sighting) },
    ...{ severity: found.severity, subject: subject.slice(0, mostSubject).replaceAll(/\p{Cc}/gu, '\uFFFD') },
    ...{ state: 'open', note: '', count: 1, reopened: 0 },
    ...{ firstSeenAt: at, lastSeenAt: at, sessionId, messageId, changedAt: null },
  };
}

export const sinceUsOf = ({ sinceUs, atUs }: Place): number => sinceUs ?? atUs;

/** Open again where it was mended; not by what began before that, and ended or was looked at later. */
export function ifBack(issue: Issue, sinceUs: number): Issue {
  const { state, resolvedAt, changedAt, reopened } = issue;
  const mendedAt = resolvedAt ?? changedAt;
  const isBack = state === 'resolved' && (mendedAt === null || isoOf(sinceUs) > mendedAt);
  return isBack ? { ...issue, state: 'open', reopened: reopened + 1 } : issue;
}

export function seenAgain(issue: Issue, sighting: Sighting): Issue {
  const { found, sessionId, messageId } = sighting;
  const at = isoOf(sighting.atUs);
  const isNewest = at >= issue.lastSeenAt;
  // One literal, since several that are spread take three times as long. The words are the same each time.
  const seen: Issue = {
    ...issue,
    severity: isAsBad(found.severity, issue.severity) ? found.severity : issue.severity,
    count: issue.count + 1,
    lastSeenAt: isNewest ? at : issue.lastSeenAt,
    sessionId: isNewest ? sessionId : issue.sessionId,
    messageId: isNewest ? messageId : issue.messageId,
  };
  return ifBack(seen, sinceUsOf(sighting));
}
