// mailscope import: files to messages, one call each. What cannot be imported is told and left behind.
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Client } from '../../shared/client/client.ts';
import { MailscopeError } from '../../shared/errors.ts';
import { isMboxLine, mboxLineLook } from '../../shared/mbox-line.ts';
import { escapeControls } from '../log.ts';
import { explainError } from './explain-error.ts';
import { onInterruption } from './interruption.ts';
import type { ImportOptions } from './mail-commands.ts';
import { listMailFiles, type MailFile } from './mail-files.ts';
import { readMbox } from './mbox.ts';
import { showProgress } from './progress.ts';
import { connectTo } from './server-flags.ts';

interface Found {
  /** For people: a path, or a path and the number of the message. */
  name: string;
  size: number;
  /** Or why there are none. */
  bytes: Buffer | string;
}

const tooLarge = (size: number, maxSize: number): string =>
  `It has ${size} bytes, and Mailscope takes ${maxSize}: start it with a larger --max-size.`;

/** What stands in no text, as tab, the ends of lines, form feed and the escape of ISO-2022 do. */
const controls = /[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]/;

/**
 * A header begins the message, perhaps behind a byte order mark or empty lines. Programs send mail without one, too:
 * where it is surely mail that is meant, any text will do.
 */
function isMessage(bytes: Buffer, isSurely: boolean): boolean {
  const start = bytes.toString('latin1', 0, 4096).replace(/^(?:\xef\xbb\xbf)?[\r\n]*/, '');
  return /^(?:[!-9;-~]+[ \t]*:|>?From )/.test(start) || (isSurely && !controls.test(start));
}

const checked = (name: string, bytes: Buffer, isSurely: boolean): Found => {
  if (bytes.length === 0) return { name, size: 0, bytes: 'It is empty.' };
  return isMessage(bytes, isSurely)
    ? { name, size: bytes.length, bytes }
    : { name, size: bytes.length, bytes: 'It is no message: it does not begin with a header field.' };
};

async function* messagesOfMbox(
  name: string,
  chunks: AsyncIterable<Buffer>,
  options: ImportOptions,
  maxSize: number,
): AsyncGenerator<Found> {
  let count = 0;
  for await (const { n, size, bytes } of readMbox(chunks, { quoting: options.mboxQuoting, maxSize })) {
    count = n;
    const named = `${name}, message ${n}`;
    yield bytes === null
      ? { name: named, size, bytes: tooLarge(size, maxSize) }
      : checked(named, bytes, true);
  }
  if (count === 0) yield { name, size: 0, bytes: 'It is no mbox file: it does not begin with "From ".' };
}

async function* messagesOfFile(
  { path, kind, size, isSurely }: MailFile,
  options: ImportOptions,
  maxSize: number,
): AsyncGenerator<Found> {
  try {
    if (kind === 'mbox') {
      // An empty file is a mailbox without messages.
      if (size > 0) yield* messagesOfMbox(path, createReadStream(path), options, maxSize);
    } else if (size > maxSize) yield { name: path, size, bytes: tooLarge(size, maxSize) };
    else yield checked(path, await readFile(path), isSurely);
  } catch (error) {
    yield { name: path, size: 0, bytes: (error as Error).message };
  }
}

async function* messagesOfInput(options: ImportOptions, maxSize: number): AsyncGenerator<Found> {
  const name = 'standard input';
  const input = process.stdin[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let head = Buffer.alloc(0);
  while (head.length < mboxLineLook) {
    const next = await input.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  async function* all(): AsyncGenerator<Buffer> {
    if (head.length > 0) yield head;
    for (let next = await input.next(); !next.done; next = await input.next()) yield next.value;
  }
  const isMbox =
    options.format === 'mbox' ||
    (options.format === 'auto' && isMboxLine(head.toString('latin1', 0, mboxLineLook)));
  if (isMbox) return yield* messagesOfMbox(name, all(), options, maxSize);
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of all()) if ((size += chunk.length) <= maxSize) parts.push(chunk);
  yield size > maxSize
    ? { name, size, bytes: tooLarge(size, maxSize) }
    : checked(name, Buffer.concat(parts), false);
}

/** With these the next message would fare no better. */
const isFinal = (error: unknown): boolean =>
  !(error instanceof MailscopeError) ||
  ['unavailable', 'storage_full', 'wrong_host', 'not_allowed', 'not_found'].includes(error.code);

async function store(client: Client, options: ImportOptions, found: Found): Promise<Found> {
  if (typeof found.bytes === 'string') return found;
  const { from, rcpt } = options;
  const query = {
    origin: 'import' as const,
    ...(from === undefined ? {} : { from }),
    ...(rcpt === undefined ? {} : { rcpt }),
  };
  try {
    await client.storeMessage({ query, body: new Uint8Array(found.bytes) });
    return found;
  } catch (error) {
    if (isFinal(error)) throw error;
    return { ...found, bytes: (error as Error).message };
  }
}

/** Resolves with the exit code: 0 all, 1 not all, 3 Mailscope could not be asked. */
export async function importMail(options: ImportOptions): Promise<number> {
  const client = connectTo(options);
  const told = (name: string, why: string): void =>
    void process.stderr.write(`mailscope: ${escapeControls(name)}: ${escapeControls(why)}\n`);
  let [imported, failed, bytes] = [0, 0, 0];
  try {
    const { limits, messages } = await client.readStatus();
    const paths = options.paths.filter((path) => path !== '-');
    const { files, others, problems } = await listMailFiles(paths, options.format);
    const total = files.reduce((sum, { size }) => sum + size, 0);
    const hasInput = options.paths.includes('-');
    const progress = showProgress({ verb: 'imported', total: hasInput ? null : total, quiet: options.quiet });
    for (const { path, error } of problems) told(path, (error as Error).message);
    failed += problems.length;
    async function* all(): AsyncGenerator<Found> {
      for (const file of files) yield* messagesOfFile(file, options, limits.maxSize);
      if (hasInput) yield* messagesOfInput(options, limits.maxSize);
    }
    const summary = (end: string): void => {
      progress.clear();
      const left = others > 0 ? `, ${others} other files left out` : '';
      if (!options.quiet) process.stdout.write(`${imported} imported, ${failed} not imported${left}${end}\n`);
    };
    const interruption = onInterruption(() => summary(' before it was interrupted'));
    try {
      // One after the other: lists show messages in the order in which they were stored.
      for await (const candidate of all()) {
        const found = await store(client, options, candidate);
        bytes += found.size;
        if (typeof found.bytes === 'string') {
          failed++;
          progress.clear();
          told(found.name, found.bytes);
        } else imported++;
        progress.update(imported, bytes);
      }
    } finally {
      interruption[Symbol.dispose]();
      summary('');
    }
    if (limits.maxMessages > 0 && messages + imported > limits.maxMessages)
      told('Note', `Mailscope keeps ${limits.maxMessages} messages (--max-messages); the oldest ones go.`);
    return failed > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof MailscopeError)) throw error;
    process.stderr.write(explainError(error).text);
    return error.code === 'storage_full' ? 1 : 3;
  }
}
