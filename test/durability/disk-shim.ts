// Compiles disk-shim.c, which stands between Mailscope and its disk.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
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
  /**
   * `after`: so many calls still work. `times`: so many fail then. With `half` as the error a write takes half of its
   * bytes instead.
   */
  begin(
    error: 'EIO' | 'EROFS' | 'ENOSPC' | 'half',
    calls: ('write' | 'sync' | 'create')[],
    after?: number,
    times?: number,
  ): void;
  /** Returns how many calls failed, and how many worked until then. */
  end(): { failed: number; worked: number };
}

const masks = { write: 1, sync: 2, create: 4 };
const takesHalf = 8;
const often = 2 ** 30;

export function makeFault(root: string, file: string): Fault {
  const set = (numbers: number[]): void => {
    const handle = openSync(file, 'r+');
    writeSync(handle, Buffer.from(Int32Array.from(numbers).buffer));
    closeSync(handle);
  };
  let begun = { after: 0, times: 0 };
  writeFileSync(file, Buffer.alloc(16));
  return {
    env: { LD_PRELOAD: shim.file ?? '', DISK_ROOT: root, DISK_FAULT: file },
    begin(error, calls, after = 0, times = often) {
      begun = { after, times };
      const mask = calls.reduce((sum, call) => sum | masks[call], error === 'half' ? takesHalf : 0);
      // Of a write that takes half the error is never seen.
      set([constants.errno[error === 'half' ? 'EIO' : error], mask, after, times]);
    },
    end() {
      const left = readFileSync(file);
      set([0, 0, 0, 0]);
      const failed = Math.min(begun.times, begun.times - left.readInt32LE(12));
      return { failed, worked: Math.min(begun.after, begun.after - left.readInt32LE(8)) };
    },
  };
}
