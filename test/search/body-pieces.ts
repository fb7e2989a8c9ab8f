// Pieces of bodies, searched for in a store that has these bodies and nothing else.
import { expect } from 'vitest';
import { openStore } from '../../server/store/open.ts';
import { foldText } from '../../shared/search/fold.ts';
import { parseSearch } from '../../shared/search/parse-search.ts';
import { sampleDerived, save } from '../store/samples.ts';

/** Each must be found in as many messages as have it. Returns how many of them are for each. */
export async function findPieces(bodies: string[], pieces: string[]): Promise<number[]> {
  const store = await openStore({ data: ':memory:', onEvents: () => undefined, onNotice: () => undefined });
  for (const text of bodies) {
    const { id } = await save(store, 'pieces');
    await store.saveDerived(id, sampleDerived({ subject: 'pieces', text, html: null }));
  }
  const counts: number[] = [];
  for (const piece of pieces) {
    const parsed = parseSearch(`body:"${piece}"`, 'messages');
    if (!parsed.ok) throw new Error(piece);
    const { items } = await store.listMessages({ limit: 50, query: parsed.query! });
    const matching = bodies.filter((body) => foldText(body).includes(foldText(piece)));
    expect(items.length, piece).toBe(matching.length);
    counts.push(matching.length);
  }
  await store[Symbol.asyncDispose]();
  return counts;
}
