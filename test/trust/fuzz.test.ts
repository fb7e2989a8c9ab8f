// The long form of test/fuzz: from new seeds, for as many minutes as asked. A failure names its seed.
import { expect, test } from 'vitest';
import { fuzzApi } from '../fuzz/api-bodies.ts';
import { fuzz } from '../fuzz/budget.ts';
import { fuzzMail, fuzzTls } from '../fuzz/parsers.ts';
import { fuzzFraming } from '../fuzz/smtp-framing.ts';
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
  const runs = await fuzz(budget, (random) => fuzzFraming(random, sandbox));
  console.log(`${runs} connections from seed ${firstSeed}`);
  expect(await bystander.mail()).toMatch(/^250 /);
});

test('the scan and the parser of mail stand any bytes', options, async () => {
  console.log(`${await fuzz(budget, fuzzMail)} messages from seed ${firstSeed}`);
});

test('the parsers of TLS stand any bytes', options, async () => {
  const runs = await fuzz({ ...budget, seconds: budget.seconds / 3 }, fuzzTls);
  console.log(`${runs} handshakes from seed ${firstSeed}`);
});

test('every call of the API stands any parameters and bodies', options, async () => {
  await using sandbox = await startTestSandbox();
  await sandbox.client.sendSample({ body: { kind: 'attachment' } });
  console.log(`${await fuzz(budget, (random) => fuzzApi(random, sandbox.url))} calls from seed ${firstSeed}`);
  expect(Object.keys(Object.prototype)).toEqual([]);
});
