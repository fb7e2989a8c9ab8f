// What a client says and how a mail names things is shown as text in every view, and never becomes a part of the page.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { usePages } from '../web/support/page-test.ts';
import { listen, listenForTries } from './heard.ts';

const pageTest = usePages();

/** An image which asks for `/hostile` and then runs, once it is more than text. No spaces, so that it is one argument. */
const hostile = (name: string): string => `<img/src='/hostile'onerror=console.log('RAN:${name}')>`;
/** The same for where no colon may be. */
const inName = "<img/src='/hostile-name'>";
const encode = (...texts: string[]): string => Buffer.from(texts.join('\0')).toString('base64');

async function sayHostileThings(sandbox: TestSandbox): Promise<void> {
  await using wire = await sandbox.wire();
  await wire.reply();
  const address = (name: string): string => `<"${hostile(name)}"@x.test>`;
  for (const line of [
    `EHLO ${hostile('ehlo')}`,
    `AUTH PLAIN ${encode('', hostile('user'), hostile('password'))}`,
    `${hostile('verb')} ${hostile('argument')}`,
    `VRFY ${hostile('vrfy')}`,
    `RCPT TO:<${hostile('refused')}@x.test>`,
    `MAIL FROM:${address('from')} ENVID=e X-OWN=${hostile('parameter')}`,
    `RCPT TO:<${hostile('two')}@x.test>`,
    `RCPT TO:${address('notify')} NOTIFY=${hostile('never')}`,
    `RCPT TO:${address('to')}`,
  ])
    await wire.say(line);
  expect(await wire.say('DATA')).toMatch(/^354/);
  wire.send(makeMail());
  expect(await wire.say('.')).toMatch(/^250/);
  expect(await wire.quit()).toMatch(/^221/);
}

/** Ends in MAIL, which is refused. */
async function beRefused(sandbox: TestSandbox): Promise<void> {
  await using wire = await sandbox.wire();
  await wire.hello(hostile('other'));
  expect(await wire.say(`MAIL FROM:<${hostile('bad')}@x.test> BODY=${hostile('body')}`)).toMatch(/^5/);
  await wire.quit();
}

const makeMail = (): string =>
  [
    `From: "${hostile('name-from')}" <a@x.test>`,
    `To: "${hostile('name-to')}" <b@x.test>`,
    `Cc: =?utf-8?B?${encode(hostile('name-cc'))}?= <c@x.test>`,
    `Subject: ${hostile('subject')}`,
    `X-Own: ${hostile('header')}`,
    `${inName}: odd`,
    `Message-ID: <${hostile('id')}@x.test>`,
    `Received: from ${hostile('hop')} by x; Thu, 12 Mar 2026 14:20:00 +0000`,
    `Authentication-Results: ${hostile('checker')}; dkim=fail header.d=${hostile('signer')}`,
    `List-Unsubscribe: <http://x.test/${hostile('unsubscribe')}>`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    ...['', '--b', 'Content-Type: text/plain', '', `the text ${hostile('text')}`],
    ...['--b', 'Content-Type: text/html', '', `<a href="http://x.test">${encodeHtml(hostile('link'))}</a>`],
    ...[
      '--b',
      `Content-Type: text/${hostile('type')}; name="${hostile('type-name')}"`,
      `Content-Disposition: attachment; filename="${hostile('file')}.txt"`,
      `Content-ID: <${hostile('cid')}>`,
      '',
      hostile('file-text'),
    ],
    '--b--',
    '',
  ].join('\r\n');
const encodeHtml = (text: string): string => text.replaceAll('<', '&lt;');

/** Waits until all of these stand there, as they were sent. */
async function isSeen(page: Page, names: readonly string[], others: readonly string[] = []): Promise<void> {
  const missing = async (): Promise<string[]> => {
    const text = (await page.locator('body').textContent()) ?? '';
    return [...names.map(hostile), ...others].filter((one) => !text.includes(one));
  };
  await expect.poll(missing, { message: page.url(), timeout: 20_000 }).toEqual([]);
}

async function see(page: Page, at: string, names: readonly string[]): Promise<void> {
  await page.goto(at);
  await isSeen(page, names);
}

