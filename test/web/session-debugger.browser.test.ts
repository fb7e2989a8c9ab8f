// Flows of the session debugger in a browser, against the built page.
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { makeLines } from './support/fixture-lines.ts';
import { capturedLines, makeSession } from './support/fixture-sessions.ts';
import { startMock, type Mock } from './support/mock-server.ts';
import { usePages } from './support/page-test.ts';

const pageTest = usePages();

function inBrowser(
  title: string,
  path: string,
  run: (opened: { page: Page; mock: Mock }) => Promise<void>,
  { fill, ...context }: BrowserContextOptions & { fill?: (mock: Mock) => void } = {},
): void {
  pageTest(title, { timeout: 60_000, ...context }, async ({ page, keep }) => {
    const mock = keep(await startMock());
    fill?.(mock);
    await page.goto(mock.url + path);
    await run({ page, mock });
  });
}

const line = (page: Page, n: number) => page.locator(`[data-line="${n}"]`);
const panel = (page: Page, n: number) => page.getByRole('region', { name: `Line ${n}`, exact: true });

/**
 * Rows move until the list has measured those that it drew, and a button that is pressed over one row and let go over
 * another clicks on neither.
 */
async function comeToRest(place: Locator): Promise<void> {
  await place.scrollIntoViewIfNeeded();
  await place.evaluate(
    (element) =>
      new Promise<void>((done) => {
        let last = NaN;
        let frames = 0;
        const look = (): void => {
          const { y } = element.getBoundingClientRect();
          frames = y === last ? frames + 1 : 0;
          last = y;
          if (frames === 10) done();
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
}

inBrowser(
  'a line is explained by a click, and keys walk from line to line',
  '/sessions/s_captured',
  async ({ page }) => {
    const said = line(page, 25).locator('.said');
    await comeToRest(said);
    await said.click({ position: { x: 3, y: 6 } });
    await page.waitForURL('**/transcript?line=25');
    await panel(page, 25).getByText('says where bounces go').waitFor();
    await panel(page, 25).getByText('with line 26, 27').waitFor();
    await page.keyboard.press('j');
    await page.waitForURL('**/transcript?line=26');
    await page.keyboard.press('k');
    await page.keyboard.press('k');
    await page.waitForURL('**/transcript?line=24');
    await panel(page, 24).getByText('The login succeeded.').waitFor();
    await page.keyboard.press('Escape');
    await page.waitForURL('**/s_captured/transcript');
    await expect.poll(() => page.locator('.panel').count()).toBe(0);
  },
);

inBrowser(
  'whoever leaves a line that the filter hides goes on at one that it shows',
  '/sessions/s_captured/transcript?line=24',
  async ({ page }) => {
    await panel(page, 24).waitFor();
    await page.getByRole('button', { name: 'Commands' }).click();
    await page.getByRole('button', { name: 'Close' }).focus();
    await page.keyboard.press('Enter');
    await line(page, 24).waitFor({ state: 'detached' });
    const isOnLine = () => page.evaluate(() => document.activeElement?.closest('[data-line]') != null);
    await expect.poll(isOnLine).toBe(true);
  },
);

inBrowser(
  'what is known of a masked secret stands beside it',
  '/sessions/s_captured/transcript?line=23',
  async ({ page }) => {
    await line(page, 23).getByText('ends in white space').waitFor();
    await panel(page, 23).getByText('What is known of it: 11 bytes, ASCII, ends in white space.').waitFor();
    expect(await line(page, 21).textContent()).toContain('shop-app');
  },
);

inBrowser(
  'text is found, and only errors can be shown',
  '/sessions/s_pipe',
  async ({ page }) => {
    await line(page, 1).waitFor();
    await page.keyboard.press('Control+f');
    await page.keyboard.type('accepted');
    await page.getByText('1 of 2', { exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('2 of 2', { exact: true }).waitFor();
    expect(await line(page, 6).locator('.found').textContent()).toBe('Accepted');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Errors' }).click();
    await expect.poll(() => page.locator('[data-line]').count()).toBe(2);
    expect(await line(page, 4).textContent()).toContain('501');
  },
  {
    fill: (mock) => {
      mock.sessions.push(makeSession(93, { id: 's_pipe' }));
      mock.lines.set(
        's_pipe',
        makeLines([
          ['S', 1, '220 hi'],
          ['C', 2, 'MAIL FROM:<a@b.example>', { chunk: 1 }],
          ['S', 3, '250 2.1.0 Accepted'],
          ['C', 2, 'RCPT TO:<bad', { chunk: 1, pipelined: true }],
          ['S', 4, '501 5.1.3 The path has no closing ">"'],
          ['C', 2, 'RCPT TO:<c@d.example>', { chunk: 1, pipelined: true }],
          ['S', 5, '250 2.1.5 Accepted'],
        ]),
      );
    },
  },
);

inBrowser(
  'a message unfolds in its place, dots and line endings shown',
  '/sessions/s_captured/transcript?line=34',
  async ({ page }) => {
    const press = async (name: string): Promise<void> => {
      const button = line(page, 33).getByRole('button', { name, exact: true });
      await comeToRest(button);
      await button.click();
    };
    await press('Unfold');
    await page.getByText('Subject: Rechnung').waitFor();
    await page.getByText('end of the message').waitFor();
    await press('Fold');
    await expect.poll(() => page.getByText('Subject: Rechnung').count()).toBe(0);
  },
  {
    fill: (mock) => {
      const base64 = Buffer.from('Subject: Rechnung\r\n\r\n..dot\r\n.\r\n').toString('base64');
      mock.lines.set(
        's_captured',
        capturedLines.map((one) => (one.kind === 'data' ? { ...one, base64 } : one)),
      );
    },
  },
);

inBrowser(
  'a running session is followed until one scrolls, and again from a button',
  '/sessions/s_live',
  async ({ page, mock }) => {
    const lines = (count: number) =>
      makeLines(Array.from({ length: count }, (_, n) => [n % 2 ? 'C' : 'S', n * 100, `250 line ${n} end`]));
    await line(page, 99).waitFor();
    mock.addLines('s_live', lines(160).slice(100));
    await line(page, 159).waitFor();
    await page.getByRole('list', { name: 'Transcript' }).hover();
    await page.mouse.wheel(0, -1500);
    await page.getByRole('button', { name: /Jump to the end/ }).waitFor();
    mock.addLines('s_live', lines(200).slice(160));
    await page.getByRole('button', { name: 'Jump to the end, 40 new' }).waitFor();
    expect(await line(page, 199).count()).toBe(0);
    await page.getByRole('button', { name: /Jump to the end/ }).click();
    await line(page, 199).waitFor();
  },
  {
    fill: (mock) => {
      const open = { outcome: 'open', closedAt: null, durationUs: null, ended: null } as const;
      mock.sessions.push(makeSession(90, { id: 's_live', ...open }));
      mock.lines.set(
        's_live',
        makeLines(Array.from({ length: 100 }, (_, n) => [n % 2 ? 'C' : 'S', n * 100, `250 line ${n} end`])),
      );
    },
  },
);

inBrowser(
  'an export says that lines are missing only in the formats in which they are',
  '/sessions/s_long/export',
  async ({ page }) => {
    const warning = page.getByText('The session has more lines than are loaded');
    for (const [format, count] of [
      ['JSON', 1],
      ['Script', 1],
      ['curl', 1],
      ['Text', 0],
      ['swaks', 1],
    ] as const) {
      await page.getByRole('button', { name: format, exact: true }).click();
      await page.getByRole('region', { name: format, exact: true }).waitFor();
      await expect.poll(() => warning.count(), { message: format }).toBe(count);
    }
  },
  {
    fill: (mock) => {
      const lines = makeLines(
        Array.from({ length: 20_001 }, (_, n) => [n % 2 ? 'C' : 'S', n, `250 line ${n} end`]),
      );
      mock.sessions.push(makeSession(92, { id: 's_long', lines: lines.length }));
      mock.lines.set('s_long', lines);
    },
  },
);

inBrowser('two sessions are chosen and compared, facts first', '/sessions/s_captured', async ({ page }) => {
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await page
    .getByRole('dialog')
    .getByRole('link', { name: /TLS failed/ })
    .click();
  await page.waitForURL('**/sessions/compare/s_captured/s_tls');
  await page.getByText('ended by a failed TLS handshake').waitFor();
  await page.getByRole('button', { name: 'Next difference' }).click();
  await page.getByText(/^place 1, /).waitFor();
  await page.getByRole('button', { name: 'Swap sides' }).click();
  await page.waitForURL('**/sessions/compare/s_tls/s_captured');
  // Whose a line is, is not only its colour and its arrow.
  const lines = page.getByRole('list', { name: 'Lines of both sessions' });
  expect(await lines.getByRole('listitem').first().innerText()).toContain('server:');
});

inBrowser(
  'a comparison says which line is a chunk of BDAT and which a whole message',
  '/sessions/compare/s_captured/s_chunks',
  async ({ page }) => {
    const lines = page.getByRole('list', { name: 'Lines of both sessions' });
    await lines.getByText('Chunk 1 of 2, 1000 B').waitFor();
    await lines.getByText('Chunk 2 of 2 (LAST), 9 B').waitFor();
    await lines.getByText(/^Message, /).waitFor();
  },
  {
    viewport: { width: 1440, height: 2400 },
    fill: (mock) => {
      const data = { kind: 'data', eol: '' } as const;
      mock.sessions.push(makeSession(91, { id: 's_chunks' }));
      mock.lines.set(
        's_chunks',
        makeLines([
          ['S', 0, '220 mailscope ESMTP'],
          ['C', 1, 'MAIL FROM:<a@b.test>'],
          ['C', 2, 'BDAT 1000'],
          ['C', 3, '', { ...data, bytes: 1000 }],
          ['C', 4, 'BDAT 9 LAST'],
          ['C', 5, '', { ...data, bytes: 9 }],
        ]),
      );
    },
  },
);
