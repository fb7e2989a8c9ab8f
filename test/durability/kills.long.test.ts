// The short version of test/trust/kills.test.ts.
import { test } from 'vitest';
import { killOften } from '../durability/kills.ts';

test('after two kills under load every acknowledged message is there, once, with its bytes', async () => {
  const { told } = await killOften({ cycles: 2, clients: () => 8, longestMs: 300, least: 20 });
  console.log(told);
}, 60_000);
