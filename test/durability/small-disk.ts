// File systems of a test, where the machine allows to mount them.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, statfsSync, writeSync } from 'node:fs';

export const whyNoMount = ((): string | null => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux may mount';
  const probe = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']);
  return probe.status === 0 ? null : `mount says: ${String(probe.stderr ?? probe.error)}`.trim();
})();

/** A small file system; unmounted when it is let go of. */
export function mount(folder: string, args: string[]): Disposable {
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', [...args, folder]);
  chmodSync(folder, 0o700);
  return { [Symbol.dispose]: () => void spawnSync('umount', ['--lazy', folder]) };
}

export function mountImage(
  folder: string,
  image: string,
  mebibytes: number,
  more: string[] = [],
): Disposable {
  execFileSync('truncate', ['-s', `${mebibytes}M`, image]);
  execFileSync('mkfs.ext4', ['-q', '-F', '-m', '0', ...more, image]);
  return mount(folder, ['-o', 'loop', image]);
}

/** Takes all the room that is left on the file system of the file, as another program may. */
export function takeAllRoom(file: string): void {
  const handle = openSync(file, 'a', 0o600);
  try {
    for (let size = 2 ** 20; size >= 512;) {
      try {
        writeSync(handle, Buffer.alloc(size, 1));
        fsyncSync(handle);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        size /= 2;
      }
    }
  } finally {
    closeSync(handle);
  }
}

export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
