// The page while the server is away, and when it is there again.
import { expect } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';
import { usePages } from './support/page-test.ts';

const pageTest = usePages();

pageTest(
  'a view that could not be loaded while the server was away looks as it should once it can',
  { timeout: 30_000 },
  async ({ page, keep }) => {
    const sandbox = keep(await startTestSandbox());
    const go = (name: string) => page.getByRole('link', { name, exact: true }).click();
    const looks = async (): Promise<string> => {
      await page.getByRole('heading', { name: 'Connect your application' }).waitFor();
      return page.getByRole('button', { name: 'Laravel' }).evaluate((button) => {
        const { borderTopWidth, display, textAlign } = getComputedStyle(button);
        return `${borderTopWidth} ${display} ${textAlign}`;
      });
    };
    await page.goto(`${sandbox.url}/connect`);
    const usual = await looks();

    await page.goto(`${sandbox.url}/inbox`);
    await page.getByText('Waiting for the first message').waitFor();
    await page.route('**/assets/**', (route) => route.abort());
    await go('Connect');
    await page.getByText('This view could not be loaded').waitFor();
    await page.unroute('**/assets/**');
    await go('Inbox');
    await go('Connect');
    expect(await looks()).toBe(usual);
  },
);
