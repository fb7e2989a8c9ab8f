// A search in messages as SQL. It must find exactly what shared/search/match-message.ts says yes to.
import type { MessageFieldName } from '../../shared/search/fields.ts';
import { foldText } from '../../shared/search/fold.ts';
import {
  and,
  type FieldTerm,
  type PhraseTerm,
  type Query,
  type WordTerm,
} from '../../shared/search/query.ts';
import { parseTime } from '../../shared/search/times.ts';
import { wordPattern } from '../../shared/search/word-pattern.ts';
import { parseSize } from '../../shared/units.ts';
import { compileBody, type CompileBody } from './compile-body.ts';
import {
  headerRows,
  markedRows,
  sessionCondition,
  sessionRows,
  taggedRows,
  tagRows,
} from './compile-sources.ts';
import {
  matchOf,
  messageTables,
  narrowingOf,
  rowsOfTable,
  splitWords,
  type Narrowing,
  type WordTable,
} from './compile-words.ts';
import { messageFlags } from './index-message.ts';
import {
  always,
  among,
  columnsOf,
  contains,
  isNot,
  join,
  never,
  sql,
  type SeqWindow,
  type Sql,
} from './search-sql.ts';

export interface CompileMessages extends CompileBody {
  nowUs: number;
  /** Messages that are not parsed yet are in no full-text table. */
  parsed: boolean;
}

/** What to go through, or null for the messages, and the condition on its rows. */
export interface Compiled {
  rows: Sql | null;
  condition: Sql;
}

type Compile = (term: FieldTerm, options: CompileMessages) => Sql;

const within =
  (column: string): Compile =>
  ({ value }) =>
    contains(column, foldText(value));

const flag = (bit: number): Sql => sql(`(s.flags & ${bit} <> 0)`);

/** Conditions on the session. */
const ofSession = (conditions: Sql[], word: 'AND' | 'OR', { few }: CompileMessages): Sql => {
  if (!few) return among(sessionRows(conditions, word), 's.session_seq');
  const { text, values } = join(word, conditions);
  return sql(`EXISTS (SELECT 1 FROM session_search x WHERE x.seq = s.session_seq AND ${text})`, ...values);
};

const inSession: Compile = (term, options) => {
  const condition = sessionCondition(term);
  return condition === null ? always : ofSession([condition], 'AND', options);
};

const marked =
  (mark: Parameters<typeof markedRows>[0]): Compile =>
  (_term, options) =>
    among(markedRows(mark, options));

const choices: Record<string, Compile> = {
  attachment: () => flag(messageFlags.attachment),
  html: () => flag(messageFlags.html),
  text: () => flag(messageFlags.text),
  problem: () => flag(messageFlags.problem),
  tls: () => flag(messageFlags.tls),
  auth: () => flag(messageFlags.auth),
  anomaly: inSession,
  unread: marked('read = 0'),
  // Unread in none of its inboxes; it has one, or would not be looked at.
  read: (term, options) => isNot(marked('read = 0')(term, options)),
  pinned: marked('pinned = 1'),
  tagged: (_term, options) => among(taggedRows(options)),
};
const choice: Compile = (term, options) => choices[term.value]?.(term, options) ?? never;

/** A sequence of words that ends in a short beginning. */
const sequence = (term: WordTerm | PhraseTerm, { before, start }: Narrowing, window: SeqWindow): Sql =>
  join('AND', [
    inTable('message_words', before, window),
    inTable('message_starts', start, window),
    sql(
      `coalesce((SELECT words_contain(?, s.subject, s.sender, s.recipient, s.cc, s.bcc, s.filenames, t.folded)
         FROM message_text t WHERE t.seq = s.seq), FALSE)`,
      wordPattern(term),
    ),
  ]);

const inTable = (table: WordTable, match: string, window: SeqWindow): Sql =>
  among(rowsOfTable(table, match, window));

const emptyOnly = ({ value }: FieldTerm): Sql => (foldText(value) === '' ? always : never);

