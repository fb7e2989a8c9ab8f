// Copying where browsers have no clipboard, which is so outside of https and localhost.
import { expect } from 'vitest';
import { startMock } from './support/mock-server.ts';
import { usePages } from './support/page-test.ts';

usePages()(
  'without a clipboard of the browser all copies work too, and leave the focus where it was',
  { timeout: 60_000 },
  async ({ page, keep }) => {
    const mock = keep(await startMock());
    await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    await page.goto(`${mock.url}/inbox/m_invoice/headers`);
    const search = page.getByRole('combobox', { name: 'Search messages' });
    const pasted = async (): Promise<string> => {
      await search.fill('');
      await search.press('Control+v');
      return search.inputValue();
    };

    const copy = page.getByRole('button', { name: /^Copy all/ });
    await copy.press('Enter');
    await page.getByText('Copied', { exact: true }).waitFor({ state: 'attached' });
    expect(await copy.evaluate((node) => node === document.activeElement)).toBe(true);
    expect(await pasted()).toMatch(/Subject: /);

    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /run a command/ }).fill('copy the link');
    await page.getByRole('option', { name: /Copy the link/ }).click();
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    expect(await pasted()).toBe(`${mock.url}/inbox/m_invoice`);
  },
);
