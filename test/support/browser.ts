// A Chromium for the tests of the page. Without one they are skipped, loudly; under CI that is an error.
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, test } from 'vitest';

const places = [
  process.env['MAILSCOPE_CHROMIUM'],
  // Debian's without what only a window needs: a fifth less of the processor.
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

export function findBrowser(): string | undefined {
  return [...places, chromium.executablePath()].find((path) => path !== undefined && existsSync(path));
}

/** Null, after saying so, where there is no browser. */
export async function openBrowser(args: string[] = []): Promise<(Browser & AsyncDisposable) | null> {
  const executablePath = findBrowser();
  if (!executablePath) {
    const what = 'no Chromium found; set MAILSCOPE_CHROMIUM, or run npx playwright-core install chromium';
    if (process.env['CI']) throw new Error(what);
    console.warn(`SKIPPED: ${what}`);
    return null;
  }
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', ...args] });
}

/** In `retry` of vitest.config.ts. */
const crashed = 'Chromium itself crashed; DEBUG=pw:browser shows what it said';

type BrowserTest = (
  title: string,
  options: { timeout: number },
  run: (browser: Browser) => Promise<void>,
) => void;

/** Gives what declares tests with one Chromium for all of a file, and another once that has crashed. */
export function useBrowser(args: string[] = []): BrowserTest {
  let browser: Browser | null = null;
  afterAll(async () => browser?.close());
  return (title, options, run) =>
    test(title, options, async ({ skip }) => {
      if (!browser?.isConnected()) browser = await openBrowser(args);
      if (!browser) return skip('no browser');
      try {
        await run(browser);
      } catch (error) {
        if (browser.isConnected()) throw error;
        throw new Error(crashed, { cause: error });
      }
    });
}
