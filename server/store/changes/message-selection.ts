// Which messages a change is about. Of many, a step takes some, the oldest first.
import type { Query } from '../../../shared/search/query.ts';
import { inInbox, inInboxLiteral, type OneInbox } from '../records/in-inbox.ts';
import { selectMatching } from '../search/search-messages.ts';
import type { Writing } from '../sqlite/writing.ts';

/** Those above `after`, and none above `upTo`: at most `limit`, or of a query those among the next `limit`. */
interface Reach {
  after?: number;
  upTo?: number | null;
  limit: number;
}

/** `ids` is a JSON array. */
export type EncodedSelection =
  { ids: string } | ({ all: true } & Partial<Reach>) | ({ query: Query } & Reach);

/** What one step of a change did. */
export interface Changed {
  count: number;
  /** Where the next step goes on; null: nothing is left. */
  next: { after: number; upTo: number } | null;
}

/** Fills temp.selection. */
export function select(
  writing: Writing,
  which: EncodedSelection,
  state: string,
  inbox: OneInbox = null,
): Changed {
  const { sql } = writing;
  const { condition: own, bound } = inInbox(inbox);
  const condition = `${state} AND ${own}`;
  sql('DELETE FROM temp.selection').run();
  if ('ids' in which) {
    const { changes } = sql(
      `INSERT INTO temp.selection SELECT DISTINCT seq FROM message JOIN message_inbox USING (seq)
       WHERE id IN (SELECT value FROM json_each(?)) AND ${condition}`,
    ).run(which.ids, ...bound);
    return { count: changes, next: null };
  }
  const { after = 0, limit = -1 } = which;
  const upTo = which.upTo ?? newestSeq(writing);
  if ('query' in which) {
    const listed = `${state} AND ${inInboxLiteral(inbox)}`;
    const { count, reached } = selectMatching(writing, which.query, {
      listed,
      inbox,
      after,
      upTo,
      span: limit,
    });
    return { count, next: reached < upTo ? { after: reached, upTo } : null };
  }
  const { changes } = sql(
    `INSERT INTO temp.selection SELECT DISTINCT seq FROM message_inbox
     WHERE seq > @after AND seq <= @upTo AND ${condition} ORDER BY seq LIMIT @limit`,
  ).run({ after, upTo, limit, ...bound[0] });
  return { count: changes, next: changes === limit ? { after: newestSelected(writing), upTo } : null };
}

const newestSeq = ({ sql }: Writing): number =>
  sql<{ seq: number | null }>('SELECT max(seq) AS seq FROM message_inbox').get()?.seq ?? 0;

const newestSelected = ({ sql }: Writing): number =>
  sql<{ seq: number | null }>('SELECT max(seq) AS seq FROM temp.selection').get()?.seq ?? 0;
