// Runs a program of the machine to its end and keeps what it said.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { findTool } from '../support/tools.ts';

const deadlineMs = 50_000;

export interface ProgramEnd {
  code: number | null;
  /** Standard output and standard error. */
  said: string;
}

/** `input` goes to its standard input, which is then closed. */
export async function runProgram(
  name: string,
  args: string[],
  input: string | Buffer = '',
  env: Record<string, string> = {},
): Promise<ProgramEnd> {
  // Without a home and its configuration files, the program does what its arguments say.
  const child = spawn(findTool(name) ?? name, args, {
    env: { PATH: process.env.PATH, LC_ALL: 'C', HOME: '/nonexistent', ...env },
    timeout: deadlineMs,
    killSignal: 'SIGKILL',
  });
  // A program that ends early does not read all of it.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [out, err, [code]] = await Promise.all([
    buffer(child.stdout),
    buffer(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, said: `${out.toString()}${err.toString()}` };
}
