// A Chromium for the tests of the page. Without one they are skipped, loudly; under CI that is an error.
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const places = [
  process.env['MAILSCOPE_CHROMIUM'],
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
