import { expect, test } from 'vitest';
import { createAging, createClock } from '../../server/clock.ts';

const hourMs = 3_600_000;

/** A clock over two that the test sets, in milliseconds. */
function setClocks() {
  const set = { steady: 5000, wall: 1_800_000_000_000 };
  const now = createClock(
    () => set.steady,
    () => set.wall,
  );
  return { set, nowMs: () => now() / 1000 };
}

test('after the machine slept, while its steady clock stood still, it is as late as on the wall', () => {
  const { set, nowMs } = setClocks();
  set.wall += 8 * hourMs;
  expect(nowMs()).toBe(set.wall);
  set.steady += 1500;
  set.wall += 1500;
  expect(nowMs()).toBe(set.wall);
});

test('a clock that is set back does not make it earlier', () => {
  const { set, nowMs } = setClocks();
  const before = nowMs();
  set.steady += 10;
  set.wall -= hourMs;
  expect(nowMs()).toBe(before + 10);
});

test('times between the milliseconds of the wall clock are kept', () => {
  const { set, nowMs } = setClocks();
  const before = nowMs();
  set.steady += 0.25;
  set.wall += 1;
  expect(nowMs()).toBe(before + 0.25);
});

test('a year that passes at once makes no mail older than a minute, and the next look no older than two', () => {
  let now = 0;
  const aging = createAging(() => now);
  now = 365 * 24 * hourMs * 1000;
  expect(aging()).toBe(60_000_000);
  expect(aging()).toBe(120_000_000);
});

test('time that passes as usual makes mail as old as it is', () => {
  let now = 0;
  const aging = createAging(() => now);
  for (now = 1_000_000; now < 200_000_000; now += 1_000_000) expect(aging()).toBe(now);
});
