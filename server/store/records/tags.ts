// The tags of messages. Two that differ only in case and accents are one.
import { foldText } from '../../../shared/search/fold.ts';
import type { Writing } from '../sqlite/writing.ts';
import type { Marks } from '../store.ts';

/** Of one message; what is added beyond is left out. */
const most = 100;

/** Folded and as written, each once. */
function distinct(tags: string[]): Map<string, string> {
  const rows = new Map<string, string>();
  for (const tag of tags) if (!rows.has(foldText(tag))) rows.set(foldText(tag), tag);
  return rows;
}

/** As rows of folded and written form, as JSON. */
export const rowsOf = (tags: string[]): string => JSON.stringify([...distinct(tags)]);

/** As a new message will be listed with them. */
export const tagsOfNew = (tags: string[]): string[] =>
  [...distinct(tags)]
    .slice(0, most)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, tag]) => tag);

export function saveTags({ sql }: Writing, seq: number, rows: string): void {
  sql('INSERT INTO message_tag (seq, folded, tag) SELECT ?, value ->> 0, value ->> 1 FROM json_each(?)').run(
    seq,
    rows,
  );
}

/** Changes the tags of the messages that are selected, and says how many rows that touched. */
export function changeTags({ sql }: Writing, { tags, addTags, removeTags }: Marks): number {
  let changes = 0;
  if (tags !== undefined) {
    changes += sql(
      `DELETE FROM message_tag WHERE seq IN temp.selection
         AND folded NOT IN (SELECT value ->> 0 FROM json_each(?))`,
    ).run(rowsOf(tags)).changes;
  }
  if (removeTags !== undefined) {
    changes += sql(
      `DELETE FROM message_tag WHERE seq IN temp.selection AND folded IN (SELECT value ->> 0 FROM json_each(?))`,
    ).run(rowsOf(removeTags)).changes;
  }
  const added = [...(tags ?? []), ...(addTags ?? [])];
  if (added.length > 0) {
    changes += sql(
      `INSERT OR IGNORE INTO message_tag (seq, folded, tag)
       SELECT s.seq, j.value ->> 0, j.value ->> 1 FROM temp.selection s, json_each(?) j
       WHERE (SELECT count(*) FROM message_tag t WHERE t.seq = s.seq) < ?`,
    ).run(rowsOf(added), most).changes;
  }
  return changes;
}
