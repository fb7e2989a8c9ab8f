// Compiles disk-shim.c, which stands between Mailscope and its disk.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findTool } from '../support/tools.ts';

const source = fileURLToPath(new URL('disk-shim.c', import.meta.url));
export const cacheFolder = fileURLToPath(new URL('../../node_modules/.cache/mailscope', import.meta.url));

/** The compiled shim, or why there is none. */
export const shim: { file: string; why: null } | { file: null; why: string } = compile();

function compile(): typeof shim {
  if (process.platform !== 'linux') return { file: null, why: 'this is not Linux' };
  if (findTool('gcc') === null) return { file: null, why: 'there is no gcc' };
  const file = join(cacheFolder, 'disk-shim.so');
  mkdirSync(dirname(file), { recursive: true });
  if ((statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) < statSync(source).mtimeMs)
    execFileSync('gcc', ['-O1', '-shared', '-fPIC', '-o', file, source, '-ldl', '-lpthread']);
  return { file, why: null };
}

/** Calls below a folder that fail, until they are told otherwise. */
export interface Fault {
  env: Record<string, string>;
  /** `after`: so many calls still work. `times`: so many fail then. */
  begin(
    error: 'EIO' | 'EROFS' | 'ENOSPC',
    calls: ('write' | 'sync' | 'create')[],
    after?: number,
    times?: number,
  ): void;
  end(): void;
}

const masks = { write: 1, sync: 2, create: 4 };

export function makeFault(root: string, file: string): Fault {
  const set = (numbers: number[]): void => {
    const handle = openSync(file, 'r+');
    writeSync(handle, Buffer.from(Int32Array.from(numbers).buffer));
    closeSync(handle);
  };
  writeFileSync(file, Buffer.alloc(16));
  return {
    env: { LD_PRELOAD: shim.file ?? '', DISK_ROOT: root, DISK_FAULT: file },
    begin: (error, calls, after = 0, times = 2 ** 30) =>
      set([constants.errno[error], calls.reduce((sum, call) => sum | masks[call], 0), after, times]),
    end: () => set([0, 0, 0, 0]),
  };
}
