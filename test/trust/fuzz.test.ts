// The long form of test/fuzz: from new seeds, guided by coverage, for as many minutes as asked. A failure tells how to
// run the same input again.
import { expect, test } from 'vitest';
import { fuzzApi } from '../fuzz/api-bodies.ts';
import { fuzzGuided, replay } from '../fuzz/guided.ts';
import { opens } from '../fuzz/lock.ts';
import { fuzzMail, fuzzTls } from '../fuzz/parsers.ts';
import { fuzzSearch } from '../fuzz/search-texts.ts';
import { fuzzFraming } from '../fuzz/smtp-framing.ts';
import type { Random } from '../search/random.ts';
import { startTestSandbox } from '../support/sandbox.ts';
import { effort, timeFor } from './effort.ts';

const firstSeed = Date.now() % 1_000_000_000;
const usualMinutes = 0.15;
const budget = { firstSeed, seconds: effort('minutes', usualMinutes) * 60 };
const options = { timeout: timeFor('minutes', usualMinutes, 60_000) };

test('SMTP framing stands any bytes in any segments, and other sessions are unharmed', options, async () => {
  await using sandbox = await startTestSandbox({ recordCredentials: true, idleTimeout: '2h' });
  await using bystander = await sandbox.wire();
  await bystander.hello();
  console.log(`framing: ${await fuzzGuided(budget, (random) => fuzzFraming(random, sandbox))}`);
  expect(await bystander.mail()).toMatch(/^250 /);
});

test('the scan and the parser of mail stand any bytes', options, async () => {
  console.log(`mail: ${await fuzzGuided(budget, fuzzMail)}`);
});

test('the parsers of TLS stand any bytes', options, async () => {
  console.log(`TLS: ${await fuzzGuided({ ...budget, seconds: budget.seconds / 3 }, fuzzTls)}`);
});

test('the grammar of searches stands any text', options, async () => {
  console.log(`searches: ${await fuzzGuided({ ...budget, seconds: budget.seconds / 3 }, fuzzSearch)}`);
});

test('every call of the API stands any parameters and bodies', options, async () => {
  await using sandbox = await startTestSandbox();
  await sandbox.client.sendSample({ body: { kind: 'attachment' } });
  console.log(`API: ${await fuzzGuided(budget, (random) => fuzzApi(random, sandbox.url))}`);
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test('guided by coverage it finds what only a chain of unlikely decisions leads to, and runs it again', async () => {
  const lock = (random: Random): void => {
    if (opens([10, 10, 10, 10].map((n) => random.below(n)))) throw new Error('opened');
  };
  const budget = { seconds: 40, firstSeed: 1 };
  const found = await fuzzGuided(budget, lock, /fuzz\/lock\.ts/).catch((error: Error) => error.message);
  const [, decisions] = /^opened\nreplay\('(.+)'\)$/.exec(String(found)) ?? [];
  expect(() => lock(replay(decisions ?? ''))).toThrow('opened');
});
