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
    '66cdee072202389af25ae382b8489b0a3a94f43c9048e7e73b8c949e1743f67a',
  ]);
});
