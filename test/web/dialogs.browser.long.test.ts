// What all dialogs of the page have in common, in a browser, against the real server.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { useList } from './support/list-page.ts';
import { usePages } from './support/page-test.ts';

const inBrowser = useList(usePages());

interface Key {
  key: string;
  code: string;
  ctrlKey?: boolean;
  shiftKey?: boolean;
}

/** Presses Esc, and this key once the dialog is closed, before the browser tells of it: so fast may one type. */
async function escapeAnd(page: Page, key: Key): Promise<void> {
  await page.evaluate((key) => {
    const dialog = document.querySelector('dialog')!;
    const observer = new MutationObserver(() => {
      observer.disconnect();
      window.dispatchEvent(new KeyboardEvent('keydown', { ...key, cancelable: true }));
    });
    observer.observe(dialog, { attributeFilter: ['open'] });
    dialog.addEventListener('close', () => console.log('told'));
  }, key);
  const told = page.waitForEvent('console', (line) => line.text() === 'told');
  await page.keyboard.press('Escape');
  await told;
}

const openedBy: { what: string; keys: string; event: Key }[] = [
  { what: 'the help', keys: '?', event: { key: '?', code: 'Slash', shiftKey: true } },
  { what: 'the editor of tags', keys: 't', event: { key: 't', code: 'KeyT' } },
  { what: 'the palette', keys: 'Control+k', event: { key: 'k', code: 'KeyK', ctrlKey: true } },
];

for (const { what, keys, event } of openedBy)
  inBrowser(
    `${what} opens again at once, also where it was closed just now`,
    ['Welcome'],
    async ({ page }) => {
      await page.keyboard.press('j');
      await page.getByRole('heading', { name: 'Welcome' }).waitFor();
      await page.keyboard.press(keys);
      const dialog = page.getByRole('dialog');
      const field = dialog.getByRole('combobox');
      await dialog.waitFor();
      if (await field.count()) await field.fill('pin');
      await escapeAnd(page, event);
      await dialog.waitFor();
      if (await field.count()) await expect.poll(() => field.inputValue()).toBe('');
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    },
  );

inBrowser(
  'a key that follows Esc at once is meant for what is below the palette',
  ['Welcome'],
  async ({ page }) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /run a command/ }).waitFor();
    await escapeAnd(page, { key: 'j', code: 'KeyJ' });
    await page.getByRole('heading', { name: 'Welcome' }).waitFor();
  },
);

inBrowser(
  'a text that is selected to beyond the edge of a dialog leaves it open, a press there closes it',
  ['Welcome'],
  async ({ page }) => {
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox', { name: /run a command/ });
    await field.fill('pin');
    const box = (await field.boundingBox())!;
    await page.mouse.move(box.x + 60, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(20, box.y + box.height / 2, { steps: 4 });
    await page.mouse.up();
    expect(await page.evaluate(() => String(getSelection()))).toBe('pin');
    await page.keyboard.type('dense');
    expect(await field.inputValue()).toBe('dense');
    await page.mouse.click(20, box.y);
    await field.waitFor({ state: 'detached' });
  },
);

inBrowser(
  'the focus is where it was, also behind a command that was pressed by the mouse',
  ['Welcome'],
  async ({ page }) => {
    const connect = page.getByRole('link', { name: 'Connect' });
    await connect.focus();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /run a command/ }).fill('dense');
    await page.getByRole('option', { name: 'Dense rows' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await connect.evaluate((link) => link === document.activeElement)).toBe(true);
    await page.keyboard.press('?');
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await connect.evaluate((link) => link === document.activeElement)).toBe(true);
  },
);
