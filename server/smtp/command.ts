// A command of the client, and how it is refused.
import type { Reply } from '../../shared/transaction.ts';
import type { Connection } from './connection.ts';
import type { ReadLine } from './reader.ts';

/** Commands that are left to the engine. */
export const toEngine: ReadonlySet<string> = new Set(['RSET', 'NOOP', 'QUIT', 'VRFY', 'HELP']);
export const knownVerbs: ReadonlySet<string> = new Set([
  ...toEngine,
  'EHLO',
  'HELO',
  'LHLO',
  'MAIL',
  'RCPT',
  'DATA',
  'BDAT',
  'AUTH',
  'STARTTLS',
  'XCLIENT',
  'XFORWARD',
]);

export interface Command {
  verb: string;
  /** The line without its ending. */
  content: Buffer;
  /** The line ended in LF without CR. */
  bareLf: boolean;
  /** Number of its line in the transcript. */
  line: number;
  /** The line of the command before it, -1 for none. */
  previousLine: number;
  /** The first control character in it, at a position from 1. */
  control: { position: number; name: string } | null;
}

/** At the end of the stream a line may have no ending. */
export function withoutEnding({ bytes, complete }: ReadLine): Pick<Command, 'content' | 'bareLf'> {
  if (!complete) return { content: bytes, bareLf: false };
  const bareLf = bytes[bytes.length - 2] !== 13;
  return { content: bytes.subarray(0, bytes.length - (bareLf ? 1 : 2)), bareLf };
}

/** Refuses a command that the client should not have sent; too many of them end the session. */
export async function refuse(connection: Connection, refusal: Reply): Promise<void> {
  connection.errors++;
  await connection.answer(refusal);
}
