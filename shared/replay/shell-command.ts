// Commands for a POSIX shell that have a session again.
import { shellQuote } from './shell-quote.ts';
import type { Plan, ReplayOptions } from './target.ts';

export interface Command {
  /** For a POSIX shell, over several lines. */
  command: string;
  /** What the program cannot repeat, as sentences. */
  notes: string[];
}

/** Options and their values, one pair a line. */
export const formatCommand = (program: string, options: string[][]): string =>
  [program, ...options.map((words) => words.join(' '))].join(' \\\n  ');

/**
 * What writes the bytes of the message. It is fetched twice: where it cannot be, the first makes the shell stop; a pipe
 * would go on, and an empty message be sent.
 */
function sourceOf(message: NonNullable<Plan['message']>, { asksForLogin }: ReplayOptions): string {
  if ('base64' in message) return `printf %s ${shellQuote(message.base64)} | base64 -d`;
  const login = asksForLogin === true ? ' --user ":${MAILSCOPE_TOKEN:?}"' : '';
  const fetch = `curl -fsS --globoff${login} ${shellQuote(message.url)}`;
  return `${fetch} -o /dev/null &&\n  ${fetch}`;
}

/** The last of the programs sends; those before it are given the bytes of the message, where there is one. */
export function commandOf({ message, notes }: Plan, options: ReplayOptions, programs: string[]): Command {
  const all = message ? [sourceOf(message, options), ...programs] : programs.slice(-1);
  return { command: all.join(' |\n  '), notes };
}
