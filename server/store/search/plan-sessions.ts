// A search in sessions as looks. It must find exactly what shared/search/match-session.ts says yes to.
import type { SessionFieldName } from '../../../shared/search/fields.ts';
import { foldText } from '../../../shared/search/fold.ts';
import type { FieldTerm, Query } from '../../../shared/search/query.ts';
import { parseTime } from '../../../shared/search/times.ts';
import { wordPattern } from '../../../shared/search/word-pattern.ts';
import { sessionFlags } from '../index/index-session.ts';
import { sessionCorpus } from '../index/search-blocks.ts';
import { inTable, planWords } from './plan-words.ts';
import { costs, look, not, type Plan } from './search-plan.ts';
import { hasFlag, inColumn, inNumber, inRows, inText, nothing, type Stretch } from './search-stretch.ts';
import { matchOf } from './words-match.ts';

type Make = (term: FieldTerm, stretch: Stretch) => Plan;

const within =
  (column: string): Make =>
  ({ value }, stretch) =>
    inColumn(stretch, sessionCorpus, column, value);

const flag =
  (bit: number): Make =>
  (_term, stretch) =>
    hasFlag(stretch, bit);

const outcome = (stretch: Stretch, value: string): Plan =>
  look(costs.text, (within) => stretch.columns.withText('outcome', value, within, 'whole'));

const choices: Record<string, Make> = {
  message: flag(sessionFlags.message),
  tls: flag(sessionFlags.tls),
  auth: flag(sessionFlags.auth),
  anomaly: flag(sessionFlags.anomaly),
  fault: flag(sessionFlags.fault),
  finding: flag(sessionFlags.finding),
  open: (_term, stretch) => outcome(stretch, 'open'),
  closed: (_term, stretch) => not(outcome(stretch, 'open')),
};
const choice: Make = (term, stretch) => choices[term.value]?.(term, stretch) ?? nothing(stretch);

const fields: Record<SessionFieldName, Make> = {
  outcome: ({ value }, stretch) => outcome(stretch, value),
  peer: within('peer'),
  listener: within('listener'),
  is: choice,
  has: choice,
  from: within('sender'),
  rcpt: within('rcpt'),
  tls: (term, stretch) =>
    foldText(term.value) === 'none'
      ? not(flag(sessionFlags.tls)(term, stretch))
      : within('tls')(term, stretch),
  auth: within('user'),
  mech: within('mechanism'),
  client: within('client'),
  code: ({ value }, stretch) => inText(stretch, 'codes', ` ${value}`),
  before({ value }, stretch) {
    const time = parseTime(value, stretch.nowUs) ?? 0;
    return inNumber(stretch, 'opened_us', (at) => at < time);
  },
  after({ value }, stretch) {
    const time = parseTime(value, stretch.nowUs) ?? 0;
    return inNumber(stretch, 'opened_us', (at) => at >= time);
  },
  session({ value }, stretch) {
    const { connection, window } = stretch;
    const found = connection.sql<{ seq: number }>('SELECT seq FROM session WHERE id = ?').get(value);
    if (found === undefined || found.seq < window.low || found.seq >= window.high) return nothing(stretch);
    return inRows(stretch, costs.index, { text: 'SELECT ? AS seq', values: [BigInt(found.seq)] });
  },
};

export function planSessions(query: Query, stretch: Stretch): Plan {
  const { startOf } = stretch;

  function planAll(members: Query[]): Plan {
    const { plans, rest } = stretch.finished
      ? planWords(stretch, 'session_words', members)
      : { plans: [], rest: members };
    return { type: 'and', of: [...plans, ...rest.map(plan)] };
  }

  function plan(part: Query): Plan {
    const match = stretch.finished ? matchOf(part, 'session_words', startOf) : null;
    if (match !== null) return inTable(stretch, 'session_words', match);
    switch (part.type) {
      case 'and':
        return planAll(part.of);
      case 'or':
        return { type: 'or', of: part.of.map(plan) };
      case 'not':
        return not(plan(part.of));
      case 'field':
        return fields[part.field as SessionFieldName](part, stretch);
      default:
        return inText(stretch, 'words', wordPattern(part));
    }
  }
  return plan(query);
}
