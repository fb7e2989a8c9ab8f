// The first minutes with the page, against the real server: nothing there yet, Connect, commands, notifications.
import { connect as connectTls } from 'node:tls';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { forAxe, pressKeys, problemsOf, usePages } from './support/page-test.ts';

const pageTest = usePages();

/** Light and dark by turns: each look takes a second or more. */
function makeLook(page: Page): (what: string) => Promise<string[]> {
  let looks = 0;
  return async (what) => {
    const colorScheme = looks++ % 2 === 0 ? 'light' : 'dark';
    await page.emulateMedia({ colorScheme });
    return problemsOf(page, `${what}, ${colorScheme}`);
  };
}

/** A client that begins with TLS on the port that begins in clear. */
async function beginWithTls(sandbox: TestSandbox): Promise<void> {
  await new Promise<void>((resolve) => {
    const socket = connectTls({ host: '127.0.0.1', port: sandbox.ports[0]!, rejectUnauthorized: false });
    socket.on('error', () => resolve());
    socket.on('close', () => resolve());
  });
}

pageTest(
  'Connect has the real settings, waits, and becomes the mail that came, or the failure with what to do',
  { timeout: 90_000, ...forAxe },
  async ({ page, keep }) => {
    const sandbox = keep(await startTestSandbox());
    const look = makeLook(page);
    const problems: string[] = [];
    await page.goto(`${sandbox.url}/connect`);
    await page.getByRole('heading', { name: 'Waiting for your first mail' }).waitFor();
    await page.getByRole('button', { name: 'Laravel' }).click();
    await page.getByText(`MAIL_PORT=${sandbox.ports[0]}`).waitFor();
    await page.locator('label', { hasText: 'submission' }).click();
    await page.getByText(`MAIL_PORT=${sandbox.ports[1]}`).waitFor();
    problems.push(...(await look('waiting')));
    await beginWithTls(sandbox);
    await page.getByRole('heading', { name: /began with TLS on a port that begins in clear/ }).waitFor();
    await page.getByText('What to do:').waitFor();
    problems.push(...(await look('failed')));
    await page.getByRole('button', { name: 'Wait for another' }).click();
    await page.getByRole('button', { name: 'Send a sample' }).click();
    await page.getByRole('heading', { name: 'Your mail has arrived' }).waitFor();
    problems.push(...(await look('arrived')));
    await page.getByRole('link', { name: 'Open the mail' }).click();
    await page.getByRole('heading', { name: 'A sample message' }).waitFor();
    expect(problems).toEqual([]);
  },
);

pageTest(
  'the empty page names a listener that speaks LMTP as one, and its commands go to one of SMTP',
  { timeout: 30_000 },
  async ({ page, keep }) => {
    const sandbox = keep(
      await startTestSandbox({ smtpPort: 'off', submissionPort: 'off', listen: ['lmtp://127.0.0.1:0'] }),
    );
    const { listeners } = await sandbox.client.readStatus();
    const port = (wanted: string) => listeners.find(({ protocol }) => protocol === wanted)?.port;
    await page.goto(sandbox.url);
    await page
      .getByRole('listitem')
      .filter({ hasText: `:${port('lmtp')}` })
      .getByText('speaks LMTP')
      .waitFor();
    const command = await page.locator('main pre').first().textContent();
    expect(command).toContain(`--port ${port('smtp')}`);
  },
);

pageTest(
  'where a certificate was given there is no CA, and none is offered',
  { timeout: 30_000 },
  async ({ page, keep }) => {
    const sandbox = keep(await startTestSandbox());
    const ca = page.getByRole('link', { name: 'CA certificate' });
    await page.goto(`${sandbox.url}/settings`);
    await ca.waitFor();
    await page.route('**/api/ca.pem', (route) =>
      route.fulfill({ status: 404, json: { error: { code: 'not_found', message: 'There is no CA.' } } }),
    );
    const asked = page.waitForResponse('**/api/ca.pem');
    await page.reload();
    expect((await asked).status()).toBe(404);
    await page.getByRole('link', { name: 'Settings for your client' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /run a command/ }).fill('download');
    await expect.poll(() => page.getByRole('option', { name: /CA certificate/ }).count()).toBe(0);
    expect(await ca.count()).toBe(0);
  },
);

