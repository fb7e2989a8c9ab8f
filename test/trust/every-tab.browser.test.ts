// Each tab of a message for those who use no mouse, or see little, and on a phone: of a real mail on the real server.
import { expect } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';
import { problemsOf, usePages } from '../web/support/page-test.ts';
import { messageTabs, richMail } from '../web/support/rich-mail.ts';

const pageTest = usePages();

pageTest(
  'each tab is accessible in light and dark, and fits a phone',
  { timeout: 90_000 },
  async ({ page, keep }) => {
    const sandbox = keep(await startTestSandbox());
    const wire = keep(await sandbox.wire());
    await wire.hello();
    await wire.mail(richMail('Order 4201'));
    const problems: string[] = [];
    for (const [tab, sign] of messageTabs) {
      await page.goto(`${sandbox.url}/inbox/latest/${tab}`);
      await page.locator('.body', { hasText: sign }).waitFor();
      problems.push(...(await problemsOf(page, `${tab}, light`)));
      await page.emulateMedia({ colorScheme: 'dark' });
      // Of the rules only contrast depends on the colours.
      problems.push(...(await problemsOf(page, `${tab}, dark`, ['color-contrast'])));
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize({ width: 390, height: 844 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      if (wide > 390) problems.push(`${tab}: ${wide} pixels wide`);
      await page.setViewportSize({ width: 1440, height: 900 });
    }
    expect(problems).toEqual([]);
  },
);
