// Steps of long changes fit the time that they take.
import { expect, test } from 'vitest';
import { createPace, type PaceOptions } from '../../server/store/pace.ts';

function steps(options: PaceOptions = { most: 250, fewest: 25 }) {
  const pace = createPace(options);
  /** The rows of a step that takes so long. */
  return (ms: number): Promise<number> => pace.step(async (rows) => ({ value: rows, tookUs: ms * 1000 }));
}

test('a step after a slow one has fewer rows, and never so few that nothing gets done', async () => {
  const step = steps();
  expect(await step(200)).toBe(250);
  expect(await step(200)).toBe(50);
  expect(await step(5000)).toBe(25);
  expect(await step(5000)).toBe(25);
});

test('quick steps have as many as may be again, little by little', async () => {
  const step = steps();
  await step(200);
  expect(await step(1)).toBe(50);
  expect(await step(1)).toBe(100);
  expect(await step(1)).toBe(200);
  expect(await step(1)).toBe(250);
  expect(await step(1)).toBe(250);
});

test('a step that had little to do does not make the next one longer, but may make it shorter', async () => {
  const pace = createPace({ most: 250, first: 50, fewest: 25 });
  const step = (ms: number, more: boolean) =>
    pace.step(
      async (rows) => ({ value: rows, tookUs: ms * 1000 }),
      () => more,
    );
  for (let n = 0; n < 5; n += 1) expect(await step(1, false)).toBe(50);
  expect(await step(1, true)).toBe(50);
  expect(await step(160, false)).toBe(100);
  expect(await step(1, false)).toBe(25);
});

test('the first step need not have the most', async () => {
  const step = steps({ most: 1000, first: 100, fewest: 10 });
  expect(await step(1)).toBe(100);
  expect(await step(1)).toBe(200);
});
