// The login of the page, in a browser and against the real server.
import { expect } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';
import { forAxe, problemsOf, usePages } from './support/page-test.ts';

const pageTest = usePages();
const password = 'let me in, please';

pageTest(
  'a password opens the page, where it was asked for, until the logout',
  { timeout: 60_000 },
  async ({ page, keep, context }) => {
    const sandbox = keep(await startTestSandbox({ password }));
    await using wire = await sandbox.wire();
    await wire.hello();
    await wire.mail('Subject: behind the door\r\nContent-Type: text/html\r\n\r\n<p>hello</p>\r\n');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`${sandbox.url}/inbox?query=door`);
    const field = page.getByLabel('Password', { exact: true });
    await field.waitFor();
    expect(await page.content()).not.toContain('behind the door');
    // The field has the focus, and all of it works by keys alone.
    await page.keyboard.type('wrong one');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('That is not the password.').waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await field.getAttribute('type')).toBe('text');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: /behind the door/ }).waitFor();
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/inbox?query=door');
    await page.reload();
    await page.getByRole('link', { name: /behind the door/ }).click();
    // The mail in its frame, by the cookie.
    await page.frameLocator('iframe').getByText('hello').waitFor();
    await using second = await sandbox.wire();
    await second.hello();
    await second.mail('Subject: another door\r\n\r\nhello\r\n');
    await page.getByRole('link', { name: /another door/ }).waitFor();
    expect(asked.filter((url) => /please|wrong/.test(url))).toEqual([]);
    expect(await context.cookies()).toMatchObject([{ httpOnly: true, sameSite: 'Strict', secure: false }]);
    expect(
      await page.evaluate('document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage })'),
    ).not.toContain('please');

    await page.goto(`${sandbox.url}/settings`);
    await page.getByRole('button', { name: 'Log out' }).click();
    await field.waitFor();
    expect(await context.cookies()).toEqual([]);
    expect((await page.request.get(`${sandbox.url}/api/messages`)).status()).toBe(401);
  },
);

for (const colorScheme of ['light', 'dark'] as const)
  pageTest(
    `the login fits a phone and is accessible, in ${colorScheme}`,
    { timeout: 60_000, viewport: { width: 390, height: 844 }, colorScheme, ...forAxe },
    async ({ page, keep }) => {
      const sandbox = keep(await startTestSandbox({ password }));
      await page.goto(sandbox.url);
      const field = page.getByLabel('Password', { exact: true });
      await field.waitFor();
      expect(await problemsOf(page, 'the form')).toEqual([]);
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByText('Type the password first.').waitFor();
      const wrong = (n: number) => sandbox.client.logIn({ body: { password: `wrong ${n}` } });
      const said = page.getByRole('alert');
      const tryOnce = async (): Promise<string> => {
        await field.fill('wrong');
        await page.getByRole('button', { name: 'Log in' }).click();
        await said.locator('.problem').waitFor();
        return said.innerText();
      };
      expect(await tryOnce()).toContain('That is not the password.');
      // Every few seconds one more may be tried, and a busy machine is slower than that by hand.
      await expect
        .poll(async () => {
          await Promise.allSettled(Array.from({ length: 20 }, (_, n) => wrong(n)));
          return tryOnce();
        })
        .toMatch(/Too many wrong passwords came\.\s+Try again in \d+ s/);
      expect(await problemsOf(page, 'the form with an error')).toEqual([]);
      const path = process.env['LOGIN_PICTURE'];
      if (path) await page.screenshot({ path: `${path}-${colorScheme}.png` });
    },
  );

pageTest(
  'a page that is open asks for the password once its login is over',
  { timeout: 60_000 },
  async ({ page, keep, context }) => {
    const sandbox = keep(await startTestSandbox({ token: ['whole-0123456789abcdef'] }));
    await page.goto(sandbox.url);
    // Without a password it is a token that is asked for.
    await page.getByLabel('Token', { exact: true }).fill('whole-0123456789abcdef');
    await page.keyboard.press('Enter');
    await page
      .getByText('No message is open')
      .or(page.getByRole('heading', { name: 'Inbox' }))
      .first()
      .waitFor();
    const [cookie] = await context.cookies();
    const out = await fetch(`${sandbox.url}/api/logout`, {
      method: 'POST',
      headers: { cookie: `${cookie!.name}=${cookie!.value}`, 'X-Mailscope': '1' },
    });
    expect(out.status).toBe(200);
    // Its live connection ended with the login.
    await page.getByRole('heading', { name: 'Log in to Mailscope' }).waitFor();
  },
);
