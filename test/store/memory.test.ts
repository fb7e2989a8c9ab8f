import { describe, expect, test } from 'vitest';
import { openStore } from '../../server/store/open.ts';
import type { DurableEvent } from '../../shared/events.ts';
import { save } from './samples.ts';
import { storeSuite } from './store-suite.ts';
import { cpuNow } from '../support/cpu-time.ts';

const openFresh = async () => {
  const events: DurableEvent[] = [];
  const store = await openStore({
    data: ':memory:',
    onEvents: (told) => events.push(...told),
    onNotice: () => undefined,
  });
  return { store, events };
};

describe('in memory', () => {
  storeSuite(openFresh);

  test('two stores know nothing of each other', async () => {
    const [one, two] = [await openFresh(), await openFresh()];
    await save(one.store, 'only here');
    expect(await two.store.counts()).toMatchObject({ messages: 0 });
    expect(one.store.id).not.toBe(two.store.id);
    await one.store[Symbol.asyncDispose]();
    await two.store[Symbol.asyncDispose]();
  });

  test('it opens in well under 50 ms', async () => {
    await (await openFresh()).store[Symbol.asyncDispose]();
    const started = cpuNow();
    const { store } = await openFresh();
    expect(cpuNow() - started).toBeLessThan(50);
    await store[Symbol.asyncDispose]();
  });
});
