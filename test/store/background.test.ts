// What can wait takes turns with mail that pours in.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createBackground } from '../../server/background.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const stepMs = 5;

test('where no mail comes, what can wait is done at once', async () => {
  const background = createBackground();
  expect(background.turn()).toBeNull();
  background.arrived();
  background.settled();
  await vi.advanceTimersByTimeAsync(30);
  expect(background.isPouring()).toBe(false);
  expect(background.turn()).toBeNull();
});

test('mail that waits for its 250 pours in, however long that takes', async () => {
  const background = createBackground();
  background.arrived();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(background.isPouring()).toBe(true);
  background.settled();
  await vi.advanceTimersByTimeAsync(30);
  expect(background.isPouring()).toBe(false);
});

test('while mail takes all the time there is, what can wait has some of it, and never none for long', async () => {
  const background = createBackground();
  const pauses: number[] = [0];
  let granted = 0;
  const steps = 1000;
  for (let n = 0; n < steps; n += 1) {
    background.arrived();
    background.settled();
    if (background.turn() === null) {
      granted += 1;
      pauses.push(0);
    } else pauses.push(pauses.pop()! + stepMs);
    await vi.advanceTimersByTimeAsync(stepMs);
  }
  expect(granted / steps).toBeGreaterThan(0.05);
  expect(granted / steps).toBeLessThan(0.75);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(500);
  expect(Math.max(...pauses)).toBeGreaterThanOrEqual(25);

  const turn = background.turn();
  await vi.advanceTimersByTimeAsync(500);
  await turn;
  expect(background.turn()).toBeNull();
});

test('who worked for long, as with a slow disk, waits twice as long while mail pours in, others do not', async () => {
  const background = createBackground();
  let isOver = false;
  const rest = (workedMs: number) => void background.rest(workedMs).then(() => (isOver = true));
  rest(900);
  await vi.advanceTimersByTimeAsync(0);
  expect(isOver).toBe(true);

  isOver = false;
  background.arrived();
  rest(900);
  await vi.advanceTimersByTimeAsync(1700);
  expect(isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(200);
  expect(isOver).toBe(true);

  isOver = false;
  rest(40);
  await vi.advanceTimersByTimeAsync(0);
  expect(isOver).toBe(true);

  isOver = false;
  rest(900);
  background.settled();
  await vi.advanceTimersByTimeAsync(60);
  expect(isOver).toBe(true);
});
