// Mail that comes with what people install: Debian packages of other mail software, and Python's own tests. It is kept
// outside the repository.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A package, where its mail lies below /usr, and how many of it there are at least. */
const packages = [
  { name: 'python3-flufl.bounce', path: 'lib/python3/dist-packages/flufl/bounce/tests/data', messages: 100 },
  {
    name: 'golang-github-jhillyerd-enmime-dev',
    path: 'share/gocode/src/github.com/jhillyerd/enmime/testdata',
    messages: 80,
  },
  {
    name: 'golang-github-gatherstars-com-jwz-dev',
    path: 'share/gocode/src/github.com/gatherstars-com/jwz/test/testdata',
    messages: 2000,
  },
];

export interface PackageMails {
  folders: { path: string; messages: number }[];
  /** What could not be had, with the reason. */
  missing: string[];
}

const cache = join(tmpdir(), 'mailscope-corpus-packages');

async function unpack(name: string): Promise<string> {
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  const half = `${folder}.part`;
  await rm(half, { recursive: true, force: true });
  await mkdir(half, { recursive: true });
  await run('apt-get', ['download', '-qq', name], { cwd: half, timeout: 60_000 });
  const file = (await readdir(half)).find((one) => one.endsWith('.deb'));
  if (file === undefined) throw new Error('apt-get brought no package');
  await run('dpkg', ['-x', file, 'tree'], { cwd: half, timeout: 60_000 });
  await rename(half, folder);
  return folder;
}

export async function findDebianMails(): Promise<PackageMails> {
  const found: PackageMails = { folders: [], missing: [] };
  for (const { name, path, messages } of packages) {
    try {
      const folder = join(await unpack(name), 'tree', 'usr', path);
      if (existsSync(folder)) found.folders.push({ path: folder, messages });
      else found.missing.push(`${name}: it has no ${path}`);
    } catch (error) {
      found.missing.push(`${name}: ${String(error).split('\n')[0]}`);
    }
  }
  return found;
}

/** The folder of the messages that Python tests its email package with; null where it came without its tests. */
export async function findPythonMails(python: string): Promise<string | null> {
  try {
    const { stdout } = await run(python, ['-c', 'import test.test_email as t; print(t.__file__)']);
    const folder = join(dirname(stdout.trim()), 'data');
    return existsSync(folder) ? folder : null;
  } catch {
    return null;
  }
}
