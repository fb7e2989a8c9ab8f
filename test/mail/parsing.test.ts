// What was stored and not parsed is taken up by itself, and left alone at the end.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createBackground } from '../../server/background.ts';
import { DERIVED_VERSION } from '../../server/mail/derived.ts';
import { noteLength } from '../../server/mail/parse-note.ts';
import { startParsing } from '../../server/parsing.ts';
import { openStore } from '../../server/store/open.ts';
import type { Store } from '../../server/store/store.ts';
import { save } from '../store/samples.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

/** More than are looked for at once. */
const count = 1200;

async function openUnparsed(note: string | null = null) {
  const store = await openStore({ data: ':memory:', onEvents: () => undefined, onNotice: () => undefined });
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) ids.push((await save(store, `Mail ${n}`)).id);
  if (note !== null) writeFileSync(note, `${' '.repeat(noteLength - 1)}\n${ids[0]}\n${ids[1]}\n`);
  const said: string[] = [];
  const say = (text: string) => void said.push(text);
  const log = { debug: say, info: say, warn: say, error: say };
  const asked: (string | undefined)[] = [];
  const counted: Store = {
    ...store,
    listUnparsed(version, limit, after) {
      asked.push(after);
      return store.listUnparsed(version, limit, after);
    },
  };
  return { store, said, asked, ids, parsing: startParsing(counted, createBackground(), log, note) };
}

test('stopping in the midst of it is no error', async () => {
  const { store, said, parsing } = await openUnparsed();
  const recovered = parsing.recover();
  await parsing[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
  await recovered;
  expect(said).toEqual([]);
});

test('of what the process died before is known after that, too', async () => {
  const note = join(temporaryFolder(), 'parsing.note');
  const { store, ids, parsing } = await openUnparsed(note);
  const recovered = parsing.recover();
  await parsing[Symbol.asyncDispose]();
  await recovered;
  expect(readFileSync(note, 'latin1').split('\n').slice(1)).toEqual([ids[0], ids[1], '']);
  await store[Symbol.asyncDispose]();
});

test('who asks for it while it is done has it done once more, and not as often as was asked', async () => {
  const { store, asked, parsing } = await openUnparsed();
  await Promise.all(Array.from({ length: 50 }, () => parsing.recover()));
  expect(await store.listUnparsed(DERIVED_VERSION, 1)).toEqual([]);
  expect(asked.filter((after) => after === undefined).length).toBeLessThanOrEqual(2);
  await parsing[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
});
