// Which messages the process died of while it parsed them, from one start to the next: a file with the note of what is
// being parsed, and below it a line for each death.
import { closeSync, constants, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { noteLength, writeNote } from './mail/parse-note.ts';

/** Many kills, each in the middle of another message, are not the fault of any. */
const mostKept = 100;

export interface ParseDeaths extends Disposable {
  /** For the note; null in memory, and on a disk that has no room for it. */
  file: number | null;
  of(id: string): number;
  /** It was parsed after all, or given up. */
  forget(id: string): void;
}

export function openParseDeaths(path: string | null): ParseDeaths {
  let file: number | null = null;
  let ids: string[] = [];

  function write(): void {
    if (file === null) return;
    const text = ids.map((id) => `${id}\n`).join('');
    try {
      writeSync(file, text, noteLength);
      ftruncateSync(file, noteLength + text.length);
    } catch {
      // Then a death is forgotten, or one that was forgotten counts again.
    }
  }

  try {
    if (path !== null) {
      file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
      const lines = readFileSync(file, 'latin1').split('\n');
      const [died = '', ...before] = lines.map((line) => line.trim());
      ids = [...before, died].filter((id) => /^[\w-]+$/.test(id)).slice(-mostKept);
      writeNote(file, null);
      write();
    }
  } catch {
    // Mail is parsed without it.
  }
  return {
    file,
    of: (id) => ids.filter((one) => one === id).length,
    forget(id) {
      if (!ids.includes(id)) return;
      ids = ids.filter((one) => one !== id);
      write();
    },
    [Symbol.dispose]() {
      if (file !== null) closeSync(file);
      file = null;
    },
  };
}
