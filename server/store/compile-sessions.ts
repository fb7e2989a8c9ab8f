// A search in sessions as SQL. It must find exactly what shared/search/match-session.ts says yes to.
import type { SessionFieldName } from '../../shared/search/fields.ts';
import { foldText } from '../../shared/search/fold.ts';
import type { FieldTerm, Query } from '../../shared/search/query.ts';
import { parseTime } from '../../shared/search/times.ts';
import { wordPattern } from '../../shared/search/word-pattern.ts';
import { contains, isNot, join, never, sql, type Sql } from './search-sql.ts';
import { sessionFlags } from './index-session.ts';

type Compile = (term: FieldTerm, nowUs: number) => Sql;

const within =
  (column: string): Compile =>
  ({ value }) =>
    contains(column, foldText(value));

const flag = (bit: number): Sql => sql(`(x.flags & ${bit} <> 0)`);
const choices: Record<string, Sql> = {
  message: flag(sessionFlags.message),
  tls: flag(sessionFlags.tls),
  auth: flag(sessionFlags.auth),
  anomaly: flag(sessionFlags.anomaly),
  open: sql("(x.outcome = 'open')"),
  closed: sql("(x.outcome <> 'open')"),
};
const choice: Compile = ({ value }) => choices[value] ?? never;

const fields: Record<SessionFieldName, Compile> = {
  outcome: ({ value }) => sql('(x.outcome = ?)', value),
  peer: within('x.peer'),
  listener: within('x.listener'),
  is: choice,
  has: choice,
  from: within('x.sender'),
  rcpt: within('x.rcpt'),
  tls: (term, nowUs) =>
    foldText(term.value) === 'none' ? isNot(flag(sessionFlags.tls)) : within('x.tls')(term, nowUs),
  auth: within('x.user'),
  mech: within('x.mechanism'),
  client: within('x.client'),
  code: ({ value }) => contains('x.codes', ` ${value}`),
  before: ({ value }, nowUs) => sql('(x.opened_us < ?)', parseTime(value, nowUs) ?? 0),
  after: ({ value }, nowUs) => sql('(x.opened_us >= ?)', parseTime(value, nowUs) ?? 0),
  session: ({ value }) => sql('(x.seq = coalesce((SELECT seq FROM session WHERE id = ?), -1))', value),
};

export function compileSessions(query: Query, nowUs: number): Sql {
  switch (query.type) {
    case 'and':
      return join(
        'AND',
        query.of.map((part) => compileSessions(part, nowUs)),
      );
    case 'or':
      return join(
        'OR',
        query.of.map((part) => compileSessions(part, nowUs)),
      );
    case 'not':
      return isNot(compileSessions(query.of, nowUs));
    case 'field':
      return fields[query.field as SessionFieldName](query, nowUs);
    default:
      return contains('x.words', wordPattern(query));
  }
}
