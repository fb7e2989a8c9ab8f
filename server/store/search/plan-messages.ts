// A search in messages as looks. It must find exactly what shared/search/match-message.ts says yes to.
import type { MessageFieldName } from '../../../shared/search/fields.ts';
import { foldText } from '../../../shared/search/fold.ts';
import type { FieldTerm, PhraseTerm, Query, WordTerm } from '../../../shared/search/query.ts';
import { parseTime } from '../../../shared/search/times.ts';
import { wordPattern } from '../../../shared/search/word-pattern.ts';
import { parseSize } from '../../../shared/units.ts';
import { messageFlags } from '../index/index-message.ts';
import { messageCorpus } from '../index/search-blocks.ts';
import { sql } from '../index/search-sql.ts';
import { findOpenSequence, findSequence } from './find-sequence.ts';
import { inBody } from './plan-body.ts';
import { inHeader } from './plan-header.ts';
import { ofSession } from './plan-session-terms.ts';
import { inAny, inTable, planWords } from './plan-words.ts';
import { costs, look, not, type Plan } from './search-plan.ts';
import { hasFlag, inColumn, inNumber, inRows, inText, nothing, type Stretch } from './search-stretch.ts';
import { knownWords, matchOf, messageWordTables, narrowingOf } from './words-match.ts';

export interface MessageStretch extends Stretch {
  /** A condition on message_inbox: whether deleted messages are meant, or those that are not. */
  which: string;
}

type Make = (term: FieldTerm, stretch: MessageStretch) => Plan;

const within =
  (column: string): Make =>
  ({ value }, stretch) =>
    inColumn(stretch, messageCorpus, column, value);

const flag =
  (bit: number): Make =>
  (_term, stretch) =>
    hasFlag(stretch, bit);

const inWindow = (stretch: MessageStretch, cost: number, text: string, ...values: unknown[]): Plan =>
  inRows(
    stretch,
    cost,
    sql(`${text} AND seq >= ? AND seq < ?`, ...values, stretch.window.low, stretch.window.high),
  );

const marked =
  (mark: 'read = 0' | 'pinned = 1'): Make =>
  (_term, stretch) =>
    inWindow(stretch, costs.index, `SELECT seq FROM message_inbox i WHERE ${mark} AND ${stretch.which}`);

const choices: Record<string, Make> = {
  attachment: flag(messageFlags.attachment),
  html: flag(messageFlags.html),
  text: flag(messageFlags.text),
  problem: flag(messageFlags.problem),
  tls: flag(messageFlags.tls),
  auth: flag(messageFlags.auth),
  finding: flag(messageFlags.finding),
  anomaly: ofSession,
  unread: marked('read = 0'),
  // Unread in none of its inboxes; it has one, or would not be looked at.
  read: (term, stretch) => not(marked('read = 0')(term, stretch)),
  pinned: marked('pinned = 1'),
  tagged: (_term, stretch) => inWindow(stretch, costs.index, 'SELECT seq FROM message_tag WHERE TRUE'),
};
const choice: Make = (term, stretch) => choices[term.value]?.(term, stretch) ?? nothing(stretch);

const number =
  (column: string, fits: (term: FieldTerm, stretch: MessageStretch) => (value: number) => boolean): Make =>
  (term, stretch) =>
    inNumber(stretch, column, fits(term, stretch));

const fields: Record<MessageFieldName, Make> = {
  from: within('sender'),
  to: within('recipient'),
  cc: within('cc'),
  bcc: within('bcc'),
  rcpt: within('rcpt'),
  subject: within('subject'),
  body: ({ value }, stretch) => inBody(stretch, value),
  header: ({ header, value }, stretch) => inHeader(stretch, foldText(header ?? ''), foldText(value)),
  attachment: within('attachments'),
  filename: within('filenames'),
  has: choice,
  is: choice,
  tag: ({ value }, stretch) =>
    inWindow(stretch, costs.index, 'SELECT seq FROM message_tag WHERE folded = ?', foldText(value)),
  before: number('received_us', ({ value }, { nowUs }) => {
    const time = parseTime(value, nowUs) ?? 0;
    return (at) => at < time;
  }),
  after: number('received_us', ({ value }, { nowUs }) => {
    const time = parseTime(value, nowUs) ?? 0;
    return (at) => at >= time;
  }),
  larger: number('size', ({ value }) => {
    const limit = parseSize(value) ?? 0;
    return (size) => size > limit;
  }),
  smaller: number('size', ({ value }) => {
    const limit = parseSize(value) ?? 0;
    return (size) => size < limit;
  }),
  session: number('session_seq', ({ value }, { connection }) => {
    const session = connection.sql<{ seq: number }>('SELECT seq FROM session WHERE id = ?').get(value);
    return (seq) => seq === session?.seq;
  }),
  tls: (term, stretch) =>
    foldText(term.value) === 'none'
      ? not(flag(messageFlags.tls)(term, stretch))
      : within('tls')(term, stretch),
  auth: within('user'),
  mech: ofSession,
  client: ofSession,
  code: ofSession,
};

export function planMessages(query: Query, stretch: MessageStretch): Plan {
  const tables = stretch.finished ? messageWordTables : [];
  const { startOf } = stretch;

  function planTerm(term: WordTerm | PhraseTerm): Plan {
    const narrowing = stretch.finished ? narrowingOf(term, startOf) : null;
    if (narrowing === null) return inText(stretch, 'words', wordPattern(term));
    return look(costs.read, (within) => findOpenSequence(stretch, term, narrowing, within));
  }

  /** Words of one table are asked for in one statement. */
  function planAll(members: Query[], type: 'and' | 'or'): Plan {
    const plans: Plan[] = [];
    let rest = members;
    for (const table of tables) {
      if (type === 'and') {
        const known = planWords(stretch, table, rest);
        plans.push(...known.plans);
        rest = known.rest;
      } else {
        const known = knownWords(rest, table, startOf);
        if (known.length > 0) plans.push(inAny(stretch, table, known));
        rest = rest.filter((member) => !known.some(({ query }) => query === member));
      }
    }
    return { type, of: [...plans, ...rest.map(plan)] };
  }

  function plan(part: Query): Plan {
    switch (part.type) {
      case 'and':
      case 'or':
        return planAll(part.of, part.type);
      case 'not':
        return not(plan(part.of));
      case 'field':
        return fields[part.field as MessageFieldName](part, stretch);
      default:
        for (const table of tables) {
          const match = matchOf(part, table, startOf);
          if (match === null) continue;
          return table === 'message_words'
            ? look(costs.words, (within) => findSequence(stretch, part, match, within))
            : inTable(stretch, table, match);
        }
        return planTerm(part);
    }
  }
  return plan(query);
}
