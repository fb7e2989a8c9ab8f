// A process that is killed in the middle of saving.
import Database from 'better-sqlite3';
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../server/paths.ts';
import { openFolder, temporaryFolder } from './temporary-folder.ts';

// Inside the package, from where the built worker and better-sqlite3 are found.
const built = join(packageRoot, 'node_modules', '.cache', `saving-process-${String(process.pid)}.mjs`);

beforeAll(async () => {
  mkdirSync(join(packageRoot, 'node_modules', '.cache'), { recursive: true });
  await build({
    entryPoints: [join(packageRoot, 'test/store/saving-process.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['better-sqlite3'],
    banner: {
      js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url);",
    },
    outfile: built,
    logLevel: 'warning',
  });
});

afterAll(() => rmSync(built, { force: true }));

/** Kills it once it has stored so many, and returns what it said. */
async function saveAndDie(folder: string, count: number): Promise<{ tried: Set<string>; stored: string[] }> {
  const child = spawn(process.execPath, [built, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const tried = new Set<string>();
  const stored: string[] = [];
  const exit = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    const [what, id = ''] = line.split(' ');
    if (what === 'trying') tried.add(id);
    else stored.push(id);
    if (stored.length === count) child.kill('SIGKILL');
  }
  await exit;
  return { tried, stored };
}

test('no acknowledged message is lost or doubled when the process is killed, and a restart goes on', async () => {
  const folder = temporaryFolder();
  const acknowledged: string[] = [];
  const tried = new Set<string>();
  for (const count of [1, 150, 400]) {
    const said = await saveAndDie(folder, count);
    expect(said.stored.length).toBeGreaterThanOrEqual(count);
    acknowledged.push(...said.stored);
    for (const id of said.tried) tried.add(id);

    const { store } = await openFolder(folder);
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.listMessages({ limit: 500, ...(cursor === undefined ? {} : { cursor }) });
      for (const { id, size } of page.items) {
        ids.push(id);
        const body = await store.findBody(id);
        expect((await body?.bytes())?.length).toBe(size);
      }
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    const stored = new Set(ids);
    expect(stored.size).toBe(ids.length);
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
    // Of each kill at most what was being saved at the time was stored without being acknowledged.
    expect(ids.filter((id) => !tried.has(id))).toEqual([]);
    const counts = await store.counts();
    expect(counts.messages).toBe(ids.length);
    expect(
      (await store.listSessions({ limit: 500 })).items.filter(({ outcome }) => outcome === 'open'),
    ).toEqual([]);
    const { items, reset } = await store.readEvents(undefined, 100_000);
    expect(reset).toBe(false);
    expect(items.map(({ seq }) => seq)).toEqual(items.map((_, n) => n + 1));
    await store[Symbol.asyncDispose]();

    const db = new Database(join(folder, 'mailscope.db'), { readonly: true });
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    db.close();
  }
}, 60_000);
