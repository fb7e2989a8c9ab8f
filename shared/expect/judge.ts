// Judges an expectation on what was selected for it. Pure: the same messages and sessions give the same report.
import type { Message } from '../message.ts';
import type { Session } from '../session.ts';
import { expectLimits, type ParsedExpectation } from './expectation.ts';
import { messageConditions, type Condition, type Finding } from './judge-message.ts';
import { judgeRetries } from './judge-retries.ts';
import { sessionConditions } from './judge-session.ts';
import { describeCount, isOfOne, numberHolds, type Tools } from './judge-texts.ts';
import type { NumberMatch } from './matchers.ts';

export interface JudgedEvidence {
  messageId: string | null;
  sessionId: string | null;
  text: string;
  /** Numbers of lines of the session's transcript. */
  lines: number[];
}

export interface Judgement {
  path: string;
  name: string | null;
  text: string;
  held: boolean;
  pending: boolean;
  found: string;
  evidence: JudgedEvidence[];
}

/** What the query of an expectation selected, newest first. */
export interface Selected<T> {
  items: T[];
  /** Some could not be told yet: they are not parsed. */
  pending: boolean;
}

const maxEvidence = 5;
const maxLines = 10;

interface Kind<T> {
  name: 'messages' | 'sessions';
  evidence(item: T): Omit<JudgedEvidence, 'text' | 'lines'>;
}
const ofMessage: Kind<Message> = {
  name: 'messages',
  evidence: ({ id, sessionId }) => ({ messageId: id, sessionId }),
};
const ofSession: Kind<Session> = {
  name: 'sessions',
  evidence: ({ id }) => ({ messageId: null, sessionId: id }),
};

interface Entry {
  path: string;
  name: string | null;
  query: string | undefined;
  count: NumberMatch;
}

function judgeCount<T>(kind: Kind<T>, { path, name, query, count }: Entry, selected: Selected<T>): Judgement {
  const { items } = selected;
  const held = numberHolds(count, items.length);
  const which = query ? ` that ${isOfOne(count) ? 'matches' : 'match'} ${query}` : '';
  const many = items.length >= expectLimits.judged ? ' or more' : '';
  return {
    path: `${path}.count`,
    name,
    text: `${describeCount(count, kind.name)}${which}`,
    held,
    pending: !held && selected.pending,
    found: items.length === 0 ? 'there is none' : `there are ${items.length}${many}`,
    evidence: items.slice(0, maxEvidence).map((item) => ({ ...kind.evidence(item), text: '', lines: [] })),
  };
}

/** A condition over all that were selected: it must hold for each. */
function judgeEach<T>(kind: Kind<T>, entry: Entry, condition: Condition<T>, items: T[]): Judgement {
  const results = items.map((item) => ({ item, finding: condition.judge(item) }));
  const failed = results.filter(({ finding }) => !finding.held);
  const none = items.length === 0;
  const of = (named: typeof results): JudgedEvidence[] =>
    named.slice(0, maxEvidence).map(({ item, finding }) => ({
      ...kind.evidence(item),
      text: finding.found,
      lines: (finding.lines ?? []).slice(0, maxLines),
    }));
  const first = (failed[0] ?? results[0])?.finding;
  const share = failed.length > 0 && items.length > 1 ? `, in ${failed.length} of ${items.length}` : '';
  return {
    path: `${entry.path}.${condition.path}`,
    name: entry.name,
    text: condition.text,
    // Of nothing everything would be true; that is only right where there may be nothing.
    held: none ? numberHolds(entry.count, 0) : failed.length === 0,
    pending: failed.length > 0 && failed.every(({ finding }) => finding.pending ?? false),
    found: first === undefined ? `there are no ${kind.name} to judge` : `${first.found}${share}`,
    evidence: of(failed.length > 0 ? failed : results),
  };
}

function judgeRetried(entry: Entry, code: number, sessions: Session[]): Judgement {
  const finding: Finding & ReturnType<typeof judgeRetries> = judgeRetries(sessions, code);
  return {
    path: `${entry.path}.retried`,
    name: entry.name,
    text: `tried again after ${code} until stored`,
    held: finding.held,
    pending: false,
    found: finding.found,
    evidence: finding.attempts.map(({ session, lines }) => ({
      ...ofSession.evidence(session),
      text: '',
      lines: lines.slice(0, maxLines),
    })),
  };
}

/** `messages` and `sessions` hold what was selected for the expectations of the same place. */
export function judgeExpectation(
  expectation: ParsedExpectation,
  selected: { messages: Selected<Message>[]; sessions: Selected<Session>[] },
  tools: Tools,
): Judgement[] {
  const entryOf = (
    kind: string,
    n: number,
    given: { name?: string | undefined; query?: string | undefined; count?: NumberMatch | undefined },
  ): Entry => ({
    path: `${kind}.${n}`,
    name: given.name ?? null,
    query: given.query,
    count: given.count ?? { min: 1 },
  });
  const none = { items: [], pending: false };
  return [
    ...expectation.messages.flatMap((wanted, n) => {
      const entry = entryOf('messages', n, wanted);
      const chosen = selected.messages[n] ?? none;
      return [
        judgeCount(ofMessage, entry, chosen),
        ...messageConditions(wanted, tools).map((one) => judgeEach(ofMessage, entry, one, chosen.items)),
      ];
    }),
    ...expectation.sessions.flatMap((wanted, n) => {
      const entry = entryOf('sessions', n, wanted);
      const chosen = selected.sessions[n] ?? none;
      return [
        judgeCount(ofSession, entry, chosen),
        ...sessionConditions(wanted, tools).map((one) => judgeEach(ofSession, entry, one, chosen.items)),
        ...(wanted.retried ? [judgeRetried(entry, wanted.retried.after, chosen.items)] : []),
      ];
    }),
  ];
}
