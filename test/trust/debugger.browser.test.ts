// What the session debugger shows for those who use no mouse, or see little, and on a phone.
import { expect } from 'vitest';
import { startMock } from '../web/support/mock-server.ts';
import { forAxe, problemsOf, usePages } from '../web/support/page-test.ts';

const pageTest = usePages();

for (const [width, scheme] of [
  [1440, 'light'],
  [390, 'dark'],
] as const) {
  pageTest(
    `the debugger is accessible and fits, ${width} pixels wide and ${scheme}`,
    { timeout: 60_000, viewport: { width, height: 844 }, colorScheme: scheme, ...forAxe },
    async ({ page, keep }) => {
      const mock = keep(await startMock());
      const problems: string[] = [];
      const look = async (what: string) => problems.push(...(await problemsOf(page, what)));
      await page.goto(`${mock.url}/sessions/s_captured/transcript?line=23`);
      await page
        .getByRole('region', { name: 'Line 23', exact: true })
        .getByText('What is known of it')
        .waitFor();
      await look('line');
      await page.goto(`${mock.url}/sessions/s_captured/overview`);
      await page.getByRole('region', { name: 'Who was slow' }).waitFor();
      await look('overview');
      await page.goto(`${mock.url}/sessions/s_tls/overview`);
      await page.getByRole('list', { name: 'Steps of the handshake' }).waitFor();
      await look('failed TLS');
      await page.goto(`${mock.url}/sessions/s_captured/export`);
      await page.getByRole('button', { name: 'swaks' }).click();
      await page.getByText('SMTP_PASSWORD in the environment').waitFor();
      await look('export');
      await page.goto(`${mock.url}/sessions/compare/s_captured/s_tls`);
      await page.getByText('ended by a failed TLS handshake').waitFor();
      await look('compare');
      expect(problems).toEqual([]);
    },
  );
}
