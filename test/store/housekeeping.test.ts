import { expect, test, vi } from 'vitest';
import { createBackground } from '../../server/background.ts';
import { startHousekeeping } from '../../server/housekeeping.ts';
import { openStore } from '../../server/store/open.ts';
import { save } from './samples.ts';
import { silentLog } from '../support/silent-log.ts';

test('what fails again and again is told once', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  try {
    const store = await openStore({ data: ':memory:', onEvents() {}, onNotice() {} });
    await store[Symbol.asyncDispose]();
    const told: string[] = [];
    const housekeeping = startHousekeeping({
      store,
      background: createBackground(),
      connections: () => [],
      isTroubled: () => false,
      save: async () => {},
      retention: { maxMessages: 10, maxBytes: 0, maxAgeMs: 0 },
      log: { ...silentLog, error: (text) => void told.push(text) },
    });
    await vi.advanceTimersByTimeAsync(5000);
    await housekeeping[Symbol.asyncDispose]();
    expect(told).toEqual(['Removing what was deleted failed', 'Keeping the limits failed']);
  } finally {
    vi.useRealTimers();
  }
});

test('while mail pours in the limits may be exceeded by some, but not where nothing can be stored', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  try {
    const store = await openStore({ data: ':memory:', onEvents() {}, onNotice() {} });
    for (let n = 0; n < 14; n += 1) await save(store, 'm');
    // Mail takes all the time there is.
    const background = { ...createBackground(), turn: () => new Promise<void>(() => {}) };
    let isTroubled = false;
    await using _housekeeping = startHousekeeping({
      store,
      background,
      connections: () => [],
      isTroubled: () => isTroubled,
      save: async () => {},
      retention: { maxMessages: 10, maxBytes: 0, maxAgeMs: 0 },
      log: silentLog,
    });
    const messages = async () => (await store.counts()).messages;
    await vi.advanceTimersByTimeAsync(1100);
    expect(await messages()).toBe(14);
    isTroubled = true;
    await vi.advanceTimersByTimeAsync(1100);
    expect(await messages()).toBe(10);
    await store[Symbol.asyncDispose]();
  } finally {
    vi.useRealTimers();
  }
});
