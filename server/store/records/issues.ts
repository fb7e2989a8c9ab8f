// What is kept of issues. They stay when the sessions and messages are deleted in which they were found.
import type { Issue } from '../../../shared/issue.ts';
import type { Connection } from '../sqlite/connection.ts';
import { readJson } from '../sqlite/damage.ts';
import type { Writing } from '../sqlite/writing.ts';
import { appendEvent } from './events.ts';

type Row = { id: string; definition: string };

/** One that is damaged is forgotten: found again, it is a new one. */
const isSound = ({ id, definition }: Row): boolean =>
  readJson<object | null>(definition, () => ({
    what: `what the issue ${id} is about (found again, it is a new one)`,
    instead: null,
  })) !== null;

/** As JSON, which those understand who gave them; oldest first. */
export const loadIssues = ({ sql }: Connection, _input: null): string[] =>
  sql<Row>('SELECT id, definition FROM issue ORDER BY seq')
    .all()
    .filter(isSound)
    .map(({ definition }) => definition);

export interface SaveIssues {
  /** `isTold`: it is announced; the others were only counted. */
  issues: { issue: Issue; isTold: boolean }[];
  removed: string[];
}

export function saveIssues(writing: Writing, { issues, removed }: SaveIssues): null {
  const save = writing.sql(
    `INSERT INTO issue (id, definition) VALUES (?, ?)
     ON CONFLICT (id) DO UPDATE SET definition = excluded.definition`,
  );
  for (const { issue, isTold } of issues) {
    if (isTold) appendEvent(writing, 'issue:changed', { issue });
    save.run(issue.id, JSON.stringify(issue));
  }
  if (removed.length > 0) removeIssues(writing, { ids: removed });
  return null;
}

export function removeIssues(writing: Writing, { ids }: { ids: string[] }): null {
  appendEvent(writing, 'issues:deleted', { ids });
  writing.sql('DELETE FROM issue WHERE id IN (SELECT value FROM json_each(?))').run(JSON.stringify(ids));
  return null;
}
