// The messages of files, mbox files and folders of these, one after the other.
import { createReadStream } from 'node:fs';
import { open, readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readMbox } from '../../server/cli/mbox.ts';

export interface Input {
  /** The file, and for an mbox file which message of it. */
  name: string;
  /** As it lies in the file. */
  bytes: Buffer;
}

const maxSize = 50 * 1024 * 1024;
const looksLikeMail = /^[\s\ufeff]{0,200}(?:>?From |[!-9;-~]{1,80}[ \t]*:)/;

async function beginning(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}

async function* filesOf(path: string): AsyncGenerator<string> {
  const found = await stat(path);
  if (!found.isDirectory()) {
    yield path;
    return;
  }
  for (const name of (await readdir(path)).sort())
    if (!name.startsWith('.')) yield* filesOf(join(path, name));
}

/** `onOther` hears of files that do not begin like mail. */
export async function* readInputs(paths: string[], onOther: (path: string) => void): AsyncGenerator<Input> {
  for (const path of paths)
    for await (const file of filesOf(path)) {
      const head = await beginning(file);
      if (!looksLikeMail.test(head)) onOther(file);
      else if (/^From \S.*\d{4}/.test(head)) yield* readMailbox(file);
      else yield { name: file, bytes: await readFile(file) };
    }
}

async function* readMailbox(file: string): AsyncGenerator<Input> {
  const chunks = createReadStream(file) as AsyncIterable<Buffer>;
  for await (const { n, bytes } of readMbox(chunks, { quoting: 'mboxrd', maxSize }))
    if (bytes !== null && bytes.length > 0) yield { name: `${file}#${n}`, bytes };
}

/** As a client sends it: every line ends with CRLF, nothing else is changed. */
export function asSent(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1').replace(/\r?\n/g, '\r\n');
  return Buffer.from(text.endsWith('\r\n') ? text : `${text}\r\n`, 'latin1');
}
