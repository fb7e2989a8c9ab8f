// Every view for those who use no mouse, or see little, and on a phone.
import { expect } from 'vitest';
import { startMock } from '../web/support/mock-server.ts';
import { forAxe, problemsOf, usePages } from '../web/support/page-test.ts';

const pageTest = usePages();

const places = [
  '/inbox',
  '/inbox/m_invoice',
  '/inbox/m_hostile/text',
  '/inbox/m_invoice/headers',
  '/inbox/m_invoice/structure',
  '/inbox/m_invoice/raw',
  '/inbox/m_invoice/envelope',
  '/inbox/m_invoice/checks',
  '/sessions',
  '/sessions/s_captured/transcript?line=26',
  '/sessions/s_captured/overview',
  '/sessions/s_tls/overview',
  '/issues',
  '/issues/i_tls',
  '/issues/i_date?state=all',
  '/issues?state=muted',
  '/faults?rule=f_off',
  '/faults?preset=gmail/rate-limit',
];

for (const [width, scheme] of [
  [1440, 'light'],
  [390, 'dark'],
] as const) {
  pageTest(
    `every view is accessible and fits, ${width} pixels wide and ${scheme}`,
    { timeout: 90_000, viewport: { width, height: 844 }, colorScheme: scheme, ...forAxe },
    async ({ page, keep }) => {
      const mock = keep(await startMock());
      const problems: string[] = [];
      for (const place of places) {
        await page.goto(mock.url + place);
        await page
          .locator('main [role="grid"], main [role="list"], main [role="region"], main section')
          .first()
          .waitFor();
        await page.waitForLoadState('networkidle');
        problems.push(...(await problemsOf(page, place)));
      }
      expect(problems).toEqual([]);
    },
  );
}
