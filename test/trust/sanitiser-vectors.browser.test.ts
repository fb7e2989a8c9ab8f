// What a sanitiser is there for runs nowhere without one: as the HTML, the text, the subject and an attachment of a mail.
import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { whereAllowed } from '../support/allowed.ts';
import { useBrowser } from '../support/browser.ts';
import { startTestSandbox } from '../support/sandbox.ts';
import { makeVectors } from '../web/support/hostile-html.ts';
import { grid } from '../web/support/list-page.ts';
import { startCanary } from './canary.ts';
import { findDompurifyVectors } from './dompurify-vectors.ts';
import { listen, listenForTries } from './heard.ts';

// Some call elsewhere, where this test has nothing to do.
const browserTest = useBrowser(['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1']);
const { vectors: others, missing } = await findDompurifyVectors();
const patience = { timeout: 30_000 };

/** What the vectors call is heard in every frame, and opens no dialog that would stop the page. */
async function hearCalls(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    for (const name of ['alert', 'confirm', 'prompt', 'print'])
      Object.assign(window, { [name]: () => console.log(`RAN:${location.pathname}`) });
  });
}

/** Most of them wait for the reader to do something. */
async function touchEverything(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    addEventListener('load', () => {
      for (const element of document.querySelectorAll('*'))
        for (const type of [
          'mouseover',
          'mousedown',
          'click',
          'mouseout',
          'focus',
          'blur',
          'scroll',
          'input',
        ])
          element.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true }));
    });
  });
}

whereAllowed("vectors of DOMPurify's tests", missing).describe('what others found', () => {
  browserTest('is there, and is heard where there is no wall', { timeout: 90_000 }, async (browser) => {
    expect(others.length).toBeGreaterThanOrEqual(180);
    const numbered = others.map((html, n): [string, string] => [`${n}`, html]);
    const all = numbered.map(([n]) => `<iframe src="/${n}"></iframe>`).join('');
    // Pictures that they name are none.
    const broken = ['x', 'xx', 'xxx', 'y'].map((name): [string, string] => [name, 'no picture']);
    await using open = await startCanary(new Map([['all', all], ...numbered, ...broken]));
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      const ran = listen(context);
      await hearCalls(context);
      await touchEverything(context);
      await page.goto(`${open.url}/all`, { waitUntil: 'commit' });
      // Most of the others were for browsers of their time.
      await expect.poll(() => new Set(ran).size, patience).toBeGreaterThanOrEqual(35);
    } finally {
      await context.close();
    }
  });
});

const encode = (text: string): string => Buffer.from(text).toString('base64');
/** A subject as encoded words (RFC 2047), which hold what a line cannot. */
const encodeWords = (text: string): string =>
  (text.match(/.{1,12}/gsu) ?? []).map((piece) => `=?utf-8?B?${encode(piece)}?=`).join('\r\n ');

const attach = (html: string, n: number): string[] => [
  '--b',
  `Content-Type: text/html; name="${n}.html"`,
  `Content-Disposition: attachment; filename*=UTF-8''${encodeURIComponent(html).replaceAll("'", '%27')}`,
  'Content-Transfer-Encoding: base64',
  '',
  encode(html),
];

