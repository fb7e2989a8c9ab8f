// The page for who cannot see it, has no pointer, or takes the colours of the system.
import type { Page, Route } from 'playwright-core';
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

pageTest(
  'with single keys off only those that type nothing do something',
  { timeout: 60_000 },
  async ({ page, keep }) => {
    const mock = keep(await startMock());
    await page.goto(`${mock.url}/settings`);
    await page.getByRole('checkbox', { name: 'Single letters and signs are keys' }).uncheck();
    await page.goto(mock.url);
    await page.getByRole('link', { name: /Rechnung 4201/ }).waitFor();
    await page.getByRole('grid', { name: 'Messages' }).focus();
    for (const key of ['e', '#', 'x', 'j', '?', 'g', 's']) await page.keyboard.press(key);
    await page.keyboard.press('Delete');
    await said(page, 'Message deleted');
    // The page says so before the server does it.
    await expect.poll(() => mock.calls.filter((call) => call.includes('/delete'))).toHaveLength(1);
    expect(new URL(page.url()).pathname).toBe('/');
    expect(await page.getByRole('dialog').count()).toBe(0);
  },
);

pageTest(
  'in the colours of the system, what is open, on or chosen has their own colour for it',
  { timeout: 60_000, forcedColors: 'active' },
  async ({ page, keep }) => {
    const mock = keep(await startMock());
    await page.goto(`${mock.url}/inbox/m_invoice/text`);
    const ground = (name: RegExp, role: 'link' | 'button' | 'option') =>
      page
        .getByRole(role, { name })
        .first()
        .evaluate((node) => getComputedStyle(node).backgroundColor);
    await page.getByRole('link', { name: 'Text', exact: true }).waitFor();
    const chosen = await ground(/^Text$/, 'link');
    expect(chosen).not.toBe(await ground(/^Source$/, 'link'));
    expect(await ground(/Rechnung 4201/, 'link')).toBe(chosen);
    expect(await ground(/^Fixed width$/, 'button')).toBe(chosen);
    const drawn = (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((node) => {
          const { backgroundColor, color } = getComputedStyle(node);
          return backgroundColor === color;
        });
    expect(await drawn('[role=row] .dot')).toBe(true);
    expect(await drawn('[role=separator]')).toBe(true);
    await page.getByRole('combobox', { name: 'Search messages' }).fill('is:');
    await page.keyboard.press('ArrowDown');
    expect(await ground(/./, 'option')).toBe(chosen);
    await page.goto(`${mock.url}/faults?rule=f_off`);
    const knob = '[aria-current] [role=switch] .dot';
    await page.locator(knob).waitFor();
    expect(await drawn(knob)).toBe(true);
  },
);

pageTest(
  'the focus stays on a button while what it does is under way, and on one that copies over plain HTTP',
  { timeout: 60_000 },
  async ({ page, keep }) => {
    const mock = keep(await startMock());
    // As of a page that comes over HTTP from another machine.
    await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    const isFocused = (name: string | RegExp): Promise<boolean> =>
      page.getByRole('button', { name }).evaluate((button) => button === document.activeElement);
    await page.goto(`${mock.url}/connect`);
    const held: Route[] = [];
    await page.route('**/api/sample', (route) => void held.push(route));
    await page.getByRole('button', { name: 'Send a sample' }).press('Enter');
    await expect.poll(() => held.length).toBe(1);
    await page.getByRole('button', { name: /^Sending/ }).press('Enter');
    expect(await isFocused(/^Sending/)).toBe(true);
    await held[0]?.abort();
    await page.getByRole('alert').waitFor();
    expect(await isFocused('Send a sample')).toBe(true);

    await page
      .getByRole('button', { name: /^Copy, / })
      .first()
      .press('Enter');
    await said(page, 'Copied');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BUTTON');
  },
);

pageTest(
  'what to compare with is found and chosen by keys alone, also by the arrows',
  { timeout: 60_000 },
  async ({ page, keep }) => {
    const mock = keep(await startMock());
    await page.goto(`${mock.url}/inbox/m_invoice`);
    await page.getByRole('button', { name: 'Compare', exact: true }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Compare with' });
    const second = dialog.getByRole('link').nth(1);
    await second.waitFor();
    const path = await second.getAttribute('href');
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp', 'Enter'])
      await page.keyboard.press(key);
    await expect.poll(() => new URL(page.url()).pathname).toBe(path);

    await page.goto(`${mock.url}/sessions/s_captured`);
    await page.getByRole('button', { name: 'Compare', exact: true }).press('Enter');
    const session = page.getByRole('dialog', { name: 'Compare with' }).getByRole('link').first();
    await session.waitFor();
    await page.keyboard.press('ArrowDown');
    expect(await session.evaluate((link) => link === document.activeElement)).toBe(true);
    expect(await session.evaluate((link) => getComputedStyle(link).outlineStyle)).toBe('solid');
  },
);

pageTest(
  'a second Esc leaves a field that the first one emptied, and the keys of the page work again',
  { timeout: 60_000 },
  async ({ page, keep }) => {
    const mock = keep(await startMock());
    for (const [tab, name] of [
      ['source', 'Find in the source'],
      ['headers', 'Filter headers'],
    ] as const) {
      await page.goto(`${mock.url}/inbox/m_invoice/${tab}`);
      const field = page.getByRole('searchbox', { name });
      await field.fill('from');
      await field.press('Escape');
      expect([await field.inputValue(), new URL(page.url()).pathname]).toEqual([
        '',
        `/inbox/m_invoice/${tab}`,
      ]);
      await field.press('Escape');
      await page.keyboard.press('1');
      await page.waitForURL('**/m_invoice/preview');
    }
  },
);

pageTest(
  'a filter that goes away as one selects, and a button of what is selected, leave the focus to the list',
  { timeout: 60_000 },
  async ({ page, keep }) => {
    const mock = keep(await startMock());
    await page.goto(mock.url);
    const grid = page.getByRole('grid', { name: 'Messages' });
    const hasFocus = () => grid.evaluate((node) => node === document.activeElement);
    await grid.getByRole('row').first().waitFor();
    await page.getByRole('button', { name: 'All', exact: true }).focus();
    await page.keyboard.press('x');
    await said(page, '1 selected');
    await expect.poll(hasFocus).toBe(true);
    await page.getByRole('button', { name: 'Delete', exact: true }).first().focus();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'All', exact: true }).waitFor();
    await expect.poll(hasFocus).toBe(true);
  },
);
