// The command palette, in a browser, against the real server.
import { expect } from 'vitest';
import { rows, useList } from './support/list-page.ts';
import { usePages } from './support/page-test.ts';

const inBrowser = useList(usePages());

inBrowser(
  'what is typed right after Ctrl K is meant for the palette, even before it is there',
  ['Invoice 1', 'Welcome'],
  async ({ page, sandbox }) => {
    // On a slow line, and before it was fetched ahead.
    await page.route('**/CommandPalette-*.js', async (route) => {
      await page.waitForEvent('console', (line) => line.text() === 'go on');
      await route.continue();
    });
    await page.addInitScript(() => Object.assign(window, { requestIdleCallback: undefined }));
    await page.reload();
    await rows(page).first().waitFor();
    await page.keyboard.press('x');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('dense');
    await page.evaluate(() => console.log('go on'));
    const field = page.getByRole('combobox', { name: /run a command/ });
    await expect.poll(() => field.inputValue()).toBe('dense');
    await page.keyboard.press('Enter');
    await expect
      .poll(() =>
        rows(page)
          .first()
          .evaluate((row) => row.clientHeight),
      )
      .toBe(34);
    expect((await sandbox.client.listMessages()).items).toHaveLength(2);
  },
);

inBrowser(
  'the palette does with what is open what its buttons do, and with what is selected',
  ['Invoice 1', 'Welcome'],
  async ({ page, sandbox }) => {
    const run = async (text: string): Promise<void> => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: /run a command/ }).fill(text);
      await page.getByRole('listbox', { name: 'Commands' }).getByRole('option').first().waitFor();
      await page.keyboard.press('Enter');
    };
    const first = async () => (await sandbox.client.listMessages()).items[0];
    await page.keyboard.press('j');
    await page.getByRole('button', { name: 'Print' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('group', { name: 'This message' }).getByText('Print', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await run('show headers');
    await page.waitForURL('**/headers');
    await run('pin');
    await expect.poll(async () => (await first())?.pinned).toBe(true);
    await run('how it arrived');
    await page.waitForURL('**/sessions/**');
    await page.goBack();
    await page.keyboard.press('Control+a');
    await run('delete');
    await page.getByText('2 messages deleted').waitFor();
    // The page says so before the server does it.
    await expect.poll(async () => (await sandbox.client.listMessages()).items).toEqual([]);
  },
);

inBrowser(
  'what can be done with the open message stands in one order, whatever was chosen before',
  ['Invoice 1', 'Welcome'],
  async ({ page }) => {
    const group = page.getByRole('group', { name: 'This message' });
    const commands = async (): Promise<string[]> => {
      await page.keyboard.press('Control+k');
      await group.getByText('Print', { exact: true }).waitFor();
      const labels = await group.locator('.label').allInnerTexts();
      await page.keyboard.press('Escape');
      return labels;
    };
    await page.keyboard.press('j');
    await page.getByRole('heading', { name: 'Welcome' }).waitFor();
    const before = await commands();
    await page.keyboard.press('x');
    await page.getByRole('toolbar', { name: 'Selected messages' }).waitFor();
    await page.keyboard.press('x');
    await page.getByRole('toolbar', { name: 'Selected messages' }).waitFor({ state: 'detached' });
    expect(await commands()).toEqual(before);
  },
);
