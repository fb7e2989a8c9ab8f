// What is attached is hostile as well: opened by its address, or put by one mail into the document of another.
import { expect } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { startTestSandbox } from '../support/sandbox.ts';

const browserTest = useBrowser();

const script = "document.title = 'RAN'; fetch('/api/messages/delete', { method: 'POST' });";
const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="document.title='RAN'"><script>${script}</script></svg>`;
const html = `<!doctype html><script>${script}</script><img src=x onerror="document.title='RAN'">`;
const png = Buffer.from('89504e470d0a1a0a', 'hex').toString('latin1');
/** A browser that were told this type would show the page in it, and then the next one in its place. */
const replacing = `--r\r\nContent-Type: text/html\r\n\r\n${html}\r\n--r--`;
/** Declared type, name, content. */
const attached: [string, string, string][] = [
  ['text/html', 'page.html', html],
  ['text/html; charset=utf-7', 'seven.html', "+ADw-script+AD4-document.title+AD0-'RAN'+ADw-/script+AD4-"],
  ['image/svg+xml', 'picture.svg', svg],
  ['image/png', 'page.png', html],
  ['image/png', 'tail.png', `${png}${html}`],
  [
    'application/xhtml+xml',
    'page.xhtml',
    `<html xmlns="http://www.w3.org/1999/xhtml"><script>${script}</script></html>`,
  ],
  ['text/xml', 'page.xml', `<?xml version="1.0"?><?xml-stylesheet href="x"?>${svg}`],
  ['application/pdf', 'page.pdf', `%PDF-1.4 <script>${script}</script>`],
  ['text/javascript', 'own.js', script],
  ['text/css', 'own.css', '* { background: url(/api/messages) }'],
  ['application/octet-stream', 'unknown', html],
  ['message/rfc822', 'mail.eml', `Content-Type: text/html\r\n\r\n${html}`],
  ['multipart/x-mixed-replace', 'replace', html],
  ['multipart/x-mixed-replace; boundary=r', 'parts', replacing],
];

const mail = (
  body: string,
  type: string,
  parts: [string, string, string][],
  encoding: 'base64' | '7bit' = 'base64',
): Buffer =>
  Buffer.from(
    [
      ...['Subject: attached', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', ''],
      ...['--b', `Content-Type: ${type}`, '', body],
      ...parts.flatMap(([contentType, name, content]) => [
        '--b',
        `Content-Type: ${contentType}`,
        `Content-Disposition: attachment; filename="${name}"`,
        `Content-Transfer-Encoding: ${encoding}`,
        '',
        encoding === 'base64' ? Buffer.from(content, 'latin1').toString('base64') : content,
      ]),
      ...['--b--', ''],
    ].join('\r\n'),
    'latin1',
  );

browserTest(
  'no attachment runs when it is opened, and none runs in another mail',
  { timeout: 60_000 },
  async (browser) => {
    await using sandbox = await startTestSandbox();
    const { client } = sandbox;
    const store = async (raw: Buffer): Promise<string> => {
      const { id } = await client.storeMessage({ body: new Uint8Array(raw) });
      await expect.poll(() => client.readMessage({ params: { id } })).toMatchObject({ parse: 'parsed' });
      return id;
    };
    const first = await store(mail('first', 'text/plain', attached));
    const { attachmentList } = await client.readMessage({ params: { id: first } });
    const nameAndType = ([type, name]: [string, string, string]): string[] => [name, type.split(';')[0]!];
    expect(attachmentList.map(({ filename, contentType }) => [filename, contentType])).toEqual(
      attached.map(nameAndType),
    );
    // Not encoded, these are read as what they are: with parts of their own.
    const containers = attached.filter(([type]) => /^message|boundary/.test(type));
    const whole = await store(mail('whole', 'text/plain', containers, '7bit'));
    const { structure } = await client.readMessage({ params: { id: whole } });
    expect(
      structure?.children.slice(1).map(({ contentType, children }) => [contentType, children.length]),
    ).toEqual([
      ['message/rfc822', 1],
      ['multipart/x-mixed-replace', 1],
    ]);
    const paths = [
      ...attachmentList.map(({ part }) => `/api/messages/${first}/parts/${part}`),
      ...['0', '2', '2.1', '3', '3.1'].map((part) => `/api/messages/${whole}/parts/${part}`),
    ];
    for (const [n, path] of paths.entries()) {
      const { headers, status } = await fetch(sandbox.url + path);
      expect([path, status]).toEqual([path, 200]);
      const name = attached[n]?.[1] ?? path;
      const isPicture = name === 'tail.png';
      expect([name, headers.get('content-type')]).toEqual([
        name,
        isPicture ? 'image/png' : 'application/octet-stream',
      ]);
      expect([name, headers.get('content-disposition')!.split(';')[0]]).toEqual([
        name,
        isPicture ? 'inline' : 'attachment',
      ]);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toBe(
        "sandbox; default-src 'none'; frame-ancestors 'none'",
      );
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    }
    const context = await browser.newContext({ acceptDownloads: true });
    try {
      const page = await context.newPage();
      for (const path of [...paths, `/api/messages/${first}/raw`, `/api/messages/${whole}/raw`]) {
        // A download ends the navigation.
        await page.goto(sandbox.url + path).catch(() => undefined);
        expect([path, await page.title()]).not.toEqual([path, 'RAN']);
      }
      const used = paths
        .map((path) => {
          const at = sandbox.url + path;
          return `<script src="${at}"></script><link rel="stylesheet" href="${at}"><link rel="import" href="${at}"><link rel="modulepreload" href="${at}"><iframe src="${at}"></iframe><object data="${at}"></object><embed src="${at}"><img src="${at}"><svg><use href="${at}#x"/></svg><video src="${at}"></video><style>@import url("${at}");</style>`;
        })
        .join('');
      const second = await store(mail(`<p id="top">second</p>${used}<p id="end">end</p>`, 'text/html', []));
      const asked: string[] = [];
      page.on('response', (answer) => {
        if (answer.url().includes('/parts/')) asked.push(answer.url());
      });
      await page.goto(`${sandbox.url}/inbox/${second}/preview`);
      await page.frameLocator('iframe').locator('#end').waitFor();
      await page.waitForLoadState('networkidle');
      expect(asked).toEqual([]);
      for (const frame of page.frames()) expect(await frame.title()).not.toBe('RAN');
      // Opened by its own address it is the same document, with the same policy.
      await page.goto(`${sandbox.url}/mail/${second}`);
      await page.waitForLoadState('networkidle');
      expect(await page.title()).not.toBe('RAN');
      expect(asked).toEqual([]);
      expect((await client.readStatus()).messages).toBe(3);
    } finally {
      await context.close();
    }
  },
);
