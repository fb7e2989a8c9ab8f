// Which files of the given paths hold mail: message files, mailbox files, Maildir folders, and folders of these.
import type { Dirent } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { isMboxLine, mboxLineLook } from '../../shared/mbox-line.ts';
import type { ImportOptions } from './mail-commands.ts';

export interface MailFile {
  path: string;
  kind: 'eml' | 'mbox';
  size: number;
  /** Its name says that it is mail, or its folder. */
  isSurely: boolean;
}

export interface MailFiles {
  files: MailFile[];
  /** Files of folders that are no mail. */
  others: number;
  problems: { path: string; error: unknown }[];
}

type Format = ImportOptions['format'];

const kindByExtension: Record<string, MailFile['kind']> = { '.eml': 'eml', '.mbox': 'mbox', '.mbx': 'mbox' };

async function beginsLikeMbox(path: string): Promise<boolean> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(mboxLineLook), 0, mboxLineLook, 0);
    return isMboxLine(buffer.toString('latin1', 0, bytesRead));
  } finally {
    await handle.close();
  }
}

/** What a file is; null: no mail, as far as its name and first bytes tell. */
async function kindOf(path: string, format: Format, isNamed: boolean): Promise<MailFile['kind'] | null> {
  const byName = kindByExtension[extname(path).toLowerCase()];
  if (format === 'maildir') return 'eml';
  if (isNamed) {
    if (format !== 'auto') return format;
    return byName ?? ((await beginsLikeMbox(path)) ? 'mbox' : 'eml');
  }
  const kind = byName ?? (extname(path) === '' && (await beginsLikeMbox(path)) ? 'mbox' : null);
  return format === 'auto' || format === kind ? kind : null;
}

// Names of a Maildir begin with the time, so their order is that of arrival.
const byName = new Intl.Collator('en', { numeric: true }).compare;
const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

async function listMaildir(folder: string, found: MailFiles): Promise<void> {
  const paths: string[] = [];
  // tmp holds what is not delivered yet.
  for (const name of ['new', 'cur'])
    for (const entry of await readdir(join(folder, name), { withFileTypes: true }))
      if (!entry.name.startsWith('.') && entry.isFile()) paths.push(join(folder, name, entry.name));
  for (const path of paths.sort((a, b) => byName(lastPart(a), lastPart(b))))
    await addFile(path, 'eml', found, true);
}

async function addFile(
  path: string,
  kind: MailFile['kind'],
  found: MailFiles,
  isSurely = extname(path).toLowerCase() in kindByExtension,
): Promise<void> {
  try {
    found.files.push({ path, kind, size: (await stat(path)).size, isSurely });
  } catch (error) {
    found.problems.push({ path, error });
  }
}

/** `isMaildir`: the folder is one, and what lies beside its folders is none of its mail. Gives the folder to look into. */
async function listEntry(
  path: string,
  entry: Dirent,
  { format, isMaildir }: { format: Format; isMaildir: boolean },
  found: MailFiles,
): Promise<string | null> {
  // Links to folders are not followed: they could lead in circles.
  if (entry.isDirectory()) {
    // Maildir++ keeps its folders as hidden ones.
    const isPart = isMaildir && /^(?:cur|new|tmp)$/.test(entry.name);
    return !isPart && (isMaildir || !entry.name.startsWith('.')) ? path : null;
  }
  if (entry.name.startsWith('.') || isMaildir || format === 'maildir') return null;
  if (!entry.isFile() && !(entry.isSymbolicLink() && (await stat(path)).isFile())) return null;
  const kind = await kindOf(path, format, false);
  if (kind === null) found.others++;
  else await addFile(path, kind, found);
  return null;
}

async function listFolder(root: string, format: Format, found: MailFiles): Promise<void> {
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const inner: string[] = [];
    try {
      const entries = await readdir(folder, { withFileTypes: true });
      const names = new Set(entries.filter((entry) => entry.isDirectory()).map(({ name }) => name));
      const isMaildir = names.has('cur') && names.has('new') && (format === 'auto' || format === 'maildir');
      if (isMaildir) await listMaildir(folder, found);
      for (const entry of entries.sort((a, b) => byName(a.name, b.name))) {
        // One that cannot be looked into, such as a link that leads nowhere, hides no other.
        const path = join(folder, entry.name);
        try {
          const below = await listEntry(path, entry, { format, isMaildir }, found);
          if (below !== null) inner.push(below);
        } catch (error) {
          found.problems.push({ path, error });
        }
      }
    } catch (error) {
      found.problems.push({ path: folder, error });
    }
    folders.push(...inner.reverse());
  }
}

/** In the order of the paths, and within folders in that of the names. Never rejects: see `problems`. */
export async function listMailFiles(paths: string[], format: Format): Promise<MailFiles> {
  const found: MailFiles = { files: [], others: 0, problems: [] };
  for (const path of paths) {
    try {
      const before = found.files.length + found.problems.length;
      if ((await stat(path)).isDirectory()) {
        await listFolder(path, format, found);
        if (found.files.length + found.problems.length === before)
          found.problems.push({ path, error: new Error('There is no mail in this folder.') });
      } else if (format === 'maildir')
        found.problems.push({ path, error: new Error('It is no folder, so it is no Maildir.') });
      else await addFile(path, (await kindOf(path, format, true)) ?? 'eml', found);
    } catch (error) {
      found.problems.push({ path, error });
    }
  }
  return found;
}
