// How late the event loop of a built program is: `watch.env` is for the program, `watch.read()` gives the figures in ms.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const patienceMs = 20_000;

interface Lateness {
  p99: number;
  most: number;
}
/** `own` is what the program itself is late, without its waits for a processor that others had. */
export type EventLoop = Lateness & { own: Lateness };

export function watchEventLoop(folder: string) {
  const file = join(folder, 'lateness.json');
  return {
    env: {
      NODE_OPTIONS: `--import ${new URL('lateness.mjs', import.meta.url).href}`,
      MAILSCOPE_TEST_LATENESS: file,
    },
    async read(): Promise<EventLoop> {
      for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await delay(20)) {
        // It is written again and again, so that it may be empty for a moment.
        const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
        if (text !== '') return JSON.parse(text) as EventLoop;
      }
      throw new Error(`no figures came in ${file}`);
    },
  };
}

const rounded = ({ p99, most }: Lateness): string =>
  `${Math.round(p99)} ms (p99), ${Math.round(most)} ms at most`;

export const tellEventLoop = ({ own, ...all }: EventLoop): string =>
  `the event loop was ${rounded(own)} late by itself; with its waits for a processor ${rounded(all)}`;
