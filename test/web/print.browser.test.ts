// What is on paper, against the real server.
import { expect } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';
import { usePages } from './support/page-test.ts';

const pageTest = usePages();

pageTest(
  'on paper a session is its whole transcript and nothing of the page, and afterwards all is as before',
  { timeout: 60_000 },
  async ({ page, keep }) => {
    const sandbox = keep(await startTestSandbox());
    {
      await using wire = await sandbox.wire();
      await wire.hello('printer.test');
      for (let n = 0; n < 150; n += 1) await wire.say(`NOOP ${n}`);
      await wire.say('QUIT');
    }
    const { id } = await sandbox.closedSession();
    const lines = await sandbox.lines(id);
    await page.addInitScript(() => {
      window.print = () => document.body.setAttribute('data-printed', '');
    });
    await page.goto(`${sandbox.url}/sessions/${id}`);
    await page.getByRole('button', { name: 'Print', exact: true }).waitFor();
    await page.keyboard.press('Control+p');
    await page.locator('body[data-printed]').waitFor();
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('navigation').first().isVisible()).toBe(false);
    const sheet = page.locator('.print-sheet');
    expect(await sheet.locator('h1').textContent()).toContain('printer.test');
    const said = await sheet.locator('pre').allTextContents();
    expect(said.filter((text) => / [CS]: /.test(text))).toHaveLength(
      lines.filter(({ from }) => from !== null).length,
    );
    for (const n of [0, 75, 149]) expect(said.some((text) => text.endsWith(`C: -> NOOP ${n}`))).toBe(true);
    // It goes on over as many pages as it needs.
    const { height, whole } = await page.evaluate(() => ({
      height: document.querySelector('.print-sheet')!.getBoundingClientRect().height,
      whole: document.documentElement.scrollHeight,
    }));
    expect(height).toBeGreaterThan(900);
    expect(whole).toBeGreaterThanOrEqual(Math.floor(height));
    await page.emulateMedia({ media: 'screen' });
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    await expect.poll(() => page.locator('.print-place').count()).toBe(0);
    await page.getByRole('button', { name: 'Print', exact: true }).waitFor();
  },
);

pageTest(
  'on paper a mail names its first attachments, and how many more there are',
  { timeout: 60_000 },
  async ({ page, keep }) => {
    const sandbox = keep(await startTestSandbox());
    const parts = Array.from(
      { length: 45 },
      (_, n) => `--b\r\nContent-Disposition: attachment; filename="file-${n}.txt"\r\n\r\n${n}\r\n`,
    ).join('');
    const head = 'Subject: Files\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b';
    {
      await using wire = await sandbox.wire();
      await wire.hello();
      await wire.mail(`${head}\r\n\r\n--b\r\n\r\nHello\r\n${parts}--b--\r\n`);
    }
    await page.addInitScript(() => {
      window.print = () => document.body.setAttribute('data-printed', '');
    });
    await page.goto(`${sandbox.url}/inbox/latest`);
    await page.getByRole('heading', { name: 'Files' }).waitFor();
    await page.getByRole('button', { name: 'Print', exact: true }).click();
    const printed = page.locator('.print-sheet header');
    await printed.getByText('file-39.txt and 5 more').waitFor({ state: 'attached' });
  },
);
