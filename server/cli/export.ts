// mailscope export: messages to an mbox file, to a folder of message files, or to standard output.
import { mkdir, open, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '../../shared/client/client.ts';
import { MailscopeError } from '../../shared/errors.ts';
import type { MessageSummary } from '../../shared/message.ts';
import { UsageError } from '../config/usage-error.ts';
import { explainError } from './explain-error.ts';
import type { ExportOptions } from './mail-commands.ts';
import { connectTo } from './server-flags.ts';
import { formatMboxMessage } from './mbox.ts';
import { inOrder, showProgress } from './progress.ts';

/** Messages that are read ahead. */
const width = 4;
const pageSize = 500;

type Listed = Pick<MessageSummary, 'id' | 'receivedAt' | 'mailFrom' | 'subject' | 'size'>;
interface Exported extends Listed {
  /** null: deleted in the meantime. */
  bytes: Buffer | null;
}
/** Where messages go. */
interface Target {
  /** False: it was there already and was left as it is. */
  write(message: Listed, bytes: Buffer): Promise<boolean>;
  close(isComplete: boolean): Promise<void>;
}

/** Oldest first. */
async function list(client: Client, { query, limit = Infinity }: ExportOptions): Promise<Listed[]> {
  const listed: Listed[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.listMessages({
      query: {
        limit: Math.min(pageSize, limit - listed.length),
        ...(query === '' ? {} : { query }),
        ...(cursor === undefined ? {} : { cursor }),
      },
    });
    // The rest of a row is not needed, and there may be many.
    for (const { id, receivedAt, mailFrom, subject, size } of page.items)
      listed.push({ id, receivedAt, mailFrom, subject, size });
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && listed.length < limit);
  return listed.reverse();
}

/** `20261124T025518Z-your-code-m_01M8.eml`: sorts by time, is unique, and holds nothing that a file system minds. */
export function fileName({ id, receivedAt, subject }: Pick<Listed, 'id' | 'receivedAt' | 'subject'>): string {
  const time = receivedAt.replace(/\.\d+/, '').replace(/[-:]/g, '');
  const words = subject
    .slice(0, 500)
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .toLowerCase()
    .slice(0, 50)
    .replace(/^-+|-+$/g, '');
  return `${[time, words, id].filter((part) => part !== '').join('-')}.eml`;
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

const writeOut = (bytes: Buffer): Promise<void> =>
  new Promise((done, fail) => process.stdout.write(bytes, (error) => (error ? fail(error) : done())));

async function openMboxFile(path: string, force: boolean): Promise<Target> {
  const refuse = (): never => {
    throw new MailscopeError('conflict', `${path} exists.`, { hint: 'Give another --output, or --force.' });
  };
  if (!force && (await exists(path))) refuse();
  // It gets its name once it is complete.
  const part = `${path}.${process.pid}.part`;
  const handle = await open(part, 'wx');
  return {
    async write({ mailFrom, receivedAt }, bytes) {
      await handle.writeFile(formatMboxMessage(bytes, mailFrom, new Date(receivedAt)));
      return true;
    },
    async close(isComplete) {
      await handle.close();
      if (!isComplete) return unlink(part);
      if (!force && (await exists(path))) {
        await unlink(part);
        refuse();
      }
      await rename(part, path);
    },
  };
}

async function openFolder(path: string, force: boolean): Promise<Target> {
  await mkdir(path, { recursive: true });
  return {
    async write(message, bytes) {
      const file = join(path, fileName(message));
      try {
        await writeFile(file, bytes, { flag: force ? 'w' : 'wx' });
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
        await rm(file, { force: true });
        throw error;
      }
    },
    close: async () => {},
  };
}

function openOutput(format: 'mbox' | 'eml'): Target {
  return {
    async write({ mailFrom, receivedAt }, bytes) {
      await writeOut(format === 'eml' ? bytes : formatMboxMessage(bytes, mailFrom, new Date(receivedAt)));
      return true;
    },
    close: async () => {},
  };
}

async function openTarget({ output, force, format }: ExportOptions, count: number): Promise<Target> {
  const kind =
    format ?? (output !== '-' && (output.endsWith('/') || (await isFolder(output))) ? 'eml' : 'mbox');
  if (output !== '-') return kind === 'eml' ? openFolder(output, force) : openMboxFile(output, force);
  if (kind === 'eml' && count !== 1)
    throw new UsageError(
      `${count} messages match, and as eml exactly one fits on standard output.`,
      'Nothing would tell where one ends.',
      'Give --output FOLDER, --format mbox, or --limit 1.',
    );
  return openOutput(kind);
}

async function read(client: Client, listed: Listed): Promise<Exported> {
  try {
    return { ...listed, bytes: Buffer.from(await client.readRaw({ params: { id: listed.id } })) };
  } catch (error) {
    if (error instanceof MailscopeError && error.code === 'not_found') return { ...listed, bytes: null };
    throw error;
  }
}

async function run(client: Client, options: ExportOptions): Promise<void> {
  const listed = await list(client, options);
  const target = await openTarget(options, listed.length);
  const total = listed.reduce((sum, { size }) => sum + size, 0);
  const progress = showProgress({ verb: 'exported', total, quiet: options.quiet });
  const counts = { written: 0, kept: 0, gone: 0 };
  let [bytes, isComplete] = [0, false];
  try {
    for await (const message of inOrder(listed, width, (one) => read(client, one))) {
      if (message.bytes === null) counts.gone++;
      else if (await target.write(message, message.bytes)) counts.written++;
      else counts.kept++;
      progress.update(counts.written, (bytes += message.size));
    }
    isComplete = true;
  } finally {
    progress.clear();
    await target.close(isComplete);
  }
  if (options.quiet) return;
  const kept = counts.kept > 0 ? `, ${counts.kept} were there already (--force writes them again)` : '';
  const gone = counts.gone > 0 ? `, ${counts.gone} were deleted in the meantime` : '';
  process.stderr.write(`${counts.written} exported${kept}${gone}\n`);
}

/** Resolves with the exit code: 0 done, 1 failed, 2 called wrongly, 3 Mailscope could not be asked. */
export async function exportMail(options: ExportOptions): Promise<number> {
  try {
    await run(connectTo(options), options);
    return 0;
  } catch (error) {
    const { text, exitCode } = explainError(error);
    process.stderr.write(text);
    if (!(error instanceof MailscopeError)) return exitCode;
    if (error.code === 'invalid_request') return 2;
    return error.code === 'conflict' ? 1 : 3;
  }
}
