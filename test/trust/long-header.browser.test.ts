// Header fields as long as they may be do not hold up the page.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { cutPieces } from '../../web/parts/message/value-pieces.ts';
import { usePages } from '../web/support/page-test.ts';

const pageTest = usePages();
const length = 950_000;
/** Of the page's thread, so that what else the machine does hardly counts; as one word it would take minutes. */
const mostSeconds = 8;
let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(async () => {
  await sandbox?.[Symbol.asyncDispose]();
});

async function open(page: Page, value: string): Promise<{ seconds: () => Promise<number> }> {
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.mail(`Subject: long\r\nX-Long: ${value}\r\nX-Last: end\r\n\r\ntext\r\n`);
  const { id } = await sandbox.client.readMessage({ params: { id: 'latest' } });
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.goto(`${sandbox.url}/inbox/${id}/headers`);
  await page.getByText('X-Last').waitFor();
  return {
    seconds: async () => {
      await page.evaluate(() => document.body.offsetHeight);
      const { metrics } = await cdp.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === 'TaskDuration')!.value;
    },
  };
}
const more = (page: Page) => page.getByRole('button', { name: /^Show [\d,]+ .*more characters$/ });
const row = (page: Page) => page.locator('li', { hasText: 'X-Long' });

pageTest(
  'a value of nearly a million letters without a blank is opened at once, and shown in full by two clicks',
  { timeout: 90_000 },
  async ({ page }) => {
    const value = `${'abcdefghij'.repeat(length / 10 - 1)}lastletter`;
    const { seconds } = await open(page, value);
    expect(await seconds()).toBeLessThan(mostSeconds);
    await more(page).click();
    expect((await row(page).locator('.value').innerText()).length).toBeGreaterThan(99_000);
    await more(page).click();
    await more(page).waitFor({ state: 'detached' });
    // Not by toBe, which would print both.
    const shown = await row(page).locator('.value').innerText();
    expect(shown.replace(/\n/g, '') === value).toBe(true);
    expect(await seconds()).toBeLessThan(mostSeconds);

    await page.getByRole('button', { name: 'As sent', exact: true }).click();
    const raw = page.locator('li .raw', { hasText: 'X-Long' });
    await raw.waitFor();
    expect((await raw.innerText()).replace(/\n/g, '') === `X-Long: ${value}`).toBe(true);
    expect(await seconds()).toBeLessThan(2 * mostSeconds);
  },
);

pageTest('a field of very many lines is shown from its beginning', { timeout: 90_000 }, async ({ page }) => {
  const { seconds } = await open(page, 'start\r\n x'.repeat(length / 10));
  await page.getByRole('button', { name: 'As sent', exact: true }).click();
  await page.locator('li .raw', { hasText: 'X-Long' }).waitFor();
  expect(await more(page).count()).toBe(1);
  expect(await seconds()).toBeLessThan(mostSeconds);
});

test('a value is cut between characters, behind a blank where one is near', () => {
  const family = '👩\u200d👩\u200d👧';
  for (const unit of ['x', 'é', '😴', 'e\u0301', '👍🏽', family, 'word '])
    for (const offset of [0, 1, 2, 3]) {
      const text = '-'.repeat(offset) + unit.repeat(500);
      const pieces = cutPieces(text, 100);
      expect(pieces.join('')).toBe(text);
      expect(pieces.length).toBeGreaterThan(4);
      expect(pieces.filter((piece) => piece.length > 100)).toEqual([]);
      for (const piece of pieces.slice(1)) expect(piece.startsWith(unit)).toBe(true);
    }
  expect(cutPieces('', 100)).toEqual([]);
  expect(cutPieces('\u0301'.repeat(1000), 100).join('')).toHaveLength(1000);
});

pageTest('a value of usual length is shown whole', { timeout: 90_000 }, async ({ page }) => {
  const value = Array.from({ length: 600 }, (_, n) => `word${n}`).join(' ');
  await open(page, value);
  expect(await row(page).locator('.value').innerText()).toBe(value);
  expect(await more(page).count()).toBe(0);
});
