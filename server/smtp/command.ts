// A command of the client, and how it is refused.
import type { Reply } from '../../shared/transaction.ts';
import type { Connection } from './connection.ts';

/** Commands that are left to the engine. */
export const toEngine: ReadonlySet<string> = new Set(['RSET', 'NOOP', 'QUIT', 'VRFY', 'HELP', 'XFORWARD']);
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
]);

export interface Command {
  verb: string;
  /** The line without its ending. */
  content: Buffer;
  /** Number of its line in the transcript. */
  line: number;
  /** The first control character in it, at a position from 1. */
  control: { position: number; name: string } | null;
}

/** Refuses a command that the client should not have sent; too many of them end the session. */
export async function refuse(connection: Connection, refusal: Reply): Promise<void> {
  connection.errors++;
  await connection.answer(refusal);
}
