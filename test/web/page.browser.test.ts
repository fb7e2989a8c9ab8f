// A few flows in a browser, against the built page.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { makeMessage } from './support/fixture-messages.ts';
import { makeLines } from './support/fixture-lines.ts';
import { makeSession } from './support/fixture-sessions.ts';
import { startMock, type Mock } from './support/mock-server.ts';
import { usePages, type Opened } from './support/page-test.ts';

const pageTest = usePages();

function inBrowser(
  title: string,
  path: string,
  run: (opened: Opened & { mock: Mock }) => Promise<void>,
  fill?: (mock: Mock) => void,
): void {
  pageTest(title, { timeout: 60_000 }, async (opened) => {
    const mock = opened.keep(await startMock());
    fill?.(mock);
    await opened.page.goto(mock.url + path);
    await run({ ...opened, mock });
  });
}

const rows = (page: Page) => page.getByRole('grid', { name: 'Messages' }).getByRole('row');

inBrowser('a message that arrives appears without a reload', '/', async ({ page, mock }) => {
  await rows(page).first().waitFor();
  mock.addMessage(makeMessage(50, { subject: 'Just came in', read: false }));
  await page.getByRole('link', { name: /Just came in/ }).waitFor();
});

inBrowser('opening a message marks it as read, and its URL leads back to it', '/', async ({ page, mock }) => {
  await page.getByRole('link', { name: /Rechnung 4201/ }).click();
  await page.getByRole('heading', { name: /Rechnung 4201/ }).waitFor();
  await expect
    .poll(() => mock.calls)
    .toContain('POST /api/messages/update {"ids":["m_invoice"],"read":true}');
  expect(new URL(page.url()).pathname).toBe('/inbox/m_invoice');
  await page.goBack();
  expect(new URL(page.url()).pathname).toBe('/');
  await page.getByText('No message is open').waitFor();
});

inBrowser('keys walk, delete and undo', '/', async ({ page, mock }) => {
  await rows(page).first().waitFor();
  await page.keyboard.press('j');
  await page.getByRole('heading', { name: /Rechnung 4201/ }).waitFor();
  await page.keyboard.press('j');
  await page.getByRole('heading', { name: /Release 2.4/ }).waitFor();
  await page.keyboard.press('e');
  await page.getByText('Message deleted').waitFor();
  await expect.poll(() => mock.messages.map(({ id }) => id)).not.toContain('m_pending');
  await page.keyboard.press('Control+z');
  await page.getByRole('heading', { name: /Release 2.4/ }).waitFor();
  await expect.poll(() => mock.messages.map(({ id }) => id)).toContain('m_pending');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
});

inBrowser(
  'the mail is shown in a frame without scripts and without our origin',
  '/inbox/m_invoice/preview',
  async ({ page }) => {
    const frame = page.locator('iframe');
    expect(await frame.getAttribute('sandbox')).toBe('allow-popups allow-popups-to-escape-sandbox');
    expect(await frame.getAttribute('src')).toBe('/mail/m_invoice');
    await page.getByRole('button', { name: 'Remote images' }).click();
    await expect.poll(() => frame.getAttribute('src')).toBe('/mail/m_invoice?remote=1');
  },
);

inBrowser('a row that was just chosen looks so, also while the pointer is on it', '/', async ({ page }) => {
  const row = rows(page).first();
  const colour = () => row.getByRole('link').evaluate((link) => getComputedStyle(link).backgroundColor);
  await row.hover();
  const pointedAt = await colour();
  await row.getByRole('checkbox').click();
  await expect.poll(colour).not.toBe(pointedAt);
});

inBrowser('hostile names are shown as they are, not as they look', '/inbox/m_hostile', async ({ page }) => {
  const heading = page.getByRole('heading', { name: /Your account/ });
  await heading.waitFor();
  expect(await heading.textContent()).toContain('U+202E');
  expect(await page.evaluate(() => document.querySelectorAll('main script').length)).toBe(0);
});

inBrowser(
  'from a message one gets to the line of the wire that brought it',
  '/inbox/m_invoice',
  async ({ page }) => {
    // Which line it is comes with the whole message.
    await page.locator('a[href$="line=25"]', { hasText: 'How it arrived' }).click();
    await page.waitForURL('**/sessions/s_captured/transcript?line=25');
    await expect.poll(() => page.locator('[data-line="25"][class*="pointed"]').count()).toBe(1);
    expect(await page.locator('[data-line="25"]').isVisible()).toBe(true);
  },
);

inBrowser(
  'a masked secret is shown as one, with its reason',
  '/sessions/s_captured/transcript?line=23',
  async ({ page }) => {
    await page.locator('[data-line="23"]').waitFor();
    expect(await page.locator('[data-line="23"] .secret').getAttribute('title')).toContain(
      'masked before it was stored',
    );
  },
);

inBrowser(
  'a running session grows while one looks at it',
  '/sessions/s_live',
  async ({ page, mock }) => {
    await page.locator('[data-line="1"]').waitFor();
    mock.addLines(
      's_live',
      makeLines([
        ['S', 9, 'x'],
        ['S', 9, 'x'],
        ['S', 3000, '250 Late answer'],
      ]).slice(2),
    );
    await page.getByText('Late answer').waitFor();
  },
  (mock) => {
    mock.sessions.push(
      makeSession(90, { id: 's_live', outcome: 'open', closedAt: null, durationUs: null, ended: null }),
    );
    mock.lines.set(
      's_live',
      makeLines([
        ['S', 1, '220 hi'],
        ['C', 2, 'EHLO a'],
      ]),
    );
  },
);

