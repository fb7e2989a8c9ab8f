// A file that mocks the time and has the server look at it leaves a clock behind that is ahead, also for the files that come
// after it in the same process: their mail would be of the future. Such tests mock timers alone, or are in test/trust.
import { afterAll, expect, vi } from 'vitest';
import { nowUs } from '../../server/clock.ts';

afterAll(() => {
  vi.useRealTimers();
  const aheadMs = nowUs() / 1000 - Date.now();
  expect(aheadMs, 'so many milliseconds is the clock of the server ahead').toBeLessThan(1000);
});
