// The page in a browser that was told to make letters half as large again.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { startMock } from './support/mock-server.ts';
import { usePages } from './support/page-test.ts';

const pageTest = usePages(['--blink-settings=defaultFontSize=24,defaultFixedFontSize=20']);

/** Of the lines of each row in sight, those that stick out of it or lie over the one above. */
const crowded = (page: Page): Promise<string[]> =>
  page
    .locator('.list, [role=grid]')
    .first()
    .evaluate((list) =>
      [...list.querySelectorAll('a')].flatMap((row) => {
        const { top, bottom } = row.getBoundingClientRect();
        return [...row.children].flatMap((line) => {
          const box = line.getBoundingClientRect();
          return box.top < top - 0.5 || box.bottom > bottom + 0.5 ? [line.textContent] : [];
        });
      }),
    );

pageTest(
  'larger letters have room in the rows of both lists',
  { timeout: 60_000 },
  async ({ page, keep }) => {
    const mock = keep(await startMock());
    for (const view of ['inbox', 'sessions']) {
      await page.goto(`${mock.url}/${view}`);
      const rows = page.getByRole('grid').getByRole('row');
      await rows.first().waitFor();
      expect(await rows.first().evaluate((row) => row.querySelectorAll('a > *').length)).toBeGreaterThan(2);
      expect(await crowded(page)).toEqual([]);
    }
  },
);
