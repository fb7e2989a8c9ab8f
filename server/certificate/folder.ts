// Keeps keys with their certificates on disk. A pair is one file, replaced as a whole, so that no reader ever sees
// a key beside the certificate of another; two processes that start at once agree by who came first.
import { randomBytes } from 'node:crypto';
import { chmod, constants, copyFile, link, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf } from '../error-code.ts';
import { makeFolder } from '../make-folder.ts';
import { Refusal } from '../refusal.ts';
import { isKeyPair, type KeyPair } from './authority.ts';

export const authorityFile = 'authority.pem';
export const leafFile = 'server.pem';
/** The CA certificate alone, for people to hand to their trust stores. */
export const publicFile = 'ca.pem';

export async function createFolder(folder: string): Promise<void> {
  try {
    if (makeFolder(folder)) await chmod(folder, 0o700);
  } catch (error) {
    throw folderError(folder, 'be made', error);
  }
}

/** Null when there is none, or not a usable one. */
export const findPair = async (folder: string, name: string): Promise<KeyPair | null> =>
  parsePair(await findText(folder, name));

export function parsePair(text: string | null): KeyPair | null {
  const key = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n?/.exec(text ?? '')?.[0];
  const cert = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/.exec(text ?? '')?.[0];
  const pair = key && cert ? { key, cert } : null;
  return pair && isKeyPair(pair) ? pair : null;
}

export async function findText(folder: string, name: string): Promise<string | null> {
  try {
    return await readFile(join(folder, name), 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw folderError(folder, 'be read', error);
  }
}

export const pairText = ({ key, cert }: KeyPair): string => key + cert;

/** Replaces the file, if there is one. */
export async function writeText(folder: string, name: string, text: string): Promise<void> {
  const temporary = await writeTemporary(folder, name, text);
  try {
    await rename(temporary, join(folder, name));
  } catch (error) {
    await rm(temporary, { force: true });
    throw folderError(folder, 'be written', error);
  }
}

/** Leaves the file alone if there is one already, whoever wrote it. */
export async function writeTextOnce(folder: string, name: string, text: string): Promise<void> {
  const temporary = await writeTemporary(folder, name, text);
  const path = join(folder, name);
  try {
    // Some file systems have no hard links; a copy is exclusive too, though not written in one step.
    await link(temporary, path).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') return copyFile(temporary, path, constants.COPYFILE_EXCL);
    });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw folderError(folder, 'be written', error);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function writeTemporary(folder: string, name: string, text: string): Promise<string> {
  const path = join(folder, `.${name}.${process.pid}.${randomBytes(4).toString('hex')}`);
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    return path;
  } catch (error) {
    await rm(path, { force: true }).catch(() => {});
    throw folderError(folder, 'be written', error);
  }
}

function folderError(folder: string, what: string, cause: unknown): Refusal {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'EEXIST')
    return new Refusal(
      `The certificate folder ${folder} cannot be used. It is a file. Give a folder with --cert-dir.`,
      { cause },
    );
  const todo =
    what === 'be made'
      ? `Make ${dirname(folder)} writable`
      : `Make ${folder} and what is in it readable and writable`;
  return new Refusal(
    `The certificate folder ${folder} cannot ${what} (${code ?? message}). Mailscope keeps its CA there, so that it is trusted once and not at each start. ${todo} for this user, or with --cert-dir choose another folder.`,
    { cause },
  );
}
