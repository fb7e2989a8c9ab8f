// The tabs of a message in a browser, against the real server and a real mail.
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { problemsOf, usePages } from './support/page-test.ts';
import { messageTabs, richMail } from './support/rich-mail.ts';

const pageTest = usePages();
let sandbox: TestSandbox;
let older = '';
let newer = '';

beforeAll(async () => {
  sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  // Carol is in the envelope only.
  const to = ['bob@example.test', 'carol@example.test'];
  const send = async (subject: string): Promise<string> => {
    await wire.mail(richMail(subject), 'ann@example.test', to);
    return (await sandbox.client.readMessage({ params: { id: 'latest' } })).id;
  };
  older = await send('Order 4201');
  newer = await send('Order 4202');
}, 60_000);
afterAll(async () => {
  await sandbox?.[Symbol.asyncDispose]();
});

function inBrowser(title: string, path: () => string, run: (page: Page) => Promise<void>): void {
  pageTest(title, { timeout: 90_000 }, async ({ page }) => {
    await page.goto(sandbox.url + path());
    await run(page);
  });
}

inBrowser(
  'each tab has a key and a URL',
  () => `/inbox/${older}`,
  async (page) => {
    await page.getByRole('heading', { name: 'Order 4201' }).waitFor();
    for (const [index, [tab, sign]] of messageTabs.entries()) {
      await page.keyboard.press(String(index + 1));
      await page.waitForURL(`**/inbox/${older}/${tab}`);
      await page.locator('.body', { hasText: sign }).waitFor();
    }
  },
);

inBrowser(
  'the preview tells what was blocked, and shows the mail dark, without images and as text',
  () => `/inbox/${older}/preview`,
  async (page) => {
    await page.getByText('2 remote images blocked').waitFor();
    await page.getByText('1 likely tracker').waitFor();
    const body = page.frameLocator('iframe').locator('body');
    const background = () => body.evaluate((element) => getComputedStyle(element).backgroundColor);
    await expect.poll(background).toBe('rgb(255, 255, 255)');
    await page.getByRole('button', { name: 'Show it as a dark mail client does' }).click();
    await expect.poll(background).toBe('rgb(16, 32, 48)');
    const logo = page.frameLocator('iframe').getByAltText('logo');
    const width = () => logo.evaluate((element) => (element as HTMLImageElement).naturalWidth);
    await expect.poll(width).toBe(1);
    await page.getByRole('button', { name: 'No images' }).click();
    await expect.poll(width).toBe(0);
    await page.getByRole('button', { name: 'Plain text part' }).click();
    await page.frameLocator('iframe').getByText('Your code is 482913. (Order 4201)').waitFor();
  },
);

inBrowser(
  'a part is found in the source, and the source is searched',
  () => `/inbox/${older}/structure`,
  async (page) => {
    await page.getByRole('button', { name: /text\/calendar/ }).click();
    await page.getByText('BEGIN:VEVENT').waitFor();
    await page.getByRole('button', { name: 'In the source' }).click();
    await page.waitForURL('**/source');
    await page.locator('.row.marked', { hasText: 'text/calendar' }).waitFor();
    // What had the focus is gone: keys go on in the source.
    const list = page.getByRole('list', { name: 'Lines of the message' });
    await expect.poll(() => list.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.getByLabel('Find in the source').fill('begin:v');
    await page.getByText('1 of 3').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.row.hit', { hasText: 'BEGIN:VEVENT' }).waitFor();
    await page.keyboard.press('Shift+Enter');
    await page.locator('.row.hit', { hasText: 'BEGIN:VCALENDAR' }).waitFor();
    await page.getByRole('button', { name: 'Invisible characters' }).click();
    await page.locator('.eol', { hasText: 'CRLF' }).first().waitFor();
    await page.locator('.row .tag', { hasText: '<' }).first().waitFor();
  },
);

inBrowser(
  'on paper there is the mail with its head and nothing else, and afterwards all is as before',
  () => `/inbox/${older}`,
  async (page) => {
    await page.getByRole('button', { name: 'Plain text part' }).waitFor();
    await page.evaluate(() => {
      window.print = () => document.body.setAttribute('data-printed', '');
    });
    await page.getByRole('button', { name: 'Print', exact: true }).click();
    await page.locator('body[data-printed]').waitFor();
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('navigation').first().isVisible()).toBe(false);
    const [head, frame] = await page.evaluate(() =>
      ['.print-sheet header', '.print-sheet iframe'].map((selector) => {
        const { top, height } = document.querySelector(selector)!.getBoundingClientRect();
        return { top, height };
      }),
    );
    // The frame begins on the first page, with the head in the room of its own padding.
    expect([head?.top, frame?.top]).toEqual([0, 0]);
    expect(frame!.height - head!.height).toBeGreaterThan(300);
    await page.emulateMedia({ media: 'screen' });
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    await expect.poll(() => page.locator('.print-place').count()).toBe(0);
  },
);

