// Issues on the page, in a browser, against the real server.
import { expect } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { forAxe, pressKeys, problemsOf, usePages } from '../web/support/page-test.ts';

const pageTest = usePages();

/** A client whose addresses cannot be. */
async function sendMalformed(sandbox: TestSandbox, ...to: string[]): Promise<void> {
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.say('MAIL FROM:<ann@shop.example>');
  for (const one of to) await wire.say(`RCPT TO:<${one}>`);
  await wire.say('QUIT');
}

for (const [width, scheme] of [
  [1280, 'light'],
  [390, 'dark'],
] as const)
  pageTest(
    `what is found wrong appears by itself, is counted, noted, decided and taken back, ${width} pixels wide and ${scheme}`,
    { timeout: 90_000, viewport: { width, height: 844 }, colorScheme: scheme, ...forAxe },
    async ({ page, keep }) => {
      const sandbox = keep(await startTestSandbox());
      const problems: string[] = [];
      const look = async (what: string) => problems.push(...(await problemsOf(page, what)));
      const rows = page.getByRole('grid', { name: 'Issues' }).getByRole('row');
      await page.goto(`${sandbox.url}/inbox`);
      await page.getByRole('heading', { name: /^Waiting for/ }).waitFor();
      await pressKeys(page, 'g', 'p');
      await page.getByRole('heading', { name: 'No problem was found' }).waitFor();
      await look('empty');

      await sendMalformed(sandbox, 'bob..b@shop.example');
      await expect.poll(() => rows.count()).toBe(1);
      await page.getByRole('link', { name: /^Issues\W*1\W*open$/ }).waitFor();
      await sendMalformed(sandbox, 'bob..b@shop.example');
      await rows.getByText(/^2×/).waitFor();
      await look('list');

      await page.keyboard.press('j');
      const detail = page.getByRole('region', { name: 'The issue' });
      await detail.getByText('found 2 times').waitFor();
      await detail.getByRole('heading', { name: 'What to do' }).waitFor();
      await look('open');
      const { items } = await sandbox.client.listIssues();
      expect(new URL(page.url()).pathname).toBe(`/issues/${items[0]!.id}`);

      await detail.getByRole('textbox', { name: 'Note' }).fill('Ask Bob <b>');
      await detail.getByText('Saved').waitFor();
      expect((await sandbox.client.listIssues()).items[0]).toMatchObject({ note: 'Ask Bob <b>' });

      const stateOf = async () => (await sandbox.client.listIssues()).items[0]!.state;
      await detail.getByRole('button', { name: 'Resolved' }).press('Enter');
      await expect.poll(stateOf).toBe('resolved');
      await page.getByText('Issue resolved').waitFor();
      await look('resolved');
      await page.getByRole('button', { name: 'Undo' }).press('Enter');
      await expect.poll(stateOf).toBe('open');
      expect(await page.evaluate(() => document.activeElement === document.body)).toBe(false);
      await detail.getByRole('button', { name: 'Resolved' }).press('Enter');
      await expect.poll(stateOf).toBe('resolved');
      await sendMalformed(sandbox, 'bob..b@shop.example');
      await detail.getByText(/came back once/).waitFor();
      await expect
        .poll(() => detail.getByRole('button', { name: 'Open' }).getAttribute('aria-pressed'))
        .toBe('true');

      await detail
        .getByRole('link', { name: /^line \d+/ })
        .first()
        .press('Enter');
      await page.getByText('bob..b@shop.example').first().waitFor();
      expect(new URL(page.url()).searchParams.get('line')).not.toBeNull();
      await page.goto(`${sandbox.url}/sessions?q=has:finding`);
      await expect.poll(() => page.getByRole('grid', { name: 'Sessions' }).getByRole('row').count()).toBe(3);

      await sandbox.client.deleteIssues({ body: { all: true } });
      await page.goto(`${sandbox.url}/issues/${items[0]!.id}`);
      await page.getByRole('heading', { name: 'This issue is not there any more' }).waitFor();
      await look('gone');
      expect(problems).toEqual([]);
    },
  );
