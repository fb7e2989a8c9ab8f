// Symptoms among what was found: a cause hides those of the same mail or login, one of the connection those of all.
import type { Found } from '../../finding.ts';
import type { Session } from '../../session.ts';
import { findRule } from '../catalogue.ts';

export interface Placed {
  found: Found;
  /** The mail or login; null: it is about the connection as a whole. */
  place: string | null;
  /** Those that the mail goes to; empty: the default one, or it is about none. */
  inboxes: string;
}

const ofConnection = new Set(['connect', 'greeting', 'ehlo', 'tls']);

const lineOf = ({ evidence }: Found): number | null => {
  for (const one of evidence) {
    if (one.kind === 'line') return one.n;
    if (one.kind === 'absence' && one.after !== null) return one.after;
  }
  return null;
};

/** By the first line of its evidence. */
export function placeOf(found: Found, { auth, transactions }: Session): string | null {
  if (ofConnection.has(findRule(found.rule)!.stage)) return null;
  const line = lineOf(found);
  if (line === null) return null;
  const mail = transactions.find(
    ({ firstLine, lastLine }) => line >= firstLine && line <= (lastLine ?? line),
  );
  if (mail) return `mail ${mail.n}`;
  const login = auth.findLast((attempt) => attempt.line <= line);
  return login && line <= (login.steps.at(-1)?.line ?? login.line) ? `login ${login.line}` : 'elsewhere';
}

export function withoutSymptoms(all: readonly Placed[]): Found[] {
  const anywhere = new Set<string>();
  const byPlace = new Map<string | null, Set<string>>();
  for (const { found, place } of all)
    for (const symptom of findRule(found.rule)?.suppresses ?? []) {
      anywhere.add(symptom);
      byPlace.set(place, (byPlace.get(place) ?? new Set()).add(symptom));
    }
  const isSymptom = ({ found: { rule }, place }: Placed): boolean =>
    place === null
      ? anywhere.has(rule)
      : byPlace.get(place)?.has(rule) === true || byPlace.get(null)?.has(rule) === true;
  return all.filter((one) => !isSymptom(one)).map(({ found }) => found);
}
