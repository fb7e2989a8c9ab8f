// What has no room in a row or at the head of a message, in a browser, against the real server.
import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { usePages } from './support/page-test.ts';

const pageTest = usePages();

/** Sends one mail and gives its id. */
async function send(sandbox: TestSandbox, mail: string, to: string[]): Promise<string> {
  await using wire = await sandbox.wire();
  await wire.hello();
  expect(await wire.mail(mail, 'ann@example.test', to)).toMatch(/^250/);
  return (await sandbox.client.readMessage({ params: { id: 'latest' } })).id;
}

/** Whether all of it is painted: nothing around it cuts it off. */
const isWhole = (locator: Locator): Promise<boolean> =>
  locator.evaluate((element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    for (let around = element.parentElement; around; around = around.parentElement) {
      if (getComputedStyle(around).overflow === 'visible') continue;
      const box = around.getBoundingClientRect();
      if (left < box.left - 1 || right > box.right + 1 || top < box.top - 1 || bottom > box.bottom + 1)
        return false;
    }
    return right > left;
  });

pageTest(
  'a row says how many more recipients and tags there are, however long the first one is',
  { timeout: 60_000, viewport: { width: 1024, height: 800 } },
  async ({ page, keep }) => {
    const sandbox = keep(await startTestSandbox());
    const to = Array.from(
      { length: 200 },
      (_, n) => `person-with-a-long-name-${n}@long-department.example.test`,
    );
    await send(sandbox, 'Subject: To all\r\nX-Tags: one, second, third, fourth, fifth\r\n\r\nx\r\n', to);
    await page.goto(`${sandbox.url}/inbox`);
    const row = page.getByRole('grid', { name: 'Messages' }).getByRole('row');
    await row.getByText('To all').waitFor();
    expect(await isWhole(row.getByText('+199', { exact: true }))).toBe(true);
    expect(await isWhole(row.getByText('+3', { exact: true }))).toBe(true);
  },
);

pageTest(
  'a subject that is longer than its place does not hide the tags of the message',
  { timeout: 60_000, viewport: { width: 390, height: 844 } },
  async ({ page, keep }) => {
    const sandbox = keep(await startTestSandbox());
    const tags = Array.from({ length: 14 }, (_, n) => `label-${n}`);
    const id = await send(
      sandbox,
      `Subject: ${'Re: '.repeat(60)}Lunch\r\nX-Tags: ${tags.join()}\r\n\r\nx\r\n`,
      ['bob@example.test'],
    );
    await page.goto(`${sandbox.url}/inbox/${id}`);
    await page.getByRole('heading', { name: /^Re: / }).waitFor();
    for (const tag of tags)
      expect(await isWhole(page.locator('header').getByText(tag, { exact: true }))).toBe(true);
  },
);

pageTest(
  'at a zoom of 200 % what the buttons above a message or a session say has its room',
  { timeout: 60_000, viewport: { width: 720, height: 450 } },
  async ({ page, keep }) => {
    const sandbox = keep(await startTestSandbox());
    const id = await send(sandbox, 'Subject: Hello\r\n\r\nx\r\n', ['bob@example.test']);
    const { sessionId } = await sandbox.client.readMessage({ params: { id } });
    for (const [path, names] of [
      [`inbox/${id}`, ['Compare', 'Print', '.eml']],
      [`sessions/${sessionId}`, ['Compare', 'Text']],
    ] as const) {
      await page.goto(`${sandbox.url}/${path}`);
      const tools = page.locator('[role=group]').filter({ has: page.getByTitle(/^Compare with another/) });
      for (const name of names) {
        const tool = tools.locator('button, a').filter({ hasText: name });
        await tool.waitFor();
        const room = await tool.evaluate((box) => [box.scrollWidth, box.clientWidth]);
        expect(room[0], `${name} of ${path}`).toBeLessThanOrEqual(room[1]!);
      }
    }
  },
);

pageTest(
  'in the narrow rail a large number of unread messages stands beside the icon',
  { timeout: 60_000, viewport: { width: 1024, height: 800 } },
  async ({ page, keep }) => {
    const sandbox = keep(await startTestSandbox());
    await page.route('**/api/status', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...((await response.json()) as object), unread: 1200 } });
    });
    await page.goto(`${sandbox.url}/connect`);
    const place = page.getByRole('link', { name: /^Inbox 999\+/ });
    const count = place.locator('.count');
    await count.waitFor();
    const [icon, badge] = [await place.locator('svg').boundingBox(), await count.boundingBox()];
    expect(badge!.x).toBeGreaterThanOrEqual(icon!.x + icon!.width);
    expect(await isWhole(count)).toBe(true);
  },
);
