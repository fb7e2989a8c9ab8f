// A mail of a fixed width on a narrow screen, against the real server.
import type { Locator } from 'playwright-core';
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

const end = '<p id="end" style="float:right">end</p>';
const mails: [what: string, isSmaller: boolean, html: string][] = [
  ['a table', true, `<table width="600"><tr><td>${end}</td></tr></table>`],
  ['a style', true, `<div style="width:600px;max-width:600px">${end}</div>`],
  [
    'a style sheet',
    true,
    `<style>p{color:red}.c{min-width: 600px !important}</style><div class="c">${end}</div>`,
  ],
  [
    'styles for phones',
    false,
    `<style>@media (max-width:480px){table{width:100%}}</style><table width="600"></table>${end}`,
  ],
  [
    'a style that beats its attribute',
    false,
    `<table width="600" style="width:100%;max-width:600px"><tr><td>${end}</td></tr></table>`,
  ],
  [
    'styles for phones that leave it wide',
    true,
    `<style>@media (max-width:480px){h1{font-size:20px}}</style><table width="600"><tr><td>${end}</td></tr></table>`,
  ],
  [
    'cells',
    true,
    `<table><tr>${'<td style="white-space:nowrap">a cell as wide as its text</td>'.repeat(4)}<td>${end}</td></tr></table>`,
  ],
  [
    'pictures side by side',
    true,
    `<table><tr><td><img width="300"></td><td><img width="300">${end}</td></tr></table>`,
  ],
  [
    'pictures that fit themselves',
    false,
    `<style>img{max-width:100%;height:auto}</style><img width="600" height="300"><p>${end}</p>`,
  ],
  [
    'cells that stand below each other on phones',
    false,
    `<style media="screen and (max-width: 480px)">.c{display:block!important;width:auto!important}</style>
    <table><tr><td class="c"><table class="c" width="300"><tr><td>1</td></tr></table></td><td class="c"><table class="c" width="300"><tr><td>2</td></tr></table>${end}</td></tr></table>`,
  ],
  [
    'what only Outlook reads',
    false,
    `<!--[if mso]><table width="600"><![endif]--><div style="max-width:600px">${end}</div>`,
  ],
];

/** On the screen. Where a frame has a process of its own, the box that the driver tells of it is not scaled. */
async function rightEdge(frame: Locator): Promise<number> {
  const scale = await frame.evaluate(
    (shown: HTMLElement) => shown.getBoundingClientRect().width / shown.offsetWidth,
  );
  const right = await frame
    .contentFrame()
    .locator('#end')
    .evaluate((place) => place.getBoundingClientRect().right);
  return scale * right;
}

pageTest(
  'a mail that is wider than a phone is shown smaller, so that all of it is seen, one that fits itself is not',
  { timeout: 90_000, viewport: { width: 390, height: 844 } },
  async ({ page }) => {
    await using wire = await sandbox.wire();
    await wire.hello();
    for (const [what, isSmaller, html] of mails) {
      await wire.mail(`Subject: ${what}\r\nContent-Type: text/html\r\n\r\n${html}\r\n`);
      const { id } = await sandbox.client.readMessage({ params: { id: 'latest' } });
      await page.goto(`${sandbox.url}/inbox/${id}`);
      const frame = page.locator('iframe');
      await expect
        .poll(async () => (await frame.boundingBox())?.width, { message: what })
        .toBeCloseTo(390, 0);
      // The frame is as wide as the page before its content has been measured, too.
      await expect
        .poll(
          () =>
            frame
              .contentFrame()
              .locator('html')
              .evaluate((root) => root.clientWidth > 390),
          { message: what },
        )
        .toBe(isSmaller);
      await expect.poll(() => rightEdge(frame), { message: what }).toBeLessThanOrEqual(390);
    }
  },
);
