// A search in messages as SQL. It must find exactly what shared/search/match-message.ts says yes to.
import type { MessageFieldName } from '../../shared/search/fields.ts';
import { foldText } from '../../shared/search/fold.ts';
import {
  termsOf,
  type FieldTerm,
  type PhraseTerm,
  type Query,
  type WordTerm,
} from '../../shared/search/query.ts';
import { parseTime } from '../../shared/search/times.ts';
import { wordPattern } from '../../shared/search/word-pattern.ts';
import { parseSize } from '../../shared/units.ts';
import {
  matchOf,
  narrowingOf,
  splitWords,
  wordTables,
  type Narrowing,
  type WordTable,
} from './compile-words.ts';
import { gramMatch, rowsOfMessage } from './grams.ts';
import { messageFlags } from './index-message.ts';
import { always, contains, isNot, join, never, sql, type SeqWindow, type Sql } from './search-sql.ts';

export interface CompileMessages {
  window: SeqWindow;
  nowUs: number;
  /** A condition on message_inbox: whether deleted messages are meant, or those that are not. */
  which: string;
  /** Messages that are not parsed yet are in no full-text table. */
  parsed: boolean;
}

type Compile = (term: FieldTerm, options: CompileMessages) => Sql;

const within =
  (column: string): Compile =>
  ({ value }) =>
    contains(column, foldText(value));

const flag = (bit: number): Sql => sql(`(s.flags & ${bit} <> 0)`);

const ofSession = (condition: Sql): Sql =>
  sql(`(s.session_seq IN (SELECT seq FROM session_search WHERE ${condition.text}))`, ...condition.values);

const inSession =
  (column: string): Compile =>
  ({ value }) => {
    const folded = foldText(value);
    return folded === '' ? always : ofSession(contains(column, folded));
  };

const marked =
  (mark: 'read = 0' | 'read = 1' | 'pinned = 1'): Compile =>
  (_term, { which, window }) =>
    sql(
      `(s.seq IN (SELECT seq FROM message_inbox i WHERE ${mark} AND ${which} AND seq >= ? AND seq < ?))`,
      window.low,
      window.high,
    );

const choices: Record<string, Compile> = {
  attachment: () => flag(messageFlags.attachment),
  html: () => flag(messageFlags.html),
  text: () => flag(messageFlags.text),
  problem: () => flag(messageFlags.problem),
  tls: () => flag(messageFlags.tls),
  auth: () => flag(messageFlags.auth),
  anomaly: () => ofSession(sql('flags & 8 <> 0')),
  unread: marked('read = 0'),
  // Read in all its inboxes. The first half alone would do in one inbox, and is quick where little is read.
  read: (term, options) =>
    join('AND', [marked('read = 1')(term, options), isNot(marked('read = 0')(term, options))]),
  pinned: marked('pinned = 1'),
  tagged: () => sql('EXISTS (SELECT 1 FROM message_tag t WHERE t.seq = s.seq)'),
};
const choice: Compile = (term, options) => choices[term.value]?.(term, options) ?? never;

const body: Compile = ({ value }, { window, parsed }) => {
  const folded = foldText(value);
  if (folded === '') return always;
  if (!parsed) return never;
  const isThere = sql(
    'coalesce((SELECT body_contains(d.text, d.html, ?) FROM message_detail d WHERE d.seq = s.seq), FALSE)',
    folded,
  );
  const grams = gramMatch(value);
  if (grams === null) return isThere;
  const candidates = sql(
    `(s.seq IN (SELECT rowid / ${rowsOfMessage} FROM message_grams WHERE message_grams MATCH ?
       AND rowid BETWEEN ? AND ?))`,
    grams.match,
    BigInt(window.low) * BigInt(rowsOfMessage),
    BigInt(window.high) * BigInt(rowsOfMessage) - 1n,
  );
  return grams.isExact ? candidates : join('AND', [candidates, isThere]);
};

const inTable = (table: WordTable, match: string, { low, high }: SeqWindow): Sql =>
  sql(
    `(s.seq IN (SELECT rowid FROM ${table} WHERE ${table} MATCH ? AND rowid BETWEEN ? AND ?))`,
    match,
    BigInt(low),
    BigInt(high) - 1n,
  );