const fields: Record<MessageFieldName, Compile> = {
  from: within('s.sender'),
  to: within('s.recipient'),
  cc: within('s.cc'),
  bcc: within('s.bcc'),
  rcpt: within('s.rcpt'),
  subject: within('s.subject'),
  body: (term, options) => (options.parsed ? compileBody(term.value, options) : emptyOnly(term)),
  header: (term, options) => among(headerRows(term, options)),
  attachment: within('s.attachments'),
  filename: within('s.filenames'),
  has: choice,
  is: choice,
  tag: (term, options) => among(tagRows(term, options)),
  before: ({ value }, { nowUs }) => sql('(s.received_us < ?)', parseTime(value, nowUs) ?? 0),
  after: ({ value }, { nowUs }) => sql('(s.received_us >= ?)', parseTime(value, nowUs) ?? 0),
  larger: ({ value }) => sql('(s.size > ?)', parseSize(value) ?? 0),
  smaller: ({ value }) => sql('(s.size < ?)', parseSize(value) ?? 0),
  session: ({ value }) =>
    sql('(s.session_seq = coalesce((SELECT seq FROM session WHERE id = ?), -1))', value),
  tls: (term, options) =>
    foldText(term.value) === 'none' ? isNot(flag(messageFlags.tls)) : within('s.tls')(term, options),
  auth: within('s.user'),
  mech: inSession,
  client: inSession,
  code: inSession,
};

/** What costs little is asked first: columns of the row, then rows of an index, then what has to be looked at. */
function costOf(query: Query): number {
  if (query.type === 'and' || query.type === 'or') return Math.max(...query.of.map(costOf));
  if (query.type === 'not') return costOf(query.of);
  if (query.type !== 'field') return narrowingOf(query) === null ? 2 : 3;
  if (query.field === 'body') return 3;
  return isOfSession(query) || ['header', 'tag', 'is'].includes(query.field) ? 1 : 0;
}

const isOfSession = (query: Query): boolean => sessionCondition(query) !== null;

function compileQuery(query: Query, options: CompileMessages): Sql {
  const { window, parsed } = options;
  const tables = parsed ? messageTables : [];

  function compileTerm(term: WordTerm | PhraseTerm): Sql {
    const narrowing = parsed ? narrowingOf(term) : null;
    if (narrowing === null) return contains('s.words', wordPattern(term));
    return options.few
      ? sequence(term, narrowing, window)
      : inTable('message_words', narrowing.whole, window);
  }

  /** What one statement can answer is asked in one: words of one table, conditions on the session. */
  function compileAll(members: Query[], word: 'AND' | 'OR'): Sql {
    const found: Sql[] = [];
    let rest = members;
    for (const table of tables) {
      if (word === 'AND') {
        const split = splitWords(rest, table);
        if (split.match !== null) found.push(inTable(table, split.match, window));
        rest = split.rest;
      } else {
        const matches = rest.map((member) => matchOf(member, table));
        const known = matches.filter((match) => match !== null);
        if (known.length > 0) found.push(inTable(table, known.join(' OR '), window));
        rest = rest.filter((_, at) => matches[at] === null);
      }
    }
    const within = rest.flatMap((member) => sessionCondition(member) ?? []);
    if (within.length > 1) {
      found.unshift(ofSession(within, word, options));
      rest = rest.filter((member) => !isOfSession(member));
    }
    const without = word === 'AND' ? rest.flatMap((member) => withoutSession(member)) : [];
    if (without.length > 1) {
      found.unshift(isNot(ofSession(without, 'OR', options)));
      rest = rest.filter((member) => withoutSession(member).length === 0);
    }
    const ordered = rest.toSorted((a, b) => costOf(a) - costOf(b));
    const cheap = ordered.filter((part) => costOf(part) < 2).map(compile);
    const costly = ordered.filter((part) => costOf(part) >= 2).map(compile);
    return join(word, [...cheap, ...found, ...costly]);
  }

  function compile(part: Query): Sql {
    switch (part.type) {
      case 'and':
        return compileAll(part.of, 'AND');
      case 'or':
        return compileAll(part.of, 'OR');
      case 'not':
        return isNot(compile(part.of));
      case 'field':
        return fields[part.field as MessageFieldName](part, options);
      default:
        for (const table of tables) {
          const match = matchOf(part, table);
          if (match !== null) return inTable(table, match, window);
        }
        return compileTerm(part);
    }
  }
  return compile(query);
}

function withoutSession(query: Query): Sql[] {
  const condition = query.type === 'not' ? sessionCondition(query.of) : null;
  return condition === null ? [] : [condition];
}

export function compileMessages(query: Query, options: CompileMessages): Compiled {
  if (options.parsed) {
    for (const table of messageTables) {
      const { match, rest } = splitWords(query.type === 'and' ? query.of : [query], table);
      if (match === null) continue;
      const condition = rest.length === 0 ? always : compileQuery(and(rest), options);
      // Rows of the words are gone through where nothing else has to be looked up for each.
      if (columnsOf(condition, 's').length === 0)
        return { rows: rowsOfTable(table, match, options.window), condition };
    }
  }
  return { rows: null, condition: compileQuery(query, options) };
}
