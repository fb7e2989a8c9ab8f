// How tall the frame of a mail is on paper, against the real server.
import { afterAll, beforeAll, expect } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { usePages } from './support/page-test.ts';

const pageTest = usePages();
let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
}, 60_000);
afterAll(async () => {
  await sandbox?.[Symbol.asyncDispose]();
});

const picture = '<img width="600" height="300" style="display:block">';
for (const [what, html] of [
  ['short paragraphs', '<p>A line.</p>'.repeat(400)],
  ['lines of a list', `<ul>${'<li>An entry</li>'.repeat(400)}</ul>`],
  [
    'pictures of which styles say nothing',
    `<style>img { height: auto }</style>${`<p>${picture}</p>`.repeat(30)}`,
  ],
] as const)
  pageTest(
    `a long mail of ${what} takes no more paper than it needs, and is not cut`,
    { timeout: 60_000 },
    async ({ page }) => {
      await using wire = await sandbox.wire();
      await wire.hello();
      const mail = `Subject: Long\r\nContent-Type: text/html\r\n\r\n${html.replace(/<p|<li/g, '\r\n$&')}\r\n`;
      expect(await wire.mail(mail)).toMatch(/^250/);
      const { id } = await sandbox.client.readMessage({ params: { id: 'latest' } });
      await page.goto(`${sandbox.url}/inbox/${id}`);
      await page.evaluate(() => {
        window.print = () => document.body.setAttribute('data-printed', '');
      });
      await page.getByRole('button', { name: 'Print', exact: true }).click();
      await page.locator('body[data-printed]').waitFor();
      const frame = page.locator('.print-sheet iframe');
      const content = await (await frame.elementHandle())!.contentFrame();
      const needed = await content!.evaluate(() =>
        Math.max(...[...document.body.children].map((child) => child.getBoundingClientRect().bottom)),
      );
      const given = await frame.evaluate((element) => element.clientHeight);
      expect(given).toBeGreaterThan(needed);
      expect(given).toBeLessThan(needed * 1.5);
    },
  );
