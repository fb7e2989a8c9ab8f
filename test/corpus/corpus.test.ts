// A small part of what `npm run corpus` and test/trust/corpus.test.ts do.
import { describe, expect, test } from 'vitest';
import { parseMessage } from '../../server/mail/parse.ts';
import { scanHeader } from '../../server/mail/scan-header.ts';
import { createRandom } from '../search/random.ts';
import { mailFixtureNames, readMailFixture } from '../support/mail-fixture.ts';
import { startTestSandbox } from '../support/sandbox.ts';
import { findTool, needs } from '../support/tools.ts';
import { readInputs, type Input } from './inputs.ts';
import { makeOddMail } from './odd-mail.ts';
import { findPythonMails } from './package-mails.ts';
import { ownReading } from './reading.ts';
import { sendAndCompare } from './through-smtp.ts';

async function* smallCorpus(): AsyncGenerator<Input> {
  for (const name of mailFixtureNames) yield { name, bytes: readMailFixture(name) };
  const folder = await findPythonMails(findTool('python3')!);
  if (folder !== null) yield* readInputs([folder], () => undefined);
}

describe('mail from elsewhere', () => {
  needs('python3').test(
    'is stored byte by byte, and Python reads the same in it, or it is known why not',
    { timeout: 60_000 },
    async () => {
      const { totals, faults, unexplained } = await sendAndCompare(smallCorpus());
      expect(faults).toEqual([]);
      expect(unexplained).toEqual([]);
      expect(totals.messages).toBeGreaterThanOrEqual(mailFixtureNames.length);
    },
  );

  test('has all its addresses of To in the message, apart from Cc', async () => {
    await using sandbox = await startTestSandbox();
    await using wire = await sandbox.wire();
    await wire.hello();
    const to = Array.from({ length: 30 }, (_, n) => `a${n}@x.test`);
    await wire.mail(`To: ${to.join(',\r\n ')}\r\nCc: a1@x.test, c@x.test\r\n\r\nfindable\r\n`);
    // Text is searched once it is parsed, so that what is found by a word of it is.
    await sandbox.client.awaitMessages({ query: { query: 'findable', timeout: '8s' } });
    const message = await sandbox.client.readMessage({ params: { id: 'latest' } });
    expect(message.to.map(({ address }) => address)).toEqual(to);
    expect(message.cc.map(({ address }) => address)).toEqual(['a1@x.test', 'c@x.test']);
  });
});

test('odd mail means what its sender meant, before and after it is parsed', async () => {
  const random = createRandom(7);
  for (let n = 0; n < 200; n++) {
    const { raw, subject, from, files, text } = makeOddMail(random);
    const derived = await parseMessage(raw);
    const where = `message ${n}: ${raw.toString('latin1').slice(0, 2000)}`;
    const { attachments } = ownReading(derived);
    expect({ subject: derived.subject, from: derived.from, attachments }, where).toEqual({
      subject,
      from: [from],
      attachments: files,
    });
    expect(derived.text?.trim(), where).toBe(text);
    const { subject: listed, from: sender } = scanHeader(raw);
    expect({ subject: listed, from: sender }, where).toEqual({ subject, from: [from] });
  }
});
