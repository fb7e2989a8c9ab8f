// The page while the server is away, and when it is there again.
import { expect } from 'vitest';
import { startCutProxy } from '../support/cut-proxy.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
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

pageTest(
  'a view that could not be loaded is loaded by itself once the server is back, or by a button',
  { timeout: 60_000 },
  async ({ page, keep }) => {
    const sandbox = keep(await startTestSandbox());
    const proxy = keep(await startCutProxy(Number(new URL(sandbox.url).port)));
    await page.goto(`${proxy.url}/inbox`);
    await page.getByText('Waiting for the first message').waitFor();
    const lost = page.getByText('This view could not be loaded');
    const goInVain = async (name: string): Promise<void> => {
      await page.route('**/assets/**', (route) => route.abort());
      await page.getByRole('link', { name, exact: true }).click();
      await lost.waitFor();
      await page.unroute('**/assets/**');
    };

    await goInVain('Connect');
    proxy.cut();
    await page.getByRole('heading', { name: 'Connect your application' }).waitFor();

    await goInVain('Settings');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Limits' }).waitFor();
    expect(await lost.count()).toBe(0);
  },
);

pageTest(
  'a view that the version which runs by now does not have is had from its own page',
  { timeout: 60_000 },
  async ({ page, keep }) => {
    const sandbox = keep(await startTestSandbox());
    await page.goto(`${sandbox.url}/inbox`);
    await page.getByText('Waiting for the first message').waitFor();
    await page.route('**/assets/**', (route) => route.fulfill({ status: 404 }));
    await page.getByRole('link', { name: 'Settings', exact: true }).click();
    const again = page.getByRole('button', { name: 'Try again' });
    await again.waitFor();
    const anew = page.waitForEvent('framenavigated');
    await again.click();
    await anew;
  },
);

pageTest(
  'a page that is open notices that another server is there: what is gone, and that a password is needed',
  { timeout: 60_000 },
  async ({ page, keep }) => {
    const first = keep(await startTestSandbox());
    let current: TestSandbox = first;
    const proxy = keep(await startCutProxy(() => Number(new URL(current.url).port)));
    const restartAs = (next: TestSandbox): void => {
      current = keep(next);
      proxy.cut();
    };
    await using wire = await first.wire();
    await wire.hello();
    expect(await wire.mail('Subject: Hello\r\n\r\nHello\r\n')).toMatch(/^250/);
    await wire.quit();
    const { id } = await first.closedSession();
    await page.goto(`${proxy.url}/sessions/${id}`);
    await page.getByText('MAIL FROM').waitFor();

    restartAs(await startTestSandbox());
    await page.getByText('No connection yet').waitFor();
    await page.getByRole('heading', { name: /not there any more/ }).waitFor();

    restartAs(await startTestSandbox({ password: 'open sesame 1' }));
    await page.getByLabel('Password', { exact: true }).waitFor();
  },
);
