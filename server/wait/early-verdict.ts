// What can be said of a message and a query before the message is parsed: it matches, it does not, or nobody knows.
import type { MessageSummary } from '../../shared/message.ts';
import { termsOf, type Query, type Term } from '../../shared/search/query.ts';
import { asksCodes } from './certain.ts';

export type Verdict = boolean | null;

const shown = 20;
const ofSession = new Set(['mech', 'client', 'code']);
const ofSummary = new Set([
  'subject',
  'tag',
  'before',
  'after',
  'larger',
  'smaller',
  'session',
  'tls',
  'auth',
  'is',
]);
const isMark = (term: Term): boolean =>
  term.type === 'field' && (term.field === 'is' || term.field === 'tag');
const asksSession = (term: Term): boolean =>
  term.type === 'field' && (ofSession.has(term.field) || (term.field === 'has' && term.value === 'anomaly'));

export interface Needs {
  /** The message has to be parsed. */
  parse: boolean;
  /** Facts of its session. */
  session: boolean;
  /** The codes of its replies. */
  codes: boolean;
  /** Marks, which change later. */
  marks: boolean;
}

export function needsOf(query: Query | null): Needs {
  const terms = query === null ? [] : termsOf(query);
  return {
    parse: terms.some((term) => !asksSession(term) && !(term.type === 'field' && ofSummary.has(term.field))),
    session: terms.some(asksSession),
    codes: asksCodes(query),
    marks: terms.some(isMark),
  };
}

/** Where the term is not found in the summary: is it certain that it is not in the message? */
function isCertain(term: Term, summary: MessageSummary): boolean {
  if (term.type !== 'field' || asksSession(term)) return false;
  switch (term.field) {
    case 'rcpt':
      return summary.rcptCount <= shown;
    case 'from':
      return summary.from.length < shown;
    case 'to':
      return summary.to.length < shown;
    case 'has':
      return term.value === 'tls' || term.value === 'auth';
    default:
      return ofSummary.has(term.field);
  }
}

/** `found` says whether a term is true of what the summary tells. */
export function earlyVerdict(
  query: Query | null,
  summary: MessageSummary,
  found: (term: Term) => boolean,
): Verdict {
  if (query === null) return true;
  if (query.type === 'not') {
    const inner = earlyVerdict(query.of, summary, found);
    return inner === null ? null : !inner;
  }
  if (query.type === 'and' || query.type === 'or') {
    const decisive = query.type === 'or';
    const verdicts = query.of.map((part) => earlyVerdict(part, summary, found));
    if (verdicts.includes(decisive)) return decisive;
    return verdicts.includes(null) ? null : !decisive;
  }
  // What a summary has, the message has too; but a hidden recipient can only be told from all of To and Cc.
  if (query.type === 'field' && query.field === 'bcc') return null;
  if (found(query)) return true;
  return isCertain(query, summary) ? false : null;
}
