// The few messages that a search can be true of, where an index tells them: what is rare decides, however common the
// rest is. Null where there are more, or where no index knows.
import { foldText } from '../../shared/search/fold.ts';
import type { FieldTerm, Query } from '../../shared/search/query.ts';
import { bodyRows } from './compile-body.ts';
import {
  headerRows,
  markedRows,
  sessionCondition,
  sessionRows,
  taggedRows,
  tagRows,
  type SourceOptions,
} from './compile-sources.ts';
import { matchOf, messageTables, narrowingOf, rowsOfTable, splitWords } from './compile-words.ts';
import type { Connection } from './connection.ts';
import { sql, type Sql } from './search-sql.ts';

/** More are gone through as they lie. */
export const mostCandidates = 4000;

const markRows: Record<string, (options: SourceOptions) => Sql> = {
  // Of those that are read in all inboxes each is read in one.
  read: (options) => markedRows('read = 1', options),
  unread: (options) => markedRows('read = 0', options),
  pinned: (options) => markedRows('pinned = 1', options),
  tagged: taggedRows,
};

/** The messages of the sessions for which one of the conditions holds. */
function rowsOfSessions(conditions: Sql[], { window }: SourceOptions): Sql {
  const { text, values } = sessionRows(conditions, 'OR');
  return sql(
    `SELECT m.seq FROM (${text}) x CROSS JOIN message_search m INDEXED BY message_search_session
     ON m.session_seq = x.seq WHERE m.seq >= ? AND m.seq < ?`,
    ...values,
    window.low,
    window.high,
  );
}

/** Statements that each select all messages that the term can be true of; none where no index knows. */
function rowsOfField(term: FieldTerm, options: SourceOptions): Sql[] {
  const ofSession = sessionCondition(term);
  if (ofSession !== null) return [rowsOfSessions([ofSession], options)];
  switch (term.field) {
    case 'body':
      return foldText(term.value) === '' ? [] : bodyRows(term.value, options);
    case 'header':
      return [headerRows(term, options)];
    case 'tag':
      return [tagRows(term, options)];
    case 'is':
      return [markRows[term.value]?.(options) ?? []].flat();
    case 'session':
      return [
        sql(
          `SELECT seq FROM message_search INDEXED BY message_search_session
           WHERE session_seq = (SELECT seq FROM session WHERE id = ?) AND seq >= ? AND seq < ?`,
          term.value,
          options.window.low,
          options.window.high,
        ),
      ];
    default:
      return [];
  }
}

function rowsOf(query: Query, options: SourceOptions): Sql[] {
  if (query.type === 'field') return rowsOfField(query, options);
  for (const table of messageTables) {
    const match = matchOf(query, table);
    if (match !== null) return [rowsOfTable(table, match, options.window)];
  }
  const narrowing = query.type === 'word' || query.type === 'phrase' ? narrowingOf(query) : null;
  if (narrowing === null) return [];
  return [
    rowsOfTable('message_words', narrowing.before, options.window),
    rowsOfTable('message_starts', narrowing.start, options.window),
  ];
}

/** What it takes to ask an index; null where there is none to ask. */
function costOf(query: Query): number | null {
  switch (query.type) {
    case 'and': {
      const costs = query.of.map(costOf).filter((cost) => cost !== null);
      return costs.length === 0 ? null : Math.min(...costs);
    }
    case 'or': {
      const costs = query.of.map(costOf);
      return costs.includes(null) ? null : Math.max(...(costs as number[]));
    }
    case 'not':
      return null;
    case 'field':
      if (sessionCondition(query) !== null) return 2;
      if (query.field === 'body') return foldText(query.value) === '' ? null : 1;
      if (query.field === 'header') return 3;
      if (query.field === 'is') return query.value in markRows ? 0 : null;
      return query.field === 'tag' || query.field === 'session' ? 0 : null;
    default:
      return 0;
  }
}

export function candidatesOf(
  { db }: Connection,
  query: Query,
  options: SourceOptions,
  most = mostCandidates,
): number[] | null {
  function ask({ text, values }: Sql): number[] | null {
    const seqs = db
      .prepare(`SELECT DISTINCT seq FROM (${text}) LIMIT ${most + 1}`)
      .pluck()
      .all(...values) as number[];
    return seqs.length > most ? null : seqs;
  }

  function firstOf<T>(each: T[], find: (one: T) => number[] | null): number[] | null {
    for (const one of each) {
      const found = find(one);
      if (found !== null) return found;
    }
    return null;
  }

  function find(part: Query): number[] | null {
    if (costOf(part) === null) return null;
    if (part.type === 'and') {
      const words = messageTables.flatMap((table) => {
        const { match } = splitWords(part.of, table);
        return match === null ? [] : [rowsOfTable(table, match, options.window)];
      });
      const others = part.of
        .flatMap((member) => ({ member, cost: costOf(member) ?? Infinity }))
        .filter(
          ({ member, cost }) => cost < Infinity && !messageTables.some((table) => matchOf(member, table)),
        )
        .sort((a, b) => a.cost - b.cost);
      return firstOf(words, ask) ?? firstOf(others, ({ member }) => find(member));
    }
    if (part.type === 'or') {
      const all = new Set<number>();
      const sessions = part.of.flatMap((member) => sessionCondition(member) ?? []);
      const others = part.of.filter((member) => sessionCondition(member) === null);
      const looks = others.map((member) => () => find(member));
      if (sessions.length > 0) looks.push(() => ask(rowsOfSessions(sessions, options)));
      for (const look of looks) {
        const found = look();
        if (found === null) return null;
        for (const seq of found) all.add(seq);
      }
      return all.size > most ? null : [...all];
    }
    return firstOf(rowsOf(part, options), ask);
  }

  return find(query);
}
