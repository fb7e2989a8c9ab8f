// A search on its way, and the way out of it by keys, in a browser, against the real server.
import type { Locator, Page, Route } from 'playwright-core';
import { expect } from 'vitest';
import { grid, subjects, useList } from './support/list-page.ts';

const inBrowser = useList();

const box = (page: Page) => page.getByRole('combobox', { name: 'Search messages' });
const queryOf = (page: Page): string | null => new URL(page.url()).searchParams.get('q');

inBrowser(
  'Esc in a search that finds nothing, or cannot be read, leads back to all, and nothing jumps on the way',
  ['Welcome'],
  async ({ page }) => {
    const hasFocus = (place: Locator) => () => place.evaluate((node) => node === document.activeElement);
    for (const more of ['', ' subject:(']) {
      await page.keyboard.press('/');
      await page.keyboard.type('nothing-of-this');
      await page.keyboard.press('Enter');
      await page.getByText('No message matches').waitFor();
      await page.keyboard.type(more);
      await page.keyboard.press('Enter');
      await expect.poll(() => page.getByRole('search').getByRole('alert').count()).toBe(more === '' ? 0 : 1);
      // Until it is answered there is a list to go on to.
      await expect.poll(() => grid(page).count()).toBe(0);

      const held: Route[] = [];
      await page.route(/\/api\/messages\?/, (route) => void held.push(route));
      await page.keyboard.press('Escape');
      await expect.poll(() => held.length).toBe(1);
      expect(await hasFocus(box(page))()).toBe(true);
      expect([queryOf(page), await box(page).inputValue()]).toEqual([null, '']);
      await held[0]?.continue();
      await page.unroute(/\/api\/messages\?/);
      await expect.poll(() => subjects(page)).toEqual(['Welcome']);
      await page.keyboard.press('Escape');
      await expect.poll(hasFocus(grid(page))).toBe(true);
    }
  },
);

inBrowser(
  'until its rows are there, a search does not say how many it found',
  ['Welcome', 'Invoice'],
  async ({ page }) => {
    const count = page.locator('header .second > .count');
    await expect.poll(() => count.textContent()).toBe('2');
    const held: Route[] = [];
    await page.route(/\/api\/messages\?/, (route) => void held.push(route));
    await box(page).fill('invoice');
    await expect.poll(() => held.length).toBe(1);
    expect(await count.textContent()).toBe('');
    expect(await subjects(page)).toEqual(['Invoice', 'Welcome']);
    await held[0]?.continue();
    await expect.poll(() => count.textContent()).toBe('1 found');
  },
);
