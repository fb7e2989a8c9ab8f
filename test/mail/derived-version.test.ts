// Messages are parsed again after an update only where DERIVED_VERSION was raised.
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { DERIVED_VERSION } from '../../server/mail/derived.ts';
import { parseMessage } from '../../server/mail/parse.ts';
import { mailFixtureNames, readMailFixture } from '../support/mail-fixture.ts';

test('what is read of a message changes only with a new DERIVED_VERSION', async () => {
  const hash = createHash('sha256');
  for (const name of mailFixtureNames) hash.update(JSON.stringify(await parseMessage(readMailFixture(name))));
  // Another digest: first raise the version, then put both here.
  expect([DERIVED_VERSION, hash.digest('hex')]).toEqual([
    9,
    '824adf20d941ded9a5af10b3abe754f7ac30435ed7e2bfb33c75e430f617d530',
  ]);
});
