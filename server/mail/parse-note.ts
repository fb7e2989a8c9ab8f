// The note of what the thread parses, which outlives a process that dies of it. It is not synced, which would take
// longer than most parses: a power cut is not the fault of a message.
import { writeSync } from 'node:fs';

export const noteLength = 65;

/** At the beginning of an open file, null for none; id null: nothing is being parsed. */
export function writeNote(file: number | null, id: string | null): void {
  if (file === null) return;
  try {
    writeSync(file, `${(id ?? '').padEnd(noteLength - 1)}\n`, 0);
  } catch {
    // On a disk that fails mail is parsed without it.
  }
}
