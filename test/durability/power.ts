// What a disk has after the power went: of each file what was synced, and, in `torn`, any part of what was not.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, shim } from './disk-shim.ts';

const pageSize = 4096;

/** As disk-shim.c has it. */
function keyOf(path: string): string {
  const { ino, birthtimeNs } = statSync(path, { bigint: true });
  return `${ino}-${birthtimeNs}`;
}

interface Entry {
  kind: 'f' | 'd';
  key: string;
  name: string;
}

const entriesOf = (folder: string): Entry[] =>
  readdirSync(folder, { withFileTypes: true }).map((entry) => ({
    kind: entry.isDirectory() ? 'd' : 'f',
    key: keyOf(join(folder, entry.name)),
    name: entry.name,
  }));

export class PoweredDisk {
  readonly env: Record<string, string>;
  readonly #root: string;
  readonly #shadow: string;

  constructor(root: string, shadow: string) {
    this.#root = root;
    this.#shadow = shadow;
    mkdirSync(root, { recursive: true, mode: 0o700 });
    this.#keepAll();
    this.env = { LD_PRELOAD: shim.file ?? '', DISK_ROOT: root, DISK_SHADOW: shadow };
  }

  /** To be called when the program is gone. */
  cut(mode: 'lost' | 'torn'): void {
    const after = `${this.#root}.after`;
    const current = new Map<string, string>();
    const walk = (folder: string): void => {
      for (const { kind, key, name } of entriesOf(folder)) {
        current.set(key, join(folder, name));
        if (kind === 'd') walk(join(folder, name));
      }
    };
    walk(this.#root);
    const isTorn = mode === 'torn';
    const rebuild = (key: string, from: string | undefined, to: string): void => {
      mkdirSync(to, { mode: 0o700 });
      const known = this.#entries(key);
      const names = new Set(known.map(({ name }) => name));
      const others =
        from === undefined || !isTorn ? [] : entriesOf(from).filter(({ name }) => !names.has(name));
      for (const entry of [...known, ...others.filter(() => Math.random() < 0.5)]) {
        const target = join(to, entry.name);
        if (entry.kind === 'd') rebuild(entry.key, current.get(entry.key), target);
        else
          writeFileSync(target, this.#content(entry.key, isTorn ? current.get(entry.key) : undefined), {
            mode: 0o600,
          });
      }
    };
    rebuild(keyOf(this.#root), this.#root, after);
    rmSync(this.#root, { recursive: true });
    renameSync(after, this.#root);
    this.#keepAll();
  }

  #entries(key: string): Entry[] {
    const file = join(this.#shadow, `d${key}`);
    if (!existsSync(file)) return [];
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => {
        const [kind, of, ...name] = line.split(' ');
        return { kind: kind as 'f' | 'd', key: of!, name: name.join(' ') };
      });
  }

  #content(key: string, current: string | undefined): Buffer {
    const file = join(this.#shadow, `f${key}`);
    const synced = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
    if (current === undefined) return synced;
    const newer = readFileSync(current);
    const torn = Buffer.alloc(Math.random() < 0.5 ? newer.length : synced.length);
    for (let at = 0; at < torn.length; at += pageSize) {
      const [first, second] = Math.random() < 0.5 ? [newer, synced] : [synced, newer];
      (first.length > at ? first : second).copy(torn, at, at, at + pageSize);
    }
    return torn;
  }

  /** All that is there counts as synced. */
  #keepAll(): void {
    rmSync(this.#shadow, { recursive: true, force: true });
    mkdirSync(this.#shadow, { recursive: true });
    const keep = (folder: string): void => {
      const entries = entriesOf(folder);
      const lines = entries.map(({ kind, key, name }) => `${kind} ${key} ${name}\n`);
      writeFileSync(join(this.#shadow, `d${keyOf(folder)}`), lines.join(''));
      for (const { kind, key, name } of entries) {
        if (kind === 'd') keep(join(folder, name));
        else cpSync(join(folder, name), join(this.#shadow, `f${key}`));
      }
    };
    keep(this.#root);
  }
}

/** Texts of the built program, and what they are to be. */
type Changes = Record<string, string>;

/** The built program with something changed in it; returns the file to run. */
function changedBuild(name: string, changes: Changes): string {
  const root = join(cacheFolder, name);
  const own = new URL('../../', import.meta.url);
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  cpSync(new URL('package.json', own), join(root, 'package.json'));
  cpSync(new URL('dist', own), join(root, 'dist'), { recursive: true });
  const missing = new Set(Object.keys(changes));
  for (const name of readdirSync(join(root, 'dist', 'server'), { recursive: true }) as string[]) {
    if (!name.endsWith('.js')) continue;
    const file = join(root, 'dist', 'server', name);
    const text = readFileSync(file, 'utf8');
    const found = Object.entries(changes).filter(([from]) => text.includes(from));
    if (found.length === 0) continue;
    for (const [from] of found) missing.delete(from);
    writeFileSync(
      file,
      found.reduce((changed, [from, to]) => changed.replaceAll(from, to), text),
    );
  }
  if (missing.size > 0)
    throw new Error(`The built program has no ${[...missing].join(' and no ')} any more.`);
  return join(root, 'dist', 'server', 'main.js');
}

/** With another setting of `synchronous`, as a positive control. */
export const buildWith = (synchronous: 'NORMAL' | 'OFF'): string =>
  changedBuild(`synchronous-${synchronous.toLowerCase()}`, {
    'synchronous = FULL': `synchronous = ${synchronous}`,
    'synchronous !== 2': `synchronous !== ${synchronous === 'OFF' ? 0 : 1}`,
  });

/**
 * It takes each database for a very large one, of which another thread writes the log, and has that done thirty times as
 * often, so that there is much of it in a test that is short. `unsafe`: that thread does not sync what it writes, as a
 * positive control.
 */
export const buildForLarge = ({ unsafe = false } = {}): string =>
  changedBuild(unsafe ? 'large-unsafe' : 'large', {
    'largePages = 25e4': 'largePages = 1',
    'internal.largePages ?? 25e4': 'internal.largePages ?? 1',
    'mostInLarge = 2e3': 'mostInLarge = 60',
    'longestPages = 2 * checkpointPages': 'longestPages = 250',
    ...(unsafe
      ? {
          'db.pragma("query_only = ON")': '(db.pragma("query_only = ON"), db.pragma("synchronous = OFF"))',
          'synchronous !== 2': '(synchronous !== 2 && options.reader !== !0)',
        }
      : {}),
  });

/** What a Mailscope is to be started with so that what its other thread wrote of the log can be read. */
export function countLogWriter(folder: string): {
  env: Record<string, string>;
  read(): { times: number; pages: number };
} {
  const file = join(folder, 'count');
  writeFileSync(file, '');
  const preloaded = new URL('count-log-writer.mjs', import.meta.url).href;
  return {
    env: { NODE_OPTIONS: `--import ${preloaded}`, MAILSCOPE_TEST_COUNT: file },
    read() {
      const counts = readFileSync(file, 'utf8').trim().split('\n').map(Number);
      const written = counts.filter((pages) => pages > 0);
      return { times: written.length, pages: written.reduce((sum, pages) => sum + pages, 0) };
    },
  };
}