pageTest(
  'what a client says is text in the list of sessions, in each tab of one, in searches and comparisons',
  { timeout: 90_000, viewport: { width: 1600, height: 2400 } },
  async ({ page, context, keep }) => {
    const sandbox = keep(await startTestSandbox());
    const ran = listen(context);
    const asked = await listenForTries(context);
    // As they come, and then as they were stored.
    await page.goto(`${sandbox.url}/sessions`);
    await page.waitForLoadState('networkidle');
    await sayHostileThings(sandbox);
    await beRefused(sandbox);
    await isSeen(page, ['ehlo', 'user', 'from', 'to', 'other']);
    const [said, refused] = await sandbox.closedSessions(2);
    const at = `${sandbox.url}/sessions`;
    await see(page, at, ['ehlo', 'user', 'from', 'to', 'other']);
    await see(page, `${at}?q=${encodeURIComponent('RAN')}`, ['ehlo']);
    const lines = ['ehlo', 'verb', 'argument', 'vrfy', 'refused', 'from', 'parameter', 'two', 'never', 'to'];
    await see(page, `${at}/${said!.id}`, lines);
    await see(page, `${at}/${said!.id}/overview`, ['ehlo', 'user', 'from', 'to']);
    await see(page, `${at}/${said!.id}/export`, ['ehlo', 'from']);
    await see(page, `${at}/${refused!.id}/overview`, ['other', 'bad']);
    await see(page, `${at}/compare/${said!.id}/${refused!.id}`, ['ehlo', 'other']);
    const client = (await sandbox.lines(said!.id)).filter(({ from }) => from === 'client');
    expect(client.length).toBeGreaterThan(10);
    await page.goto(`${at}/${said!.id}/transcript`);
    for (const { n } of client) {
      await page.getByRole('link', { name: `Line ${n}`, exact: true }).click();
      await page.getByRole('region', { name: `Line ${n}`, exact: true }).waitFor();
    }
    await see(page, `${sandbox.url}/api/sessions/${said!.id}/transcript?format=text`, lines);
    expect(asked).toEqual([]);
    expect(ran).toEqual([]);
  },
);

const tabs: readonly [string, readonly string[]][] = [
  ['preview', ['subject', 'name-from', 'name-to']],
  ['text', ['text']],
  ['headers', ['header', 'hop', 'id', 'signer']],
  ['structure', ['file']],
  ['source', ['subject', 'file-text']],
  ['attachments', ['file']],
  ['envelope', ['from', 'to']],
  ['links', ['link']],
];

pageTest(
  'what a mail names is text in the list, in each tab, in searches, in the title of the page and where nothing is found',
  { timeout: 90_000, viewport: { width: 1600, height: 2400 } },
  async ({ page, context, keep }) => {
    const sandbox = keep(await startTestSandbox());
    const ran = listen(context);
    const asked = await listenForTries(context);
    await page.goto(`${sandbox.url}/inbox`);
    await page.waitForLoadState('networkidle');
    await sayHostileThings(sandbox);
    await isSeen(page, ['subject', 'name-from']);
    await sandbox.closedSession();
    const { id } = await sandbox.client.readMessage({ params: { id: 'latest' } });
    const at = `${sandbox.url}/inbox`;
    await see(page, at, ['subject', 'name-from']);
    for (const query of ['subject:RAN', 'hostile', `"${hostile('subject')}"`])
      await see(page, `${at}?q=${encodeURIComponent(query)}`, ['subject']);
    for (const [tab, names] of tabs) {
      await see(page, `${at}/${id}/${tab}`, names);
      if (tab === 'headers' || tab === 'source') await isSeen(page, [], [inName]);
      expect(await page.title()).toContain(hostile('subject'));
    }
    await see(page, `${at}/compare/${id}/${id}`, ['subject']);
    // In the address itself, as a search.
    const sent = encodeURIComponent(hostile('sent'));
    for (const path of [`/inbox?q=${sent}`, `/inbox?q=from:"${sent}`, `/sessions?q=${sent}`]) {
      await page.goto(sandbox.url + path);
      const shown = (): Promise<string> =>
        page.evaluate(() => {
          const boxes = document.querySelectorAll<HTMLInputElement>('input, textarea');
          return [document.body.textContent, ...Array.from(boxes, ({ value }) => value)].join(' ');
        });
      await expect.poll(shown, { message: path, timeout: 20_000 }).toContain(hostile('sent'));
    }
    expect(asked).toEqual([]);
    expect(ran).toEqual([]);

    // Had it become a part of the page, that would have been heard.
    await page.goto(at);
    await page.evaluate((html) => document.body.insertAdjacentHTML('beforeend', html), hostile('control'));
    await expect.poll(() => asked, { timeout: 20_000 }).toEqual(['/hostile']);
    await expect.poll(() => ran, { timeout: 20_000 }).toEqual(['RAN: stopped by script-src-attr']);
  },
);
