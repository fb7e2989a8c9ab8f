import { expect, test, vi } from 'vitest';
import { createBackground } from '../../server/background.ts';
import { startHousekeeping } from '../../server/housekeeping.ts';
import { silentLog } from '../../server/log.ts';
import { openStore } from '../../server/store/open.ts';

test('what fails again and again is told once', async () => {
  vi.useFakeTimers();
  try {
    const store = await openStore({ data: ':memory:', onEvents() {}, onNotice() {} });
    await store[Symbol.asyncDispose]();
    const told: string[] = [];
    const housekeeping = startHousekeeping({
      store,
      background: createBackground(),
      connections: () => [],
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
