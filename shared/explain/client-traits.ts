// What a session and its message show of the client that spoke: the traits that fingerprints are made of.
import type { HeaderField, Message } from '../message.ts';
import type { Session } from '../session.ts';
import type { TranscriptLine } from '../transcript.ts';

export interface ClientTraits {
  /** Lines of commands from the client, in order, at most 2,000. */
  commands: readonly TranscriptLine[];
  /** The first command that begins so, in any case, or ''. */
  first: (verb: string) => string;
  /** Whether the command came before the reply to the one before it. */
  isPipelined: (verb: string) => boolean;
  offers: (keyword: string) => boolean;
  /** The name in EHLO or HELO. */
  name: string;
  quit: boolean;
  /** Of the message that this client itself wrote; empty when a Received field says that it only passed it on. */
  header: (name: string) => string;
  headerNames: readonly string[];
  /** The value of the newest Received field, or ''. */
  received: string;
  hasMessage: boolean;
  /** How many commands came more than a second after the reply before them. */
  slowCommands: number;
  bareLf: boolean;
  session: Session;
}

const maxCommands = 2000;

/** Hands need a second or more for a command; a program that waits for something else seldom does so each time. */
function countSlow(lines: readonly TranscriptLine[]): number {
  let count = 0;
  let repliedAt: number | null = null;
  for (const line of lines.slice(0, 4 * maxCommands)) {
    if (line.from === 'server' && line.kind === 'reply') repliedAt = line.atUs;
    else if (line.from === 'client' && line.kind === 'command') {
      if (repliedAt !== null && line.atUs - repliedAt > 1_000_000) count++;
      repliedAt = null;
    }
  }
  return count;
}

export function readTraits(
  session: Session,
  lines: readonly TranscriptLine[],
  message?: Pick<Message, 'headers'>,
): ClientTraits {
  const commands = lines
    .filter(({ from, kind }) => from === 'client' && kind === 'command')
    .slice(0, maxCommands);
  const find = (verb: string): TranscriptLine | undefined =>
    commands.find(({ text }) => text.slice(0, verb.length).toUpperCase() === verb);
  const headers: readonly HeaderField[] = message?.headers ?? [];
  const top = (name: string): string =>
    headers.find((field) => field.name.trim().toLowerCase() === name)?.value.slice(0, 1000) ?? '';
  const received = top('received');
  const isOwn = received === '';
  const offered = new Set(
    session.ehlo.flatMap(({ offered }) => offered.map(({ keyword }) => keyword.toUpperCase())),
  );
  return {
    commands,
    first: (verb) => find(verb)?.text.slice(0, 1000) ?? '',
    isPipelined: (verb) => find(verb)?.pipelined === true,
    offers: (keyword) => offered.has(keyword),
    name: session.ehlo[0]?.name ?? session.clientName ?? '',
    quit: find('QUIT') !== undefined,
    header: (name) => (isOwn ? top(name) : ''),
    headerNames: isOwn ? headers.slice(0, 100).map(({ name }) => name.trim()) : [],
    received,
    hasMessage: message !== undefined,
    slowCommands: countSlow(lines),
    bareLf: commands.some(({ eol }) => eol === 'LF'),
    session,
  };
}
