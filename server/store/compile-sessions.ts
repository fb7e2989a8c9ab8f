// A search in sessions as SQL. It must find exactly what shared/search/match-session.ts says yes to.
import type { SessionFieldName } from '../../shared/search/fields.ts';
import { foldText } from '../../shared/search/fold.ts';
import { and, type FieldTerm, type Query } from '../../shared/search/query.ts';
import { parseTime } from '../../shared/search/times.ts';
import { wordPattern } from '../../shared/search/word-pattern.ts';
import { matchOf, rowsOfTable, splitWords } from './compile-words.ts';
import { always, among, contains, isNot, join, never, sql, type SeqWindow, type Sql } from './search-sql.ts';
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

/** What to go through, or null for the sessions, and the condition on its rows. */
export interface Compiled {
  rows: Sql | null;
  condition: Sql;
}

interface CompileSessions {
  window: SeqWindow;
  nowUs: number;
  /** Sessions that still run are not in the full-text table. */
  ended: boolean;
}

function compileQuery(query: Query, options: CompileSessions): Sql {
  const { window, nowUs, ended } = options;
  const inTable = (match: string): Sql => among(rowsOfTable('session_words', match, window), 'x.seq');

  /** Words in one question to their table. */
  function compileAll(members: Query[]): Sql {
    const { match, rest } = ended ? splitWords(members, 'session_words') : { match: null, rest: members };
    return join('AND', [...rest.map(compile), ...(match === null ? [] : [inTable(match)])]);
  }

  function compile(part: Query): Sql {
    const match = ended ? matchOf(part, 'session_words') : null;
    if (match !== null) return inTable(match);
    switch (part.type) {
      case 'and':
        return compileAll(part.of);
      case 'or':
        return join('OR', part.of.map(compile));
      case 'not':
        return isNot(compile(part.of));
      case 'field':
        return fields[part.field as SessionFieldName](part, nowUs);
      default:
        return contains('x.words', wordPattern(part));
    }
  }
  return compile(query);
}

export function compileSessions(query: Query, options: CompileSessions): Compiled {
  const members = query.type === 'and' ? query.of : [query];
  const { match, rest } = splitWords(members, 'session_words');
  if (!options.ended || match === null) return { rows: null, condition: compileQuery(query, options) };
  return {
    rows: rowsOfTable('session_words', match, options.window),
    condition: rest.length === 0 ? always : compileQuery(and(rest), options),
  };
}
