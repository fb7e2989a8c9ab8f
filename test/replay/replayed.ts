// Records a session, has it again by a program, and compares the two.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareSessions, type SessionComparison } from '../../shared/compare/compare-sessions.ts';
import type { ReplayOptions } from '../../shared/replay/target.ts';
import type { Session } from '../../shared/session.ts';
import type { TranscriptLine } from '../../shared/transcript.ts';
import { runProgram, type ProgramEnd } from '../clients/run-program.ts';
import { temporaryFolder } from '../process/mailscope.ts';
import type { TestSandbox } from '../support/sandbox.ts';

export interface Recorded {
  session: Session;
  lines: TranscriptLine[];
}

export async function recorded(sandbox: TestSandbox, count: number): Promise<Recorded> {
  const session = (await sandbox.closedSessions(count))[count - 1]!;
  return { session, lines: await sandbox.lines(session.id) };
}

export const urlsOf = (sandbox: TestSandbox): ReplayOptions => ({
  messageUrl: (id) => sandbox.client.urlOf('readRaw', { params: { id } }),
});

/** The password of a Mailscope that has one. */
export const apiToken = 'l0ng $(enough)';
const environment = { SMTP_PASSWORD: 's3cret $(x)', SMTP_TOKEN: 'token-1', MAILSCOPE_TOKEN: apiToken };

export async function runPython(script: string, args: string[] = []): Promise<ProgramEnd> {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'replay.py');
  await writeFile(file, script);
  return await runProgram('python3', ['-I', file, ...args], '', environment);
}

export const runShell = (command: string): Promise<ProgramEnd> =>
  runProgram('sh', ['-c', command], '', environment);

/** `change` makes the program of the first session; the comparison is with the session that it then has. */
export async function replay(
  sandbox: TestSandbox,
  run: (first: Recorded) => Promise<ProgramEnd>,
): Promise<{ first: Recorded; second: Recorded; end: ProgramEnd; compared: SessionComparison }> {
  const first = await recorded(sandbox, 1);
  const end = await run(first);
  const second = await recorded(sandbox, 2);
  return { first, second, end, compared: compareSessions(first, second) };
}

/** Lines that differ, for the message of a failed test. */
export const changes = ({ rows }: SessionComparison): string[] =>
  rows
    .filter(({ kind, left, right }) => kind !== 'same' && left?.kind !== 'tls' && right?.kind !== 'tls')
    .map(({ kind, left, right }) => `${kind}: ${left?.text ?? ''} | ${right?.text ?? ''}`);
