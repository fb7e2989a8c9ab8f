// What the frame says whatever the view: a storage in trouble, and an address where there is nothing.
import { expect } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';
import { startMock } from '../web/support/mock-server.ts';
import { forAxe, pressKeys, problemsOf, usePages } from '../web/support/page-test.ts';

const pageTest = usePages();

pageTest(
  'a storage that refuses mail is said on every view, with what to do, until it works again',
  { timeout: 60_000, viewport: { width: 390, height: 844 }, colorScheme: 'dark', ...forAxe },
  async ({ page, keep }) => {
    const mock = keep(await startMock());
    await page.goto(`${mock.url}/settings`);
    await page.getByText('Notifications', { exact: true }).waitFor();
    await page.getByText('Live', { exact: true }).first().waitFor();
    const notice = page.getByRole('alert');
    expect(await notice.count()).toBe(0);
    const low = '12 MiB are free for the data folder, 64 MiB are kept (--min-free). Free some space';
    Object.assign(mock.storage, { state: 'degraded', problem: low, freeBytes: 12, minFreeBytes: 64 });
    await notice.waitFor({ timeout: 10_000 });
    expect(await notice.innerText()).toContain('the disk is nearly full');
    expect(await notice.innerText()).toContain(`${low}.`);
    expect(await problemsOf(page, 'notice')).toEqual([]);
    await pressKeys(page, 'g', 's');
    await page.getByRole('grid', { name: 'Sessions' }).waitFor();
    expect(await notice.isVisible()).toBe(true);
    Object.assign(mock.storage, { problem: 'The data folder cannot be written (EIO).', freeBytes: 100 });
    await page.getByText('it cannot be stored').waitFor({ timeout: 10_000 });
    Object.assign(mock.storage, { state: 'ok', problem: null });
    await notice.waitFor({ state: 'detached', timeout: 10_000 });
  },
);

pageTest(
  'who follows a link to nowhere is told so on the page, a program as JSON',
  { timeout: 60_000, ...forAxe },
  async ({ page, keep }) => {
    const sandbox = keep(await startTestSandbox());
    const answer = await page.goto(`${sandbox.url}/nowhere%3Cb%3E/x`);
    expect(answer?.status()).toBe(404);
    await page.getByText('There is nothing at /nowhere%3Cb%3E/x').waitFor();
    expect(await problemsOf(page, 'nowhere')).toEqual([]);
    await page.getByRole('button', { name: 'Go to the inbox' }).click();
    await page.waitForURL('**/inbox');
    for (const [path, accept] of [
      ['/nowhere', '*/*'],
      ['/api/nowhere', 'text/html'],
      ['/api', 'text/html'],
    ] as const) {
      const told = await fetch(sandbox.url + path, { headers: { Accept: accept } });
      expect([told.status, await told.json()]).toMatchObject([404, { error: { code: 'not_found' } }]);
    }
    const post = await fetch(`${sandbox.url}/nowhere`, { method: 'POST', headers: { Accept: 'text/html' } });
    expect([post.status, post.headers.get('Content-Type')]).toEqual([404, 'application/json; charset=utf-8']);
  },
);

pageTest(
  'the focus goes on to what one works with, where what had it goes away',
  { timeout: 60_000 },
  async ({ page, keep }) => {
    const mock = keep(await startMock());
    const focused = (): Promise<string | null> =>
      page.evaluate(() => {
        const { activeElement: element } = document;
        return element?.getAttribute('aria-label') ?? element?.tagName ?? null;
      });
    await page.goto(`${mock.url}/inbox/m_pending`);
    await page.getByRole('button', { name: 'Delete', exact: true }).first().press('Enter');
    const undo = page.getByRole('status').getByRole('button', { name: 'Undo' });
    await undo.press('Enter');
    await expect.poll(focused).toBe('Messages');

    await page.goto(`${mock.url}/sessions/s_captured/transcript?line=3`);
    await page.locator('[data-line="3"] a').first().focus();
    await page.keyboard.press('j');
    await expect.poll(focused).toBe('Line 4');
    await page.getByRole('button', { name: 'Close', exact: true }).press('Enter');
    await expect.poll(focused).toBe('Line 4');

    await page.goto(mock.url);
    const rows = page.getByRole('grid', { name: 'Messages' });
    // The grid is there before its rows.
    await rows.getByRole('row').first().waitFor();
    await rows.press('Control+a');
    await rows.press('Delete');
    await page.getByRole('heading', { name: 'Waiting for the first message' }).waitFor();
    // What Tab goes on from.
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('view');
    await page.keyboard.press('Control+z');

    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(mock.url);
    await rows.getByRole('row').first().waitFor();
    await rows.press('Enter');
    await expect.poll(focused).toBe('Open message');
    await page.getByRole('button', { name: 'Back to the list' }).press('Enter');
    await expect.poll(focused).toBe('messages');
  },
);
