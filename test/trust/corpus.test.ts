// Faithfulness (R29, R30): thousands of messages that others made, through SMTP and back.
import { expect } from 'vitest';
import { readInputs, type Input } from '../corpus/inputs.ts';
import { makeOddMail } from '../corpus/odd-mail.ts';
import { findDebianMails } from '../corpus/package-mails.ts';
import { summarize } from '../corpus/report.ts';
import { sendAndCompare, type Outcome } from '../corpus/through-smtp.ts';
import { createRandom } from '../search/random.ts';
import { whereAllowed } from '../support/allowed.ts';
import { needs } from '../support/tools.ts';
import { effort, timeFor } from './effort.ts';

const { folders, missing } = await findDebianMails();
for (const what of missing) console.warn(`\nnot run: mail of the package ${what}\n`);
/** Of the packages that could be had. */
const least = folders.reduce((sum, { messages }) => sum + messages, 0);

function expectFaithful({ totals, faults, unexplained }: Outcome, least: number): void {
  console.log(summarize(totals).join('\n'));
  expect(faults).toEqual([]);
  expect(totals.messages).toBeGreaterThanOrEqual(least);
  // 99.5 % are read alike or it is known why not; what is left is printed.
  if (unexplained.length > 0) console.log(unexplained.join('\n'));
  expect(totals.unexplained).toBeLessThanOrEqual(totals.messages * 0.005);
}

whereAllowed('mail of Debian packages', folders.length === 0 ? 'no package could be had' : null).test(
  'mail that Debian packages bring is stored byte by byte and read as Python reads it',
  { timeout: 240_000 },
  async () =>
    expectFaithful(
      await sendAndCompare(
        readInputs(
          folders.map(({ path }) => path),
          () => undefined,
        ),
      ),
      least,
    ),
);

needs('python3').test(
  'odd mail is stored byte by byte, and where Python reads something else it is known why',
  { timeout: timeFor('minutes', 1, 120_000) },
  async () => {
    const seed = Date.now() % 1_000_000;
    console.log(`seed ${seed}`);
    const random = createRandom(seed);
    function* made(): Generator<Input> {
      for (let n = 0; n < 500 * effort('minutes', 1); n++)
        yield { name: `message ${n} of seed ${seed}`, bytes: makeOddMail(random).raw };
    }
    expectFaithful(await sendAndCompare(made()), 500 * effort('minutes', 1));
  },
);
