import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Inboxes } from '../../server/inbox/inboxes.ts';
import { startInboxLife } from '../../server/inbox/life.ts';
import { silentLog } from '../support/silent-log.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

test('why an inbox cannot be ended is told once, not five times a second, and again after it worked', async () => {
  let problem: string | null = 'disk I/O error';
  const store = {
    loadInboxes: async () => ({ inboxes: [], tokens: [] }),
    saveInbox: async () => 1,
    async removeInbox() {
      if (problem !== null) throw new Error(problem);
      return 0;
    },
    saveInboxToken: async () => undefined,
    removeInboxToken: async () => undefined,
    pruneInbox: async () => undefined,
  };
  const inboxes = new Inboxes(store, new Map());
  const end = async (): Promise<void> => {
    if (!inboxes.has('run')) await inboxes.create({ name: 'run', rules: [], retention: {}, ttl: 1 });
    // Its time is over; the clock is the real one.
    for (const until = Date.now() + 2; Date.now() < until;) await Promise.resolve();
    await vi.advanceTimersByTimeAsync(3000);
  };
  const told: string[] = [];
  const log = {
    ...silentLog,
    error: (_: string, cause?: unknown) => void told.push((cause as Error).message),
  };
  await using _life = startInboxLife({ inboxes, store, log });
  await end();
  expect(told).toEqual(['disk I/O error']);
  problem = 'disk full';
  await end();
  expect(told).toEqual(['disk I/O error', 'disk full']);
  problem = null;
  await end();
  expect(inboxes.has('run')).toBe(false);
  problem = 'disk full';
  await end();
  expect(told).toEqual(['disk I/O error', 'disk full', 'disk full']);
});
