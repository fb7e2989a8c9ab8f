// Scrolling the list of messages, in a browser, against the real server.
import type { Page, Route } from 'playwright-core';
import { expect } from 'vitest';
import { grid, rows, useList } from '../web/support/list-page.ts';

const inBrowser = useList();

/** Further pages of the list do not come until they are let go. */
async function holdPages(page: Page): Promise<() => Promise<void>> {
  const held: Route[] = [];
  let isHolding = true;
  await page.route(
    (url) => url.pathname === '/api/messages',
    (route) => (isHolding ? void held.push(route) : route.continue()),
  );
  return async () => {
    // One may be asked for only now.
    isHolding = false;
    for (const route of held) await route.continue();
  };
}

inBrowser(
  'mail that comes while one reads further down moves nothing, and is one press away',
  Array.from({ length: 60 }, (_, n) => `Mail ${n}`),
  async ({ page, send }) => {
    await grid(page).evaluate((element) => element.scrollTo(0, 1500));
    await expect.poll(() => page.getByText('Mail 38', { exact: true }).isVisible()).toBe(true);
    const before = await page.getByText('Mail 38', { exact: true }).boundingBox();
    await send('New 1', 'New 2', 'New 3');
    await page.getByRole('button', { name: '3 new' }).click();
    await page.getByText('New 3').waitFor();
    await page.getByRole('button', { name: '3 new' }).waitFor({ state: 'detached' });
    await grid(page).evaluate((element, rowHeight) => element.scrollTo(0, 1500 + 3 * rowHeight), 76);
    await expect
      .poll(async () => (await page.getByText('Mail 38', { exact: true }).boundingBox())?.y)
      .toBe(before?.y);
  },
);

inBrowser(
  'what a link opens is in sight in the list, which is as wide as one made it',
  Array.from({ length: 24 }, (_, n) => `Mail ${n}`),
  async ({ page, sandbox }) => {
    const { items } = await sandbox.client.listMessages();
    await page.goto(`${sandbox.url}/inbox/${items.at(-1)?.id}`);
    await rows(page).filter({ hasText: 'Mail 0' }).waitFor();
    await expect.poll(() => grid(page).evaluate((element) => element.scrollTop)).toBeGreaterThan(0);
    const divider = page.getByRole('separator', { name: 'Width of the list' });
    const width = async (): Promise<number> => Number(await divider.getAttribute('aria-valuenow'));
    await divider.press('ArrowRight');
    await expect.poll(width).toBe(36);
    const place = await divider.boundingBox();
    await page.mouse.move(place!.x, 300);
    await page.mouse.down();
    await page.mouse.move(place!.x + 100, 300, { steps: 3 });
    await page.mouse.up();
    const dragged = await width();
    expect(dragged).toBeGreaterThan(40);
    await page.reload();
    await expect.poll(width).toBe(dragged);
  },
);

inBrowser(
  'End leads to the very first message, however many are not loaded yet, and Home back',
  Array.from({ length: 1250 }, (_, n) => `Mail ${n}`),
  async ({ page }) => {
    const active = page.locator('[role=row].active');
    const loaded = page.getByRole('status').filter({ hasText: 'Loading up to the last row' });
    await page.keyboard.press('End');
    await active.filter({ hasText: 'Mail 0' }).waitFor();
    expect(await active.getAttribute('aria-rowindex')).toBe('1250');
    expect(await grid(page).getAttribute('aria-rowcount')).toBe('1250');
    expect(await loaded.count()).toBe(0);
    await page.keyboard.press('Home');
    await active.filter({ hasText: 'Mail 1249' }).waitFor();
  },
);

inBrowser(
  'a key ends the way to the last row',
  Array.from({ length: 700 }, (_, n) => `Mail ${n}`),
  async ({ page }) => {
    const letGo = await holdPages(page);
    await grid(page).focus();
    await page.keyboard.press('End');
    await page.getByText('Loading up to the last row: 200 so far').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.getByText('Loading up to the last row').waitFor({ state: 'detached' });
    await letGo();
    await expect.poll(() => grid(page).getAttribute('aria-rowcount')).toBe('700');
    await rows(page).filter({ hasText: 'Mail 698' }).and(page.locator('.active')).waitFor();
  },
);

inBrowser(
  'who goes elsewhere on the way to the last row is not called back',
  Array.from({ length: 700 }, (_, n) => `Mail ${n}`),
  async ({ page }) => {
    const letGo = await holdPages(page);
    await page.keyboard.press('End');
    await page.getByText('Loading up to the last row').waitFor();
    const box = page.getByRole('combobox', { name: 'Search messages' });
    await box.focus();
    await letGo();
    await page.getByText('Loading up to the last row').waitFor({ state: 'detached' });
    await page.keyboard.type('M');
    expect(await box.inputValue()).toBe('M');
  },
);

inBrowser(
  'who is at the end while the rows are read anew gets those below, too',
  Array.from({ length: 450 }, (_, n) => `Mail ${n}`),
  async ({ page }) => {
    const asked = {
      '/api/status': [] as Array<() => Promise<void>>,
      '/api/messages': [] as Array<() => Promise<void>>,
    };
    for (const [path, held] of Object.entries(asked))
      await page.route(
        (url) => url.pathname === path,
        (route) => void held.push(() => route.continue()),
      );
    const answer = async (path: keyof typeof asked): Promise<void> => {
      await expect.poll(() => asked[path].length).toBeGreaterThan(0);
      await asked[path].shift()?.();
    };
    await page.goto(page.url());
    await answer('/api/messages');
    await rows(page).first().waitFor();
    // Only now it learns where live events begin, and reads the rows anew.
    await answer('/api/status');
    await expect.poll(() => asked['/api/messages'].length).toBe(1);
    await grid(page).evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await rows(page).filter({ hasText: 'Mail 250' }).waitFor();
    await answer('/api/messages');
    await answer('/api/messages');
    await rows(page).filter({ hasText: 'Mail 249' }).waitFor();
  },
);
