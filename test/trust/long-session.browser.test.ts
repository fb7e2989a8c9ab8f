// A session with more lines than are loaded by themselves, in a browser.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { makeLines } from '../web/support/fixture-lines.ts';
import { makeSession } from '../web/support/fixture-sessions.ts';
import { startMock } from '../web/support/mock-server.ts';
import { usePages } from '../web/support/page-test.ts';

const pageTest = usePages();
const count = 25_000;
const refused = count - 20;

function inBrowser(title: string, path: string, run: (page: Page) => Promise<void>): void {
  pageTest(title, { timeout: 60_000 }, async ({ page, keep }) => {
    const mock = keep(await startMock());
    mock.sessions.push(makeSession(94, { id: 's_flood', lines: count }));
    const said = (n: number) => (n === refused ? '554 5.7.1 Far too many' : n % 2 ? 'NOOP' : '250 2.0.0 OK');
    mock.lines.set(
      's_flood',
      makeLines(Array.from({ length: count }, (_, n) => [n % 2 ? 'C' : 'S', n * 90, said(n)])),
    );
    await page.goto(`${mock.url}/sessions/s_flood${path}`);
    await run(page);
  });
}

inBrowser('a line beyond what is loaded by itself is found by its URL', `?line=${refused}`, async (page) => {
  await page.locator(`[data-line="${refused}"]`).getByText('Far too many').waitFor();
  await page.getByRole('region', { name: `Line ${refused}`, exact: true }).waitFor();
});

inBrowser('of lines that are not loaded nothing is said', '', async (page) => {
  const more = page.getByRole('button', { name: 'Load more lines' });
  await more.waitFor();
  await page.getByRole('link', { name: 'Overview' }).click();
  await page
    .getByText(/^thought for \S+ \S+ in the first 20,000 lines$/)
    .first()
    .waitFor();
  await page.getByRole('link', { name: /^Transcript/ }).click();
  await page.getByRole('button', { name: 'Errors' }).click();
  await page.getByText('Nothing was refused and nothing was unusual in the lines that are loaded').waitFor();
  const find = page.getByRole('searchbox', { name: 'Find in the transcript' });
  await find.fill('Far too many');
  await page.getByText('none yet', { exact: true }).waitFor();
  await more.click();
  await page.locator(`[data-line="${refused}"]`).waitFor();
  await find.fill('Far too many');
  await page.getByText('1 of 1', { exact: true }).waitFor();
});

inBrowser('whoever loads the rest of the lines by keys goes on in the transcript', '', async (page) => {
  const more = page.getByRole('button', { name: 'Load more lines' });
  await more.focus();
  await page.keyboard.press('Enter');
  await more.waitFor({ state: 'detached' });
  await page.getByRole('searchbox', { name: 'Find in the transcript' }).waitFor();
  const isInside = () => page.evaluate(() => document.activeElement?.closest('[data-line]') != null);
  await expect.poll(isInside).toBe(true);
  await page.keyboard.press('j');
  await page.waitForURL(/\?line=\d+$/);
});
