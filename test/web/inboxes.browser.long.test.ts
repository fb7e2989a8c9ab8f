// Choosing an inbox, in a browser, against the real server.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';
import { forAxe, problemsOf, usePages } from './support/page-test.ts';

const pageTest = usePages();
const chooser = (page: Page) => page.getByRole('combobox', { name: 'Show the messages of' });
const rows = (page: Page) => page.getByRole('grid', { name: 'Messages' }).getByRole('row');
const subjects = (page: Page) => rows(page).locator('.subject').allTextContents();

for (const [width, colorScheme] of [
  [1280, 'light'],
  [390, 'dark'],
] as const) {
  pageTest(
    `an inbox is chosen, linked, live, left by going back, and its end is said, ${width} pixels wide and ${colorScheme}`,
    { timeout: 60_000, viewport: { width, height: 844 }, colorScheme, ...forAxe },
    async ({ page, keep }) => {
      const sandbox = keep(await startTestSandbox());
      await using wire = await sandbox.wire();
      await wire.hello();
      const send = async (subject: string, to: string): Promise<void> => {
        expect(await wire.mail(`Subject: ${subject}\r\n\r\nHello\r\n`, 'a@b.example', [to])).toMatch(/^250/);
      };
      const problems: string[] = [];
      const look = async (what: string) => problems.push(...(await problemsOf(page, what)));
      await send('Welcome', 'bob@b.example');
      await page.goto(`${sandbox.url}/inbox`);
      await expect.poll(() => subjects(page)).toEqual(['Welcome']);
      expect(await chooser(page).count()).toBe(0);

      await sandbox.client.createInbox({ body: { name: 'run-17', rules: [{ domain: 'run.example' }] } });
      await chooser(page).waitFor();
      await send('Order 1', 'x@run.example');
      await expect.poll(() => subjects(page)).toEqual(['Order 1', 'Welcome']);
      await rows(page).first().getByText('run-17').first().waitFor();
      await look('all');

      await chooser(page).selectOption('run-17');
      await expect.poll(() => subjects(page)).toEqual(['Order 1']);
      expect(new URL(page.url()).search).toBe('?inbox=run-17');
      await send('Not for here', 'bob@b.example');
      await send('Order 2', 'x@run.example');
      await expect.poll(() => subjects(page)).toEqual(['Order 2', 'Order 1']);
      await expect
        .poll(() => chooser(page).locator('option:checked').textContent())
        .toBe('run-17 · 2 unread');
      await look('chosen');

      await page.getByRole('button', { name: /^Unread/ }).click();
      await expect.poll(() => new URL(page.url()).search).toBe('?q=is%3Aunread&inbox=run-17');
      await page.reload();
      await expect.poll(() => subjects(page)).toEqual(['Order 2', 'Order 1']);
      await page.goBack();
      await page.goBack();
      await expect.poll(() => chooser(page).inputValue()).toBe('');
      await expect.poll(() => rows(page).count()).toBe(4);

      await page.goForward();
      await expect.poll(() => subjects(page)).toEqual(['Order 2', 'Order 1']);
      await sandbox.client.deleteInbox({ params: { name: 'run-17' } });
      await page.getByText('There is no inbox run-17').waitFor();
      await page.getByText('It was deleted').waitFor();
      await look('deleted');
      await page.getByRole('button', { name: 'Show all messages' }).click();
      await expect.poll(() => subjects(page)).toEqual(['Not for here', 'Welcome']);
      await page.goto(`${sandbox.url}/inbox?inbox=never-made`);
      await page.getByText('There is no inbox never-made').waitFor();
      expect(problems).toEqual([]);
    },
  );
}

pageTest(
  'an inbox is made in Settings, its password and token are shown once, and it is deleted again',
  { timeout: 60_000, viewport: { width: 390, height: 844 }, ...forAxe },
  async ({ page, keep }) => {
    const sandbox = keep(await startTestSandbox());
    await page.goto(`${sandbox.url}/settings`);
    await page.getByRole('textbox', { name: 'Name of a new inbox' }).fill('run-18');
    await page.getByRole('combobox', { name: 'Token' }).selectOption('read');
    await page.getByRole('button', { name: 'Add a rule' }).click();
    await page.getByRole('combobox', { name: 'What rule 1 looks at' }).selectOption('domain');
    await page.getByRole('textbox', { name: 'Rule 1' }).fill('run.example');
    await page.getByRole('button', { name: 'Make the inbox' }).click();
    await page.getByRole('button', { name: 'Copy the password' }).waitFor();
    await page.getByRole('button', { name: 'Copy the token' }).waitFor();
    expect(await problemsOf(page, 'an inbox that was made')).toEqual([]);
    const made = await sandbox.client.readInbox({ params: { name: 'run-18' } });
    expect(made).toMatchObject({ user: 'run-18', rules: [{ domain: 'run.example' }] });
    await page.reload();
    await page.getByRole('link', { name: 'run-18' }).waitFor();
    expect(await page.getByRole('button', { name: 'Copy the password' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Delete run-18' }).click();
    await page.getByRole('button', { name: 'Delete run-18 and what is in it' }).click();
    await expect.poll(() => page.getByRole('link', { name: 'run-18' }).count()).toBe(0);
  },
);
