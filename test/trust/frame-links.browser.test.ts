// Whatever stands around a link of a mail, a click on it leaves the mail in its frame.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { baseTricks, makeTricks } from '../web/support/frame-links.ts';
import { startCanary, type Canary } from './canary.ts';

const browserTest = useBrowser();
const end = (canary: Canary): string => `<p id="end"><a id="plain" href="${canary.url}/plain">end</a></p>`;
const plainLink = (canary: Canary): string => `<a id="trick" href="${canary.url}/taken">trick</a>`;

async function storeMail(sandbox: TestSandbox, html: string): Promise<string> {
  await using wire = await sandbox.wire();
  await wire.hello();
  const head = 'Subject: x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n';
  return /m_\w+/.exec(await wire.mail(`${head}${html}\r\n`))![0];
}

/** Clicks each, and gives where the frame was led. */
async function clickAll(page: Page, names: readonly string[], canary: Canary): Promise<string[]> {
  const led: string[] = [];
  page.on('framenavigated', (frame) => {
    if (frame !== page.mainFrame() && !/\/mail\/m_\w+[^/]*$/.test(frame.url())) led.push(frame.url());
  });
  const frame = page.frameLocator('iframe');
  await frame.locator('#end').waitFor();
  for (const name of [...names, 'plain'])
    await frame.locator(`#${name}`).dispatchEvent('click', {}, { timeout: 5000 });
  // What had been clicked before it is under way.
  await expect.poll(() => canary.hits.has('plain'), { timeout: 20_000 }).toBe(true);
  await frame.locator('#end').waitFor({ timeout: 5000 });
  return led;
}

browserTest(
  'the links would open in the frame, where only a <base> is in the way',
  { timeout: 90_000 },
  async (browser) => {
    await using canary = await startCanary();
    const known = makeTricks(canary.url).filter(({ isIdle }) => !isIdle);
    expect(known.length).toBeGreaterThanOrEqual(15);
    const page = (html: string): string => `<!doctype html><base target="_blank"><body>${html}`;
    const names = known.map(({ name }) => name);
    await using open = await startCanary(
      new Map([
        ...known.map(({ name, html }): [string, string] => [name, page(html)]),
        [
          'all',
          names
            .map((name) => `<iframe name="${name}" src="/${name}" sandbox="allow-popups"></iframe>`)
            .join(''),
        ],
      ]),
    );
    const context = await browser.newContext();
    try {
      const window = await context.newPage();
      await window.goto(`${open.url}/all`);
      for (const name of names)
        await window.frameLocator(`[name="${name}"]`).locator(`#${name}`).dispatchEvent('click');
      const taken = (): string[] =>
        names.filter((name) => window.frame(name)?.url() === `${canary.url}/${name}`);
      await expect.poll(taken, { timeout: 20_000 }).toEqual(names);
    } finally {
      await context.close();
    }
  },
);

browserTest('a click on any of them leaves the mail where it is', { timeout: 90_000 }, async (browser) => {
  await using canary = await startCanary();
  await using sandbox = await startTestSandbox();
  const tricks = makeTricks(canary.url);
  const id = await storeMail(
    sandbox,
    `<!doctype html>${tricks.map(({ html }) => `<div>${html}</div>`).join('\r\n')}${end(canary)}`,
  );
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(`${sandbox.url}/inbox/${id}/preview`);
    expect(
      await clickAll(
        page,
        tricks.map(({ name }) => name),
        canary,
      ),
    ).toEqual([]);
  } finally {
    await context.close();
  }
});

browserTest('nothing before them takes the <base> away', { timeout: 90_000 }, async (browser) => {
  for (const trick of baseTricks) {
    await using canary = await startCanary();
    await using sandbox = await startTestSandbox();
    const id = await storeMail(sandbox, `${trick}${plainLink(canary)}${end(canary)}`);
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      await page.goto(`${sandbox.url}/inbox/${id}/preview`);
      expect(await clickAll(page, ['trick'], canary), trick).toEqual([]);
    } finally {
      await context.close();
    }
  }
});
