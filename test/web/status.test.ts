import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Status } from '../../shared/status.ts';
import { ServerStatus } from '../../web/state/status.svelte.ts';
import { createFeed, later } from './support/feed.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a page that was left, for the login for example, asks for the status no more, whatever was on its way', async () => {
  const answers: ReturnType<typeof later<Status>>[] = [];
  const status = new ServerStatus({
    readStatus: () => {
      const answer = later<Status>();
      answers.push(answer);
      return answer.promise;
    },
  });
  const stop = status.listen(createFeed());
  await vi.advanceTimersByTimeAsync(6000);
  expect(answers).toHaveLength(1);
  stop();
  answers[0]!.give({ storage: { state: 'ok' } } as Status);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(answers).toHaveLength(1);
});