pageTest(
  'where users are set, neither the empty page nor Connect says that any login is accepted',
  { timeout: 30_000 },
  async ({ page, keep }) => {
    const sandbox = keep(await startTestSandbox({ user: ['app:s3cret'] }));
    await page.goto(sandbox.url);
    await page.getByText('Only the logins of --user and of the inboxes are accepted').waitFor();
    await page.goto(`${sandbox.url}/connect`);
    await page.getByText('Only the logins of --user and of the inboxes are accepted').waitFor();
    await page.getByLabel('Log in (AUTH)').check();
    await page.getByText("auth: { user: 'YOUR_USER', pass: 'YOUR_PASSWORD' }").waitFor();
  },
);

pageTest(
  'an empty page says where to send to and sends a sample; keys, commands and settings are at hand',
  { timeout: 90_000, ...forAxe },
  async ({ page, keep }) => {
    const sandbox = keep(await startTestSandbox());
    const look = makeLook(page);
    const problems: string[] = [];
    const warnings: string[] = [];
    page.on('console', (line) => line.type() === 'warning' && warnings.push(line.text()));
    await page.goto(`${sandbox.url}/inbox`);
    await page.getByRole('heading', { name: 'Waiting for the first message' }).waitFor();
    await page.getByText(`--port ${sandbox.ports[0]}`).waitFor();
    problems.push(...(await look('empty')));
    expect(warnings).toEqual([]);
    await page.getByRole('button', { name: 'Send a sample' }).click();
    await page.getByRole('row').waitFor();
    // The button that had the focus is gone.
    await page.locator('#view:focus').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Open the next').waitFor();
    problems.push(...(await look('keys')));
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('dense');
    await page.getByRole('option', { name: 'Dense rows' }).waitFor();
    problems.push(...(await look('commands')));
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await page.getByRole('row').boundingBox())?.height).toBe(34);
    await pressKeys(page, 'g', ',');
    await page.getByRole('radio', { name: 'Dense' }).and(page.locator(':checked')).waitFor();
    problems.push(...(await look('settings')));
    expect(problems).toEqual([]);
  },
);

pageTest('who looks away is told of new mail, and a click opens it', { timeout: 60_000 }, async (opened) => {
  const { page } = opened;
  const sandbox = opened.keep(await startTestSandbox());
  await page.addInitScript(() => {
    const told: { title: string; onclick?: () => void }[] = [];
    class Told {
      static permission = 'default';
      static requestPermission = async (): Promise<string> => (Told.permission = 'granted');
      onclick?: () => void;
      title: string;
      constructor(title: string) {
        this.title = title;
        told.push(this);
      }
      close(): void {}
    }
    Object.assign(window, { Notification: Told, told });
    Object.defineProperty(document, 'hidden', { get: () => 'isAway' in window });
  });
  await page.goto(`${sandbox.url}/inbox`);
  await page.getByText('Live', { exact: true }).waitFor();
  await page.getByRole('heading', { name: 'Waiting for the first message' }).waitFor();
  await sandbox.client.sendSample({ body: { kind: 'text' } });
  // What has come before one looks away is told to nobody.
  await page.getByRole('row').waitFor();
  await page.getByRole('button', { name: 'Notify me of new mail' }).click();
  await page.getByRole('button', { name: 'No notifications of new mail' }).waitFor();
  await page.evaluate(() => Object.assign(window, { isAway: true }));
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.mail('From: Ann <ann@shop.example>\r\nSubject: Now\r\n\r\nHello\r\n');
  const titles = (): Promise<string[]> =>
    page.evaluate(() => (window as unknown as { told: { title: string }[] }).told.map(({ title }) => title));
  await expect.poll(titles).toEqual(['Ann']);
  await page.evaluate(() => (window as unknown as { told: { onclick(): void }[] }).told[0]?.onclick());
  await page.getByRole('heading', { name: 'Now' }).waitFor();
});
