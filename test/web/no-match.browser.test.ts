// A search that finds nothing, in a browser, against the real server: how one goes on from it.
import { expect } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';
import { usePages } from './support/page-test.ts';

const pageTest = usePages();

for (const { path, noun, missing } of [
  { path: '/inbox', noun: 'messages', missing: 'No message matches' },
  { path: '/sessions', noun: 'sessions', missing: 'No session matches' },
])
  pageTest(
    `who takes back a search of ${noun} that found nothing goes on typing in the box`,
    { timeout: 60_000 },
    async ({ page, keep }) => {
      const sandbox = keep(await startTestSandbox());
      await using wire = await sandbox.wire();
      await wire.hello();
      expect(await wire.mail('Subject: Welcome\r\n\r\nHello\r\n')).toMatch(/^250/);
      await page.goto(sandbox.url + path);
      const box = page.getByRole('combobox', { name: `Search ${noun}` });
      const rows = page.getByRole('grid').getByRole('row');
      await rows.first().waitFor();
      // Nothing may come in between, not even for the time of one answer.
      await page.evaluate(() => {
        new MutationObserver(() => {
          if (document.body.innerText.includes('Waiting for the first')) document.body.dataset['waited'] = '';
        }).observe(document.body, { subtree: true, childList: true });
      });
      await box.click();
      await page.keyboard.type('zzzz');
      await page.getByText(missing).waitFor();
      await page.keyboard.press('Control+a');
      await page.keyboard.press('Delete');
      await rows.first().waitFor();
      await page.keyboard.type('wel');
      expect(await box.inputValue()).toBe('wel');
      expect(await page.evaluate(() => document.body.dataset['waited'])).toBeUndefined();
    },
  );
