// Tests in a browser: one for each file, and for each test a page of its own.
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from 'vitest';
import { useBrowser } from '../../support/browser.ts';

export interface Opened {
  page: Page;
  context: BrowserContext;
  /** What went wrong in the page; none at the end of a test. */
  errors: string[];
  /** Keeps a server until the page is closed. */
  keep: <T extends AsyncDisposable>(server: T) => T;
}

type PageTest = (
  title: string,
  options: BrowserContextOptions & { timeout: number },
  run: (opened: Opened) => Promise<void>,
) => void;

/** Gives what declares tests, 1440 x 900 pixels wide unless told. They are skipped where there is no browser. */
export function usePages(browserArgs: string[] = []): PageTest {
  const browserTest = useBrowser(browserArgs);

  return (title, { timeout, ...options }, run) =>
    browserTest(title, { timeout }, async (browser) => {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
      const kept: AsyncDisposable[] = [];
      const keep = <T extends AsyncDisposable>(server: T): T => {
        kept.unshift(server);
        return server;
      };
      try {
        const page = await context.newPage();
        const errors: string[] = [];
        page.on('pageerror', (error) => errors.push(error.message));
        await run({ page, context, errors, keep });
        expect(errors).toEqual([]);
      } finally {
        await context.close();
        for (const server of kept) await server[Symbol.asyncDispose]();
      }
    });
}

/** Keys one after the other; the page waits a second for the next one, which a busy machine can miss. */
export async function pressKeys(page: Page, ...keys: string[]): Promise<void> {
  await Promise.all(keys.map((key) => page.keyboard.press(key)));
}

/** axe brings its own script, which the policy of the page would refuse. */
export const forAxe = { bypassCSP: true };

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe has in a page. */
interface Axe {
  run(
    where: object,
    options: object,
  ): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }>;
}

/**
 * What of the page is not accessible, by all rules or by these, and whether it is wider than the screen. The frame of a mail
 * is the mail's.
 */
export async function problemsOf(page: Page, what: string, rules: string[] = []): Promise<string[]> {
  // By hand: @axe-core/playwright asks each page twice and opens another one for it, which takes four times as long.
  if (await page.evaluate(() => !('axe' in window))) await page.evaluate(axeSource);
  const found = await page.evaluate(async (only) => {
    // Of WCAG 2.5.3, and not on by itself.
    const which =
      only.length > 0 ? { runOnly: only } : { rules: { 'label-content-name-mismatch': { enabled: true } } };
    const { violations } = await (window as unknown as { axe: Axe }).axe.run(
      { exclude: [['iframe']] },
      { iframes: false, resultTypes: ['violations'], ...which },
    );
    return violations.map(({ id, nodes }) => `${id} ${nodes[0]?.target.join(' ')}`);
  }, rules);
  const isWide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  return [...found, ...(isWide ? ['scrolls sideways'] : [])].map((problem) => `${what}: ${problem}`);
}
