// Builds the command as the package has it and runs it as a process.
import { spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Gives the path of the built command; only the sandbox behind it is another one. */
export async function buildCommand(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'command-'));
  await cp(join(root, 'package.json'), join(folder, 'package.json'));
  await build({
    absWorkingDir: root,
    entryPoints: { main: 'server/cli/main.ts' },
    outdir: join(folder, 'dist'),
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    logLevel: 'error',
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    plugins: [
      {
        name: 'fake-app',
        setup(build) {
          build.onResolve({ filter: /^\.\.\/app\.ts$/ }, () => ({
            path: join(root, 'test/cli/fake-app.ts'),
          }));
        },
      },
    ],
  });
  return join(folder, 'dist', 'main.js');
}

export interface Run {
  child: ChildProcess;
  out(): string;
  err(): string;
  ended: Promise<{ code: number | null; signal: string | null; out: string; err: string; ms: number }>;
  /** Resolves once standard output has the text. */
  says(text: string): Promise<void>;
}

export function run(
  command: string,
  args: string[],
  options: { cwd?: string; env?: Record<string, string>; input?: string } = {},
): Run {
  const started = performance.now();
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(process.execPath, [command, ...args], {
    cwd: options.cwd ?? tmpdir(),
    env: { ...env, ...options.env },
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  child.stdin.on('error', () => {}).end(options.input ?? '');
  const ended = new Promise<Awaited<Run['ended']>>((done) => {
    child.on('close', (code, signal) => done({ code, signal, out, err, ms: performance.now() - started }));
  });
  const says = (text: string): Promise<void> =>
    new Promise((done, fail) => {
      const look = (): void => void (out.includes(text) && done());
      child.stdout.on('data', look);
      child.on('close', () => fail(new Error(`It ended without saying "${text}": ${out}${err}`)));
      look();
    });
  return { child, out: () => out, err: () => err, ended, says };
}