/** A sequence of words that ends in a short beginning. */
const sequence = (term: WordTerm | PhraseTerm, { before, start }: Narrowing, window: SeqWindow): Sql =>
  join('AND', [
    inTable('message_words', before, window),
    inTable('message_starts', start, window),
    sql(
      `coalesce((SELECT words_contain(?, s.subject, s.sender, s.recipient, s.cc, s.bcc, s.filenames, d.text, d.html)
         FROM message_detail d WHERE d.seq = s.seq), FALSE)`,
      wordPattern(term),
    ),
  ]);

const header: Compile = ({ header: name, value }, { window }) =>
  sql(
    `(s.seq IN (SELECT seq FROM header WHERE name = ? AND seq >= ? AND seq < ? AND instr(value, ?) > 0))`,
    foldText(name ?? ''),
    window.low,
    window.high,
    foldText(value),
  );

const fields: Record<MessageFieldName, Compile> = {
  from: within('s.sender'),
  to: within('s.recipient'),
  cc: within('s.cc'),
  bcc: within('s.bcc'),
  rcpt: within('s.rcpt'),
  subject: within('s.subject'),
  body,
  header,
  attachment: within('s.attachments'),
  filename: within('s.filenames'),
  has: choice,
  is: choice,
  tag: ({ value }, { window }) =>
    sql(
      '(s.seq IN (SELECT seq FROM message_tag WHERE folded = ? AND seq >= ? AND seq < ?))',
      foldText(value),
      window.low,
      window.high,
    ),
  before: ({ value }, { nowUs }) => sql('(s.received_us < ?)', parseTime(value, nowUs) ?? 0),
  after: ({ value }, { nowUs }) => sql('(s.received_us >= ?)', parseTime(value, nowUs) ?? 0),
  larger: ({ value }) => sql('(s.size > ?)', parseSize(value) ?? 0),
  smaller: ({ value }) => sql('(s.size < ?)', parseSize(value) ?? 0),
  session: ({ value }) =>
    sql('(s.session_seq = coalesce((SELECT seq FROM session WHERE id = ?), -1))', value),
  tls: (term, options) =>
    foldText(term.value) === 'none' ? isNot(flag(messageFlags.tls)) : within('s.tls')(term, options),
  auth: within('s.user'),
  mech: inSession('mechanism'),
  client: inSession('client'),
  code: ({ value }) => ofSession(contains('codes', ` ${value}`)),
};

/** What costs little is asked first. */
function costOf(query: Query): number {
  if (query.type === 'and' || query.type === 'or') return Math.max(...query.of.map(costOf));
  if (query.type === 'not') return costOf(query.of);
  if (query.type === 'field') return query.field === 'body' ? 2 : 0;
  return narrowingOf(query) === null ? 1 : 2;
}

const cheapFirst = (parts: Query[]): Query[] => parts.toSorted((a, b) => costOf(a) - costOf(b));

export function compileMessages(query: Query, options: CompileMessages): Sql {
  const { window, parsed } = options;

  function compileTerm(term: WordTerm | PhraseTerm): Sql {
    const narrowing = parsed ? narrowingOf(term) : null;
    return narrowing === null ? contains('s.words', wordPattern(term)) : sequence(term, narrowing, window);
  }

  /** Words of one table in one question to it; the rest one by one. */
  function compileAll(members: Query[], word: 'AND' | 'OR'): Sql {
    const found: Sql[] = [];
    let rest = members;
    for (const table of parsed ? wordTables : []) {
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
    const ordered = cheapFirst(rest);
    const cheap = ordered.filter((part) => costOf(part) === 0).map(compile);
    const costly = ordered.filter((part) => costOf(part) > 0).map(compile);
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
        for (const table of parsed ? wordTables : []) {
          const match = matchOf(part, table);
          if (match !== null) return inTable(table, match, window);
        }
        return compileTerm(part);
    }
  }
  return compile(query);
}

/** Without pieces of three letters each body has to be read; such a search goes in smaller steps. */
export const readsBodies = (query: Query): boolean =>
  termsOf(query).some(
    (term) => term.type === 'field' && term.field === 'body' && gramMatch(term.value) === null,
  );