function makeMail(subject: string, text: string, html: string, attached: string[]): string {
  const part = (type: string, content: string): string[] => [
    ...['--a', `Content-Type: text/${type}; charset=utf-8`, 'Content-Transfer-Encoding: base64', ''],
    encode(content),
  ];
  return [
    `Subject: ${encodeWords(subject)}`,
    ...['From: a@x.test', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', ''],
    ...['--b', 'Content-Type: multipart/alternative; boundary=a', ''],
    ...[...part('plain', text), ...part('html', `${html}<p id="end">end</p>`), '--a--'],
    ...attached.flatMap(attach),
    ...['--b--', ''],
  ].join('\r\n');
}

/** All these documents at once, each in a frame without the wall of the page around it. */
const openFrames = (page: Page, paths: string[]): Promise<number> =>
  page.evaluate(async (all) => {
    const loaded = all.map(
      (path) =>
        new Promise<number>((done) => {
          const frame = Object.assign(document.createElement('iframe'), { src: path });
          frame.addEventListener('load', () => done(frame.contentDocument === null ? 1 : 0));
          document.body.append(frame);
        }),
    );
    return (await Promise.all(loaded)).reduce((sum, one) => sum + one, 0);
  }, paths);

/** Of some, what cannot be seen is shown in words. */
const shownInWords = 20;
/** Each tab, and how many of the vectors need not stand in it as they are: a long name is cut. */
const tabs: readonly [string, (all: number) => number][] = [
  ['text', () => shownInWords],
  ['structure', () => shownInWords],
  ['attachments', (all) => all - 60],
];
/** Without spaces, which a subject and a page fold. */
const bare = (text: string): string => text.replaceAll(/\s+/g, '');

browserTest(
  'what a sanitiser has to stop runs in no HTML part, text part, subject or attachment, and asks nobody',
  { timeout: 120_000 },
  async (browser) => {
    await using canary = await startCanary();
    const own = makeVectors(canary.url).map(({ html }) => html);
    // A subject of thousands of letters is another matter.
    const vectors = [...own.filter((html) => html.length < 1000), ...others];
    expect(vectors.length).toBeGreaterThanOrEqual(100 + others.length);
    await using sandbox = await startTestSandbox();
    const store = async (mail: string): Promise<string> =>
      (await sandbox.client.storeMessage({ body: new TextEncoder().encode(mail) })).id;
    const ids = await Promise.all(vectors.map((html) => store(makeMail(html, html, html, []))));
    const all = await store(makeMail('all', vectors.join('\n'), 'all', vectors));
    await expect
      .poll(() => sandbox.client.readMessage({ params: { id: all } }), patience)
      .toMatchObject({ parse: 'parsed' });

    const context = await browser.newContext({ viewport: { width: 1440, height: 2400 } });
    try {
      const page = await context.newPage();
      const ran = listen(context);
      await listenForTries(context);
      await hearCalls(context);
      await page.goto(`${sandbox.url}/inbox`);
      const seen = new Set<string>();
      const missingSubjects = async (): Promise<number> => {
        for (const one of await grid(page).locator('.subject').allTextContents()) seen.add(bare(one));
        // Again from the top: rows that were passed before they were drawn have not been seen.
        await grid(page).evaluate((element) => {
          const { scrollTop, clientHeight, scrollHeight } = element;
          element.scrollTop = scrollTop + clientHeight >= scrollHeight - 1 ? 0 : scrollTop + 1600;
        });
        return vectors.filter((html) => !seen.has(bare(html))).length;
      };
      await expect.poll(missingSubjects, patience).toBeLessThanOrEqual(shownInWords);

      // Each HTML spoils only itself; texts stand one below the other.
      const documents = [...ids.map((id) => `/mail/${id}`), `/mail/${all}?view=text`];
      expect(await openFrames(page, documents)).toBe(documents.length);
      for (const [tab, mayLack] of tabs) {
        await page.goto(`${sandbox.url}/inbox/${all}/${tab}`);
        await page.getByRole('navigation', { name: 'Parts of the message' }).waitFor();
        const lacking = async (): Promise<number> => {
          const shown = bare((await page.locator('main').textContent()) ?? '');
          return vectors.filter((html) => !shown.includes(bare(html))).length;
        };
        await expect
          .poll(lacking, { ...patience, message: tab })
          .toBeLessThanOrEqual(mayLack(vectors.length));
      }
      expect(page.url()).toBe(`${sandbox.url}/inbox/${all}/attachments`);
      expect([...canary.hits]).toEqual([]);
      expect(ran).toEqual([]);
    } finally {
      await context.close();
    }
  },
);
