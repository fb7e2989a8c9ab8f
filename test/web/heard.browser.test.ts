// The page for who cannot see it, has no pointer, or takes the colours of the system.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { startMock } from './support/mock-server.ts';
import { usePages } from './support/page-test.ts';

const pageTest = usePages();
const said = (page: Page, text: string): Promise<void> =>
  page.getByRole('status').filter({ hasText: text }).waitFor({ state: 'attached' });

pageTest(
  'a row is called by its message, and what is opened and restored is read out',
  { timeout: 60_000 },
  async ({ page, keep }) => {
    const mock = keep(await startMock());
    await page.goto(mock.url);
    const grid = page.getByRole('grid', { name: 'Messages' });
    await grid.getByRole('row', { name: /^unread .*Rechnung 4201/ }).waitFor();
    await grid.press('Enter');
    await said(page, 'Open: Rechnung 4201');
    expect(await page.title()).toMatch(/Rechnung 4201.* · Inbox · Mailscope$/);

    await grid.press('x');
    await said(page, '1 selected');
    await page.keyboard.press('e');
    await said(page, 'Message deleted');
    await page.keyboard.press('Control+z');
    await said(page, '1 message restored');

    await page.getByRole('button', { name: 'Compare', exact: true }).focus();
    await page.keyboard.press('Escape');
    await expect.poll(() => grid.evaluate((node) => node === document.activeElement)).toBe(true);
  },
);
