// A few seconds each, from the same seeds every time; `npm run test:trust` goes on from new ones.
import { expect, test } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';
import { callCount, fuzzApi } from './api-bodies.ts';
import { fuzz } from './budget.ts';
import { fuzzMail, fuzzTls } from './parsers.ts';
import { fuzzSearch } from './search-texts.ts';
import { fuzzFraming } from './smtp-framing.ts';

const short = { seconds: 2, firstSeed: 1 };

test('an SMTP connection takes any bytes in any segments: replies are well formed, the transcript is the wire', async () => {
  await using sandbox = await startTestSandbox({ recordCredentials: true });
  await using bystander = await sandbox.wire();
  await bystander.hello();
  expect(await fuzz(short, (random) => fuzzFraming(random, sandbox))).toBeGreaterThan(3);
  expect(await bystander.mail()).toMatch(/^250 /);
});

test('mail of any bytes is scanned and parsed', async () => {
  expect(await fuzz(short, fuzzMail)).toBeGreaterThan(10);
});

test('TLS of any bytes is read, and the same however it is cut', async () => {
  expect(await fuzz({ ...short, seconds: 1 }, fuzzTls)).toBeGreaterThan(50);
});

test('any text in the search box is understood and written down again, or refused with a place', async () => {
  expect(await fuzz({ ...short, seconds: 1 }, fuzzSearch)).toBeGreaterThan(50);
});

test('no call of the API is brought to a fault by what it is given', async () => {
  await using sandbox = await startTestSandbox();
  await sandbox.client.sendSample({ body: { kind: 'attachment' } });
  expect(callCount).toBeGreaterThan(30);
  expect(await fuzz(short, (random) => fuzzApi(random, sandbox.url))).toBeGreaterThan(20);
  expect(({} as Record<string, unknown>).ids).toBeUndefined();
});
