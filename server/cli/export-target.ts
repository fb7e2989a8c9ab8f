// Where mailscope export writes: an mbox file, a folder of message files, a Maildir, or standard output.
import { mkdir, open, readdir, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MailscopeError } from '../../shared/errors.ts';
import type { MessageSummary } from '../../shared/message.ts';
import { UsageError } from '../config/usage-error.ts';
import { codeOf } from '../error-code.ts';
import type { ExportOptions } from './mail-commands.ts';
import { formatMboxMessage } from './mbox.ts';

export type Listed = Pick<
  MessageSummary,
  'id' | 'seq' | 'receivedAt' | 'mailFrom' | 'subject' | 'size' | 'read' | 'pinned'
>;
/** Where messages go. */
interface Target {
  /** For people; null for standard output. */
  name: string | null;
  /** It is there once all is written. */
  isOneFile: boolean;
  /** False: it was there already and was left as it is. */
  write(message: Listed, bytes: Buffer): Promise<boolean>;
  close(isComplete: boolean): Promise<void>;
}
export interface PlacedOptions extends ExportOptions {
  output: string;
}

/**
 * `20261124T025518Z-00000042-your-code-m_01M8.eml`: names sort by arrival, also within a second, are unique, and hold
 * nothing that a file system minds.
 */
export function fileName({
  id,
  seq,
  receivedAt,
  subject,
}: Pick<Listed, 'id' | 'seq' | 'receivedAt' | 'subject'>): string {
  const time = receivedAt.replace(/\.\d+/, '').replace(/[-:]/g, '');
  const words = subject
    .slice(0, 500)
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .toLowerCase()
    .slice(0, 50)
    .replace(/^-|-$/g, '');
  const number = String(seq).padStart(8, '0');
  return `${[time, number, words, id].filter((part) => part !== '').join('-')}.eml`;
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
    name: path,
    isOneFile: true,
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
      await rename(part, path).catch(async (error: unknown) => {
        await unlink(part);
        throw error;
      });
    },
  };
}

async function openFolder(path: string, force: boolean): Promise<Target> {
  await mkdir(path, { recursive: true });
  return {
    name: path,
    isOneFile: false,
    async write(message, bytes) {
      const file = join(path, fileName(message));
      try {
        await writeFile(file, bytes, { flag: force ? 'w' : 'wx' });
        return true;
      } catch (error) {
        if (codeOf(error) === 'EEXIST') return false;
        await rm(file, { force: true });
        throw error;
      }
    },
    close: async () => {},
  };
}

/** Time, and what makes it unique: micro-seconds, the number of the delivery, the id. Names sort by arrival. */
function maildirName({ id, seq, receivedAt }: Listed): string {
  const ms = Date.parse(receivedAt);
  return `${Math.floor(ms / 1000)}.M${String((ms % 1000) * 1000).padStart(6, '0')}Q${seq}R${id}.mailscope`;
}

async function openMaildir(path: string, force: boolean): Promise<Target> {
  for (const name of ['tmp', 'new', 'cur']) await mkdir(join(path, name), { recursive: true });
  // Where a mail program has put them since, under which flags.
  const before = new Map<string, string>();
  for (const folder of ['new', 'cur'])
    for (const name of await readdir(join(path, folder)))
      before.set(name.split(':', 1)[0]!, join(path, folder, name));
  return {
    name: path,
    isOneFile: false,
    async write(message, bytes) {
      const name = maildirName(message);
      const there = before.get(name);
      if (there !== undefined && !force) return false;
      const flags = `${message.pinned ? 'F' : ''}${message.read ? 'S' : ''}`;
      const part = join(path, 'tmp', name);
      try {
        await writeFile(part, bytes);
        // What is in new has been seen by nobody, so it has no flags.
        await rename(part, there ?? join(path, flags === '' ? `new/${name}` : `cur/${name}:2,${flags}`));
      } catch (error) {
        await rm(part, { force: true });
        throw error;
      }
      return true;
    },
    close: async () => {},
  };
}

function openOutput(format: 'mbox' | 'eml'): Target {
  return {
    name: null,
    isOneFile: false,
    async write({ mailFrom, receivedAt }, bytes) {
      await writeOut(format === 'eml' ? bytes : formatMboxMessage(bytes, mailFrom, new Date(receivedAt)));
      return true;
    },
    close: async () => {},
  };
}

/** A search may be a word too, so only what can hardly be one is taken for a path. */
const looksLikePath = (text: string): boolean =>
  /^[^\s:"]*[/\\]$|^\.{0,2}\/|^[^\s:"]+\.mbox$/i.test(text) || text === '.' || text === '..';

/** Whoever writes `mailscope export mails/` means a folder, not a search. */
export async function placeOf(options: ExportOptions): Promise<PlacedOptions> {
  const { query, output } = options;
  if (output !== undefined) return { ...options, output };
  if (query === '' || !(looksLikePath(query) || (await isFolder(query)))) return { ...options, output: '-' };
  return { ...options, query: '', output: query };
}

export async function openTarget({ output, force, format }: PlacedOptions, count: number): Promise<Target> {
  const kind =
    format ?? (output !== '-' && (/[/\\]$/.test(output) || (await isFolder(output))) ? 'eml' : 'mbox');
  if (output !== '-') {
    if (kind === 'mbox') return openMboxFile(output, force);
    return kind === 'eml' ? openFolder(output, force) : openMaildir(output, force);
  }
  if (kind === 'maildir')
    throw new UsageError(
      'A Maildir does not fit on standard output.',
      'It is a folder with a file for each message.',
      'Give --output FOLDER.',
    );
  if (kind === 'eml' && count !== 1)
    throw new UsageError(
      `${count} messages match, and as eml exactly one fits on standard output.`,
      'Nothing would tell where one ends.',
      'Give --output FOLDER, --format mbox, or --limit 1.',
    );
  return openOutput(kind);
}
