// A body as the store gives it out, whether it lies in a row or in a file.
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { asMailscopeError } from './files/body-writer.ts';
import type { BodyRow } from './records/read-messages.ts';
import type { StoredBody, WireShape } from './store.ts';

export function storedBody(row: BodyRow, folder: string | null): StoredBody & { wire: WireShape } {
  const { size, file } = row;
  const wire = {
    dots: row.dots ?? new Uint8Array(),
    bdat: row.bdat === null ? null : (JSON.parse(row.bdat) as number[]),
  };
  if (file !== null && folder !== null) {
    const path = join(folder, file);
    return {
      size,
      wire,
      fresh: true,
      bytes: () =>
        readFile(path).catch((error: unknown) => {
          throw asMailscopeError(error);
        }),
      stream: () => createReadStream(path),
    };
  }
  const { bytes } = row;
  const buffer =
    bytes === null ? Buffer.alloc(0) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    size,
    wire,
    fresh: false,
    bytes: () => Promise.resolve(buffer),
    stream: () => Readable.from([buffer], { objectMode: false }),
  };
}
