// Finds messages: a stretch of the list for a page, or all at once for a change.
import type { MessageSummary } from '../../../shared/message.ts';
import type { Query } from '../../../shared/search/query.ts';
import { blockOf, messageCorpus, rowsOfBlock } from '../index/search-blocks.ts';
import { sql, windowOf, type SeqWindow } from '../index/search-sql.ts';
import { inInboxLiteral, oldestListed } from '../records/in-inbox.ts';
import { summariesBySeq } from '../records/read-messages.ts';
import type { Connection } from '../sqlite/connection.ts';
import type { Writing } from '../sqlite/writing.ts';
import { either, isEmpty, seqsOf, type Bits } from './bits.ts';
import { planMessages } from './plan-messages.ts';
import { openColumns, type Within } from './search-columns.ts';
import { bitsOf, carryOutOn, mostRead as usualMostRead } from './search-stretch.ts';
import { reachOf } from './word-reach.ts';
import { matchStarts } from './word-starts.ts';

export interface SearchMessages {
  query: Query;
  below: number;
  /** How far back this step looks, in messages. */
  span: number;
  limit: number;
  inbox: string | null;
  nowUs: number;
  /** Where more are wanted it is told how far back so many messages with the words go. */
  enough?: number | undefined;
}

const endOf = ({ db }: Connection, of: 'min' | 'max'): number =>
  (db.prepare(`SELECT ${of}(seq) FROM message_search`).pluck().get() as number | null) ?? 0;

/** Of what the index has, also of what was deleted and is not purged yet. */
const indexed = (connection: Connection): { oldest: number; newest: number } => ({
  oldest: endOf(connection, 'min'),
  newest: endOf(connection, 'max'),
});

interface Find {
  window: SeqWindow;
  /** A condition on message_inbox. */
  which: string;
  inbox: string | null;
  nowUs: number;
  mostRead?: number;
}

/** Those that match in the window, and others of its first and last block. */
function find(
  connection: Connection,
  query: Query,
  { window, which, inbox, nowUs, mostRead = usualMostRead }: Find,
): Bits {
  const columns = openColumns(connection, messageCorpus, window);
  const startOf = matchStarts(connection);
  const stretch = { connection, columns, window, nowUs, startOf, which, mostRead };
  const range = sql('seq >= ? AND seq < ?', window.low, window.high);
  const pending = bitsOf(
    { ...stretch, finished: false },
    sql(
      `SELECT seq FROM message_search INDEXED BY message_search_unparsed WHERE words IS NOT NULL AND ${range.text}`,
      ...range.values,
    ),
  );
  // Of many messages an inbox may have few.
  const listed =
    inbox === null
      ? null
      : bitsOf(
          { ...stretch, finished: true },
          sql(`SELECT seq FROM message_inbox i WHERE ${which} AND ${range.text}`, ...range.values),
        );
  const carry = (within: Within, finished: boolean): Bits => {
    const own = { ...stretch, finished };
    return carryOutOn(own, messageCorpus, planMessages(query, own), within);
  };
  const parsed = carry(listed, true);
  return isEmpty(pending) ? parsed : either(parsed, carry(pending, false));
}

const lookedUpAtOnce = 500;

export interface SearchStep {
  items: MessageSummary[];
  /** Where the next step goes on, 0 at the end. */
  low: number;
  /** There is none below. */
  oldest: number;
  /** See word-reach.ts. */
  reach: number | null;
}

/** A step of a search, newest first. */
export function searchMessages(
  connection: Connection,
  { query, below, span, limit, inbox, nowUs, enough }: SearchMessages,
  mostRead = usualMostRead,
): SearchStep {
  const index = indexed(connection);
  const high = Math.min(below, index.newest + 1);
  const oldest = connection.db.prepare(`SELECT ${oldestListed}`).pluck().get() as number;
  const low = Math.max(blockOf(oldest), blockOf(Math.max(0, high - span))) * rowsOfBlock;
  if (low >= high) return { items: [], low: 0, oldest, reach: null };
  const which = `deleted_us IS NULL AND ${inInboxLiteral(inbox)}`;
  const seqs = seqsOf(
    find(connection, query, {
      window: windowOf(low, high, index),
      which,
      inbox,
      nowUs,
      mostRead,
    }),
  ).filter((seq) => seq < high);
  const listed = connection.db
    .prepare(
      `SELECT c.value FROM json_each(?) c
       WHERE EXISTS (SELECT 1 FROM message_inbox i WHERE i.seq = c.value AND ${which}) LIMIT ?`,
    )
    .pluck();
  const found: number[] = [];
  for (let at = 0, some = lookedUpAtOnce; at < seqs.length && found.length < limit; at += some, some *= 4) {
    const asked = JSON.stringify(seqs.slice(at, at + some));
    found.push(...(listed.all(asked, limit - found.length) as number[]));
  }
  const next = low > oldest ? low : 0;
  const goesOn = next > 0 && found.length < limit;
  return {
    items: found.length === 0 ? [] : summariesBySeq(connection, found, inbox),
    low: next,
    oldest,
    reach:
      goesOn && enough !== undefined
        ? reachOf(connection, query, { startOf: matchStarts(connection), below: next, enough })
        : null,
  };
}

/** A step of a change takes at most so many: some milliseconds in a usual store. */
const mostChanged = 2000;

interface MatchStep {
  /** The condition on their rows in message_inbox. */
  listed: string;
  inbox: string | null;
  after: number;
  upTo: number;
  span: number;
}

/** Adds those that match, among the next `span` above `after`, to temp.selection; `reached` is where the next step goes on. */
export function selectMatching(
  writing: Writing,
  query: Query,
  { listed, inbox, after, upTo, span }: MatchStep,
): { count: number; reached: number } {
  const { db } = writing;
  const index = indexed(writing);
  if (index.newest === 0) return { count: 0, reached: upTo };
  // Blocks are the quicker the more of them are whole.
  const low = Math.max(blockOf(index.oldest), blockOf(after + 1)) * rowsOfBlock;
  const end = Math.min(upTo, index.newest);
  const high = Math.min(end + 1, (blockOf(low + span - 1) + 1) * rowsOfBlock);
  if (low >= high) return { count: 0, reached: upTo };
  const window = windowOf(low, high, index);
  const found = find(writing, query, { window, which: listed, inbox, nowUs: writing.atUs });
  const seqs = seqsOf(found).filter((seq) => seq > after && seq < high);
  const insert = db.prepare(
    `INSERT INTO temp.selection SELECT c.value FROM json_each(?) c
     WHERE EXISTS (SELECT 1 FROM message_inbox i WHERE i.seq = c.value AND ${listed}) ORDER BY c.value LIMIT ?`,
  );
  const { changes } = insert.run(JSON.stringify(seqs), mostChanged);
  const last = db.prepare('SELECT max(seq) FROM temp.selection').pluck();
  const reached = changes === mostChanged ? (last.get() as number) : high - 1;
  return { count: changes, reached: reached < end ? reached : upTo };
}