inBrowser(
  'attachments are shown as what they are, and all of them are one download',
  () => `/inbox/${older}/attachments`,
  async (page) => {
    await page.getByRole('heading', { name: 'Delivery of order 4201' }).waitFor();
    await page.getByRole('heading', { name: 'Clara Office' }).waitFor();
    await page.getByRole('img', { name: 'logo.png' }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download all' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`${older}-attachments.zip`);
    const archive = await readFile(await download.path());
    for (const name of ['logo.png', 'invite.ics', 'clara.vcf', 'data.csv'])
      expect(archive.includes(name)).toBe(true);
    expect(archive.includes('..')).toBe(false);
  },
);

inBrowser(
  'the header tells the route and the results; the envelope leads to its lines on the wire',
  () => `/inbox/${older}/headers`,
  async (page) => {
    await page.getByRole('button', { name: 'Received' }).first().click();
    await page.getByText('RFC 5321').first().waitFor();
    await page.getByRole('button', { name: /^Route/ }).click();
    await page.getByText('+2 min 4 s').waitFor();
    await page.getByRole('button', { name: /^Authentication \d/ }).click();
    await page.locator('.pill', { hasText: 'fail' }).waitFor();
    await page.keyboard.press('7');
    const fact = page.locator('.fact', { hasText: 'carol@example.test' });
    await fact.getByText('a blind copy').waitFor();
    await fact.getByRole('link', { name: /^line \d+$/ }).click();
    await page.waitForURL(/\/sessions\/s_[^/]+\/transcript\?line=\d+$/);
    await page.locator('.panel', { hasText: 'carol@example.test' }).waitFor();
  },
);

inBrowser(
  'two messages are compared under a URL of their own',
  () => `/inbox/compare/${older}/${newer}`,
  async (page) => {
    await page.locator('mark', { hasText: '4202' }).first().waitFor();
    await page.getByRole('button', { name: 'Envelope same' }).waitFor();
    await page.getByRole('button', { name: 'Text 1' }).click();
    await page.locator('mark', { hasText: '4201' }).waitFor();
    await page.getByRole('button', { name: 'Swap sides' }).click();
    await page.waitForURL(`**/inbox/compare/${newer}/${older}`);
    expect(await problemsOf(page, 'compared')).toEqual([]);
  },
);

pageTest(
  'turned dark, a picture keeps its colours, and what is said in place of one that was not loaded can be read',
  { timeout: 90_000 },
  async ({ page }) => {
    await page.goto(`${sandbox.url}/mail/${older}?scheme=inverted`);
    const filters = () =>
      page.evaluate(() => [...document.images].map((image) => getComputedStyle(image).filter));
    const [turned, plain] = ['invert(1) hue-rotate(180deg)', 'none'];
    expect(await filters()).toEqual([turned, plain, plain]);
    await page.goto(`${sandbox.url}/mail/${older}?scheme=inverted&images=0`);
    expect(await filters()).toEqual([plain, plain, plain]);
    await page.goto(`${sandbox.url}/mail/${older}?scheme=inverted&remote=1`);
    expect(await filters()).toEqual([turned, turned, turned]);
  },
);

inBrowser(
  'what a row warns of is said in the message too, and leads to what it was',
  () => '/inbox',
  async (page) => {
    await using wire = await sandbox.wire();
    await wire.hello();
    expect(await wire.mail('Subject: Bare line feed\r\n\r\none\ntwo\r\n')).toMatch(/^250/);
    expect(await wire.say('QUIT')).toMatch(/^221/);
    const row = page.getByRole('row', { name: /Bare line feed/ });
    await row.getByText('1 anomaly in its session').waitFor();
    await row.click();
    await page.getByRole('link', { name: '1 anomaly', exact: true }).click();
    await page.waitForURL(/\/sessions\/s_[^/]+\/overview$/);
    await page.getByText('bare-lf', { exact: true }).waitFor();
  },
);

inBrowser(
  'the lines of a text are counted to its end, also of one that is not shown to its end',
  () => '/inbox',
  async (page) => {
    await using wire = await sandbox.wire();
    await wire.hello();
    const lines = Array.from({ length: 20_000 }, (_, n) => `line ${n} of a long text with words`);
    const longest = 'The longest one stands at the very end of it, where it is not shown any more';
    await wire.mail(`Subject: Long text\r\n\r\n${[...lines, longest].join('\r\n')}\r\n`);
    await page.getByRole('link', { name: /Long text/ }).click();
    await page.getByText('The rest is left out here.').waitFor();
    await page
      .getByText(new RegExp(`^20,001 lines, [\\d,]+ characters, longest line ${longest.length}$`))
      .waitFor();
  },
);
