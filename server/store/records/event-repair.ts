// The log of changes where one of its events is damaged. By what events are of they are in an index, from which SQLite
// cannot take one whose JSON is none: it could never be pruned, and with it nothing could be stored any more.
import { lostPayload } from '../event-log.ts';
import { tellDamage } from '../sqlite/damage.ts';
import { eventIndexes, ofMessage, ofSession } from '../sqlite/event-tables.ts';
import { isMalformedJson } from '../sqlite/failures.ts';
import type { Writing } from '../sqlite/writing.ts';

/** By their seq those that were found to be, and all others. */
export function repairEvents({ db }: Writing, { damaged }: { damaged: number[] }): null {
  db.exec(`DROP INDEX ${ofMessage.index}; DROP INDEX ${ofSession.index}`);
  const { changes } = db
    .prepare(
      'UPDATE event SET payload = ? WHERE NOT json_valid(payload) OR seq IN (SELECT value FROM json_each(?))',
    )
    .run(lostPayload, JSON.stringify(damaged));
  db.exec(eventIndexes);
  if (changes > 0) tellDamage({ what: `what ${String(changes)} of the events say` });
  return null;
}

export function onSoundEvents<T>(writing: Writing, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!isMalformedJson(error)) throw error;
    repairEvents(writing, { damaged: [] });
    return run();
  }
}