inBrowser('a session that opens appears as running', '/sessions', async ({ page, mock }) => {
  await page.getByRole('link', { name: /app-7/ }).waitFor();
  mock.addSession(makeSession(91, { id: 's_new', outcome: 'open', clientName: 'newcomer' }));
  await page.getByRole('link', { name: /running newcomer/ }).waitFor();
});

inBrowser(
  'a lost live connection is said, and what was missed comes after it',
  '/',
  async ({ page, mock }) => {
    await page.getByText('Live', { exact: true }).waitFor();
    mock.breakLive(true);
    await page.getByText('The live connection is lost').waitFor();
    mock.addMessage(makeMessage(60, { subject: 'While away' }));
    mock.breakLive(false);
    await page.getByRole('link', { name: /While away/ }).waitFor();
    await expect.poll(() => page.getByText('The live connection is lost').count()).toBe(0);
  },
);

inBrowser(
  'five thousand messages scroll, and new ones on top do not move what is read',
  '/',
  async ({ page, mock }) => {
    await rows(page).first().waitFor();
    const list = page.getByRole('grid', { name: 'Messages' });
    const offset = (): Promise<number> => list.evaluate((element) => element.scrollTop);
    const height = (): Promise<number> => list.evaluate((element) => element.scrollHeight);
    for (let known = await height(); known < 5000 * 76; known = await height()) {
      await list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      await expect.poll(height, { interval: 15 }).toBeGreaterThan(known);
    }
    expect(await list.evaluate((element) => element.scrollHeight)).toBeGreaterThanOrEqual(5000 * 76);
    expect(await rows(page).count()).toBeLessThan(60);
    await list.evaluate((element) => element.scrollTo(0, 200_000));
    await expect.poll(offset).toBe(200_000);
    const inSight = (): Promise<string | null | undefined> =>
      list.evaluate((element) => {
        const box = element.getBoundingClientRect();
        return document
          .elementFromPoint(box.left + 80, box.top + 300)
          ?.closest('a')
          ?.getAttribute('href');
      });
    // The rows there are drawn after the scrolling.
    await expect.poll(inSight).toBeTruthy();
    const shown = await inSight();
    for (let n = 0; n < 5; n += 1) mock.addMessage(makeMessage(90_000 + n));
    await expect.poll(offset).toBe(200_000 + 5 * 76);
    await expect.poll(inSight).toBe(shown);
  },
  (mock) => {
    for (let n = 0; n < 5000; n += 1) mock.messages.push(makeMessage(100 + n));
  },
);

inBrowser(
  'whoever chose all that is not loaded goes on in the list by keys',
  '/',
  async ({ page }) => {
    await rows(page).first().waitFor();
    await page.keyboard.press('Control+a');
    const all = page.getByRole('button', { name: /^All \d/ });
    await all.focus();
    await page.keyboard.press('Enter');
    await all.waitFor({ state: 'detached' });
    const list = page.getByRole('grid', { name: 'Messages' });
    await expect.poll(() => list.evaluate((grid) => grid === document.activeElement)).toBe(true);
    await page.getByRole('heading', { name: /^[67]\d\d.selected/ }).waitFor();
  },
  (mock) => {
    for (let n = 0; n < 700; n += 1) mock.messages.push(makeMessage(100 + n));
  },
);

inBrowser(
  'a line far down in ten thousand is found by its URL',
  '/sessions/s_long?line=8765',
  async ({ page }) => {
    const line = page.locator('[data-line="8765"]');
    await line.waitFor();
    // It moves until the rows around it are measured.
    const top = async (): Promise<number> => (await line.boundingBox())?.y ?? -1;
    await expect.poll(top).toBeGreaterThan(100);
    await expect.poll(top).toBeLessThan(900);
    await page.getByRole('link', { name: 'Transcript 10,000', exact: true }).waitFor();
  },
  (mock) => {
    mock.sessions.push(makeSession(92, { id: 's_long', lines: 10_000 }));
    mock.lines.set(
      's_long',
      makeLines(
        Array.from({ length: 10_000 }, (_, n) => [
          n % 2 ? 'C' : 'S',
          n * 90,
          n % 2 ? 'NOOP' : '250 2.0.0 OK',
        ]),
      ),
    );
  },
);

inBrowser(
  'what can be done with the open one is read, or an icon, at any width',
  '/inbox/m_invoice',
  async ({ page, mock }) => {
    for (const [path, first] of [
      ['/inbox/m_invoice', 'Print'],
      ['/sessions/s_captured', 'Print'],
    ] as const) {
      await page.goto(mock.url + path);
      await page.getByRole('button', { name: first, exact: true }).waitFor();
      for (const width of [360, 471, 480, 520, 600, 740, 761, 1024, 1440]) {
        await page.setViewportSize({ width, height: 800 });
        const cut = await page.evaluate(() =>
          [...document.querySelectorAll('.tools .named')]
            .filter((named) => named.checkVisibility())
            .flatMap((named) => {
              const [box, icon] = [named, named.querySelector('svg')!].map((each) =>
                each.getBoundingClientRect(),
              );
              const isWhole =
                named.scrollWidth <= named.clientWidth && icon!.width > 10 && icon!.left >= box!.left;
              return isWhole ? [] : [named.textContent.trim()];
            }),
        );
        expect(cut, `${path} at ${width}`).toEqual([]);
        // What is open is called by enough of its name.
        const name = await page.locator('.tools h2, main h2').first().boundingBox();
        expect(name?.width, `${path} at ${width}`).toBeGreaterThan(40);
      }
    }
  },
);
