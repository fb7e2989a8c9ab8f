// What is kept of the rules by which failures are simulated.
import type { Fault } from '../../../shared/fault.ts';
import type { Connection } from '../sqlite/connection.ts';
import { readJson } from '../sqlite/damage.ts';
import type { Writing } from '../sqlite/writing.ts';
import { appendEvent } from './events.ts';

type Row = { id: string; definition: string };

/** A rule that is damaged does nothing any more: nobody knows what it was to do. */
const isSound = ({ id, definition }: Row): boolean =>
  readJson<object | null>(definition, () => ({
    what: `what the rule ${id} simulates (it is to be made anew)`,
    instead: null,
  })) !== null;

/** As JSON, which those understand who gave them; oldest first. */
export const loadFaults = ({ sql }: Connection, _input: null): string[] =>
  sql<Row>('SELECT id, definition FROM fault ORDER BY seq')
    .all()
    .filter(isSound)
    .map(({ definition }) => definition);

export interface SaveFault {
  definition: string;
  told: Fault;
  event: 'fault:created' | 'fault:changed';
}

/** One that is changed keeps its place. */
export function saveFault(writing: Writing, { definition, told, event }: SaveFault): null {
  appendEvent(writing, event, { fault: told });
  writing
    .sql(
      `INSERT INTO fault (id, definition) VALUES (?, ?)
       ON CONFLICT (id) DO UPDATE SET definition = excluded.definition`,
    )
    .run(told.id, definition);
  return null;
}

export function removeFaults(writing: Writing, { ids }: { ids: string[] }): null {
  appendEvent(writing, 'faults:deleted', { ids });
  writing.sql('DELETE FROM fault WHERE id IN (SELECT value FROM json_each(?))').run(JSON.stringify(ids));
  return null;
}
