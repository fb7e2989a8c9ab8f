// Takes a body while it arrives: the beginning in memory, from 1 MiB on in a temporary file.
import { randomUUID } from 'node:crypto';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { MailscopeError } from '../../../shared/errors.ts';
import { failureOf } from '../sqlite/failures.ts';
import type { ArrivedBody, BodyWriter } from '../store.ts';
import { GatheredParts } from './gathered-parts.ts';

/** Up to here a row is as fast as a file, and far fewer files lie about. */
const largestRow = 1024 * 1024;
const headSize = 256 * 1024;
/** Bytes that may wait for the disk before the sender has to. */
const highWater = 128 * 1024;
const maxParts = 64;

export function asMailscopeError(cause: unknown): MailscopeError {
  if (cause instanceof MailscopeError) return cause;
  const { code, message, hint } = failureOf(cause);
  return new MailscopeError(code, message, { hint, cause });
}

/** Without a folder everything stays in memory. */
export function createBodyWriter(folder: string | null): BodyWriter {
  const head = new GatheredParts();
  let size = 0;
  const waiting = new GatheredParts();
  let file: string | null = null;
  let handle: FileHandle | null = null;
  let pumping: Promise<void> | null = null;
  let failure: unknown = null;
  let discarded = false;

  async function pump(): Promise<void> {
    try {
      while (waiting.count > 0 && !discarded) {
        handle ??= await open((file = join(folder ?? '', randomUUID())), 'wx', 0o600);
        // Many small ones are joined, for the system takes 1,024 at a time; large ones are not copied.
        await writeAll(handle, waiting.count > maxParts ? [waiting.take()] : waiting.takeAll());
      }
    } catch (error) {
      failure = error;
      waiting.takeAll();
    }
    pumping = null;
  }

  async function clean(): Promise<void> {
    await pumping;
    const open = handle;
    handle = null;
    await open?.close().catch(() => undefined);
    if (file !== null) await unlink(file).catch(() => undefined);
  }

  return {
    write(chunk) {
      if (failure !== null || discarded) return undefined;
      size += chunk.length;
      waiting.add(chunk);
      if (head.length < headSize) head.add(chunk.subarray(0, headSize - head.length));
      if (folder === null || size <= largestRow) return undefined;
      pumping ??= pump();
      return waiting.length > highWater ? pumping : undefined;
    },
    async finish(): Promise<ArrivedBody> {
      if (folder === null || size <= largestRow) {
        const bytes = waiting.take();
        return { size, head: bytes.subarray(0, headSize), bytes, file: null };
      }
      try {
        while (pumping !== null) await pumping;
        if (failure !== null) throw failure;
        if (discarded) throw new Error('the body was discarded');
        const open = handle;
        handle = null;
        await open?.datasync().finally(() => open.close());
      } catch (error) {
        discarded = true;
        void clean();
        throw asMailscopeError(error);
      }
      return { size, head: head.take(), bytes: null, file };
    },
    discard() {
      discarded = true;
      waiting.takeAll();
      void clean();
    },
  };
}

async function writeAll(handle: FileHandle, parts: Buffer[]): Promise<void> {
  let left = parts;
  while (left.length > 0) {
    let { bytesWritten } = await handle.writev(left);
    const next = left.findIndex(({ length }) => {
      if (length > bytesWritten) return true;
      bytesWritten -= length;
      return false;
    });
    left = next < 0 ? [] : [left[next]!.subarray(bytesWritten), ...left.slice(next + 1)];
  }
}
