// The list of messages and its search, in a browser, against the real server.
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';
import { grid, rows, subjects, useList } from './support/list-page.ts';
import { forAxe, pressKeys, problemsOf, usePages } from './support/page-test.ts';

const pageTest = usePages();
const inBrowser = useList(pageTest);

const box = (page: Page) => page.getByRole('combobox', { name: 'Search messages' });
const queryOf = (page: Page): string | null => new URL(page.url()).searchParams.get('q');

inBrowser(
  'a search is completed by keys, stands in the URL, and one step back leads before it',
  ['Invoice 1', 'Welcome'],
  async ({ page, sandbox }) => {
    const { items } = await sandbox.client.listMessages();
    await sandbox.client.updateMessages({ body: { ids: [items[1]?.id ?? ''], addTags: ['checkout'] } });
    await grid(page).getByText('checkout').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('ta');
    await page.getByRole('option', { name: /^tag:/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await page.getByRole('option', { name: 'checkout' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await box(page).inputValue()).toBe('tag:checkout ');
    await expect.poll(() => queryOf(page)).toBe('tag:checkout');
    await expect.poll(() => subjects(page)).toEqual(['Invoice 1']);
    await page.keyboard.press('Enter');
    await page.reload();
    await expect.poll(() => subjects(page)).toEqual(['Invoice 1']);
    expect(await box(page).inputValue()).toBe('tag:checkout');
    await page.goBack();
    await expect.poll(() => subjects(page)).toEqual(['Welcome', 'Invoice 1']);
    expect(await box(page).inputValue()).toBe('');
    await box(page).click();
    await page.getByRole('option', { name: 'tag:checkout' }).click();
    await expect.poll(() => queryOf(page)).toBe('tag:checkout');
  },
);

inBrowser(
  'a search that cannot be read is underlined where it is wrong, and the list stays and says so',
  ['Invoice 1'],
  async ({ page }) => {
    await box(page).click();
    await page.keyboard.type('invoice');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/inbox?q=invoice');
    await page.keyboard.type(' larger:lots');
    await page.keyboard.press('Enter');
    const said = page.getByRole('search').getByRole('alert');
    await said.waitFor();
    expect(await said.innerText()).toMatch(/The list is still that of\s+invoice\./);
    expect(await box(page).getAttribute('aria-invalid')).toBe('true');
    expect(await page.locator('.under .wrong').textContent()).toContain('lots');
    expect(await subjects(page)).toEqual(['Invoice 1']);
    await page.getByRole('button', { name: 'Clear the search' }).click();
    await expect.poll(() => said.count()).toBe(0);
  },
);

inBrowser(
  'when a search is left, no row is meant that is out of sight',
  Array.from({ length: 24 }, (_, n) => `Order ${n}`),
  async ({ page, sandbox }) => {
    await page.goto(`${sandbox.url}/inbox?q="order 0"`);
    await rows(page).first().click();
    await pressKeys(page, 'Escape', 'Escape', 'e');
    await expect.poll(() => subjects(page)).toContain('Order 23');
    expect((await sandbox.client.listMessages()).items).toHaveLength(24);
  },
);

inBrowser(
  'of what arrives during a search, what matches appears; nothing found shows the way out',
  ['Welcome'],
  async ({ page, send }) => {
    await box(page).click();
    await page.keyboard.type('invoice has:attachment');
    await page.getByText('No message matches').waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('invoice');
    await page.keyboard.press('Enter');
    await page.getByText('No message matches').waitFor();
    await send('Newsletter', 'Invoice 7', 'Another letter');
    await expect.poll(() => subjects(page)).toEqual(['Invoice 7']);
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await expect.poll(() => rows(page).count()).toBe(4);
  },
);

inBrowser(
  'several are chosen with Shift, tagged, pinned, saved as mbox, deleted, and come back',
  ['one', 'two', 'three', 'four'],
  async ({ page, sandbox }) => {
    const stored = async () => (await sandbox.client.listMessages()).items;
    await rows(page).first().hover();
    await page.getByRole('checkbox', { name: 'Select four' }).click();
    await page.getByRole('link', { name: /two/ }).click({ modifiers: ['Shift'] });
    await page.getByText('3 selected').waitFor();
    expect(new URL(page.url()).pathname).toBe('/inbox');
    await page.keyboard.press('t');
    await page.keyboard.type('spring sale');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.keyboard.press('s');
    await page.keyboard.press('u');
    await expect
      .poll(async () => (await stored()).map(({ tags, pinned, read }) => [tags.length, pinned, read]))
      .toEqual([
        [1, true, true],
        [1, true, true],
        [1, true, true],
        [0, false, false],
      ]);
    const save = page.getByRole('button', { name: 'Download as one .mbox' });
    const [download] = await Promise.all([page.waitForEvent('download'), save.press('Enter')]);
    expect(await save.evaluate((button) => button === document.activeElement)).toBe(true);
    expect(download.suggestedFilename()).toBe('mailscope-3-messages.mbox');
    const file = await readFile(await download.path(), 'latin1');
    expect(file.match(/^From \S+ \w{3} /gm)).toHaveLength(3);
    await page.keyboard.press('#');
    await page.getByText('3 messages deleted').waitFor();
    await expect.poll(() => subjects(page)).toEqual(['one']);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => subjects(page)).toEqual(['four', 'three', 'two', 'one']);
    await expect.poll(async () => (await stored()).map(({ tags }) => tags.length)).toEqual([1, 1, 1, 0]);
    await page.getByRole('button', { name: 'Pinned' }).click();
    await expect.poll(() => subjects(page)).toEqual(['four', 'three', 'two']);
  },
);

inBrowser(
  'while offline it says so, and on return nothing is missed or doubled',
  ['one', 'two'],
  async ({ page, context, send }) => {
    await page.getByText('Live', { exact: true }).waitFor();
    await send('three');
    await expect.poll(() => subjects(page)).toEqual(['three', 'two', 'one']);
    await context.setOffline(true);
    await page.evaluate(() => window.dispatchEvent(new Event('offline')));
    await page.getByText('The live connection is lost').waitFor();
    await send('four', 'five');
    await page.getByRole('link', { name: /one/ }).click();
    await page.getByText('Mailscope does not answer').waitFor();
    await context.setOffline(false);
    await expect.poll(() => subjects(page)).toEqual(['five', 'four', 'three', 'two', 'one']);
    await page.getByRole('heading', { name: 'one', exact: true }).waitFor();
    await expect.poll(() => page.getByText('The live connection is lost').count()).toBe(0);
  },
);

inBrowser(
  'sessions are found by the same search: a running one goes from the list when it ends',
  ['Invoice 1'],
  async ({ page, sandbox }) => {
    const sessions = page.getByRole('grid', { name: 'Sessions' }).getByRole('row');
    const running = await sandbox.wire(1);
    await running.hello('runner.test');
    await pressKeys(page, 'g', 's');
    await expect.poll(() => sessions.count()).toBe(2);
    await page.keyboard.press('/');
    await page.keyboard.type('is:open listener:subm');
    await page.getByRole('option', { name: 'submission' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => queryOf(page)).toBe('is:open listener:submission');
    await expect.poll(() => sessions.allTextContents()).toHaveLength(1);
    await page.getByRole('link', { name: /runner\.test/ }).waitFor();
    running.end();
    await page.getByText('No session matches').waitFor();
    await page.getByRole('button', { name: 'is:open' }).click();
    await page.getByRole('link', { name: /runner\.test/ }).waitFor();
  },
);

pageTest(
  'the list is accessible while one selects, tags and searches, on a phone as well',
  { timeout: 60_000, viewport: { width: 390, height: 844 }, ...forAxe },
  async ({ page, keep }) => {
    const sandbox = keep(await startTestSandbox());
    await using wire = await sandbox.wire();
    await wire.hello();
    for (const subject of ['one', 'two']) await wire.mail(`Subject: ${subject}\r\n\r\nHello\r\n`);
    const problems: string[] = [];
    const look = async (what: string) => problems.push(...(await problemsOf(page, what)));
    await page.goto(`${sandbox.url}/inbox`);
    await rows(page).first().waitFor();
    await page.getByRole('checkbox', { name: 'Select all' }).click();
    await look('selected');
    await page.keyboard.press('t');
    await page.keyboard.type('new');
    await look('tags');
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.keyboard.type('is:');
    await page.getByRole('listbox', { name: 'Suggestions' }).waitFor();
    await look('suggestions');
    await page.keyboard.type('foo');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await look('error');
    await page.goto(`${sandbox.url}/inbox?q=nothing+tag:none`);
    await page.getByText('No message matches').waitFor();
    await look('nothing found');
    await page.keyboard.press('?');
    await look('keys');
    expect(problems).toEqual([]);
  },
);

inBrowser(
  'a deleted session comes back with its lines when it is undone; its mail stays',
  ['A'],
  async ({ page, sandbox }) => {
    await (await sandbox.wire())[Symbol.asyncDispose]();
    const { id } = await sandbox.closedSession();
    const ids = async () => (await sandbox.client.listSessions()).items.map((row) => row.id);
    await page.goto(`${sandbox.url}/sessions/${id}`);
    await page.getByRole('button', { name: 'Delete' }).waitFor();
    await page.keyboard.press('e');
    await page.waitForURL((url) => !url.pathname.endsWith(id));
    expect(await ids()).not.toContain(id);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.waitForURL((url) => url.pathname.endsWith(id));
    await page.getByText('ESMTP Mailscope').waitFor();
    expect(await ids()).toContain(id);
    await page.keyboard.press('e');
    await page.waitForURL((url) => !url.pathname.endsWith(id));
    await page.keyboard.press('Control+z');
    await page.waitForURL((url) => url.pathname.endsWith(id));
    expect(await ids()).toContain(id);
    expect((await sandbox.client.listMessages()).items).toHaveLength(1);
  },
);
