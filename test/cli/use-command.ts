// The command, built for the tests of a file, with a folder for what they give it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { TestSandbox } from '../support/sandbox.ts';
import { buildCommand, run, type Run } from './command.ts';

/** `command` and `folder` are there from the first test on. */
export function useCommand() {
  const own = {
    command: '',
    folder: '',
    /** Runs it against that sandbox. */
    call: ({ url }: TestSandbox, args: string[], input?: string): Run['ended'] =>
      run(own.command, args, { env: { MAILSCOPE_URL: url }, ...(input === undefined ? {} : { input }) })
        .ended,
  };
  beforeAll(async () => {
    own.command = await buildCommand();
    own.folder = await mkdtemp(join(tmpdir(), 'mailscope-cli-'));
  });
  afterAll(async () => {
    await rm(dirname(dirname(own.command)), { recursive: true });
    await rm(own.folder, { recursive: true });
  });
  return own;
}
