// Simulated failures on the page, in a browser, against the real server.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { forAxe, pressKeys, problemsOf, usePages } from './support/page-test.ts';

const pageTest = usePages();
const rules = (page: Page) => page.getByRole('list', { name: 'Faults' }).getByRole('listitem');
const hasFocus = (page: Page, selector: string): Promise<boolean> =>
  page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);

/** One mail that is refused at RCPT, or not. */
async function sendTo(sandbox: TestSandbox, to: string): Promise<string> {
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.say('MAIL FROM:<ann@shop.example>');
  const answer = await wire.say(`RCPT TO:<${to}>`);
  await wire.say('QUIT');
  return answer.trimEnd();
}

pageTest(
  'a failure is simulated with one click, counted live, turned off, deleted and restored',
  { timeout: 60_000, viewport: { width: 1280, height: 844 }, ...forAxe },
  async ({ page, keep }) => {
    const sandbox = keep(await startTestSandbox());
    const problems: string[] = [];
    const look = async (what: string) => problems.push(...(await problemsOf(page, what)));
    await page.goto(`${sandbox.url}/faults`);
    await page.getByRole('heading', { name: 'Nothing fails on purpose' }).waitFor();
    await look('empty');
    await page.getByRole('heading', { name: 'Without a rule' }).waitFor();
    await page.getByRole('button', { name: 'Simulate Mailbox full' }).click();
    await expect.poll(() => rules(page).count()).toBe(1);
    await expect.poll(() => hasFocus(page, '[data-fault]')).toBe(true);
    await page.getByText('not applied yet').waitFor();
    await page.getByRole('link', { name: /^Faults\W*1\W*on$/ }).waitFor();
    await look('list');

    expect(await sendTo(sandbox, 'bob@full.example')).toMatch(/^[45]52/);
    await rules(page).getByText('applied once').waitFor();

    const rule = page.getByRole('switch', { name: 'Mailbox full' });
    await rule.click();
    await expect.poll(() => rule.getAttribute('aria-checked')).toBe('false');
    expect(await sendTo(sandbox, 'bob@full.example')).toMatch(/^250/);
    await rule.press('Enter');
    await expect.poll(() => rule.getAttribute('aria-checked')).toBe('true');

    await page.getByRole('button', { name: 'Delete Mailbox full' }).press('Enter');
    await page.getByRole('heading', { name: 'Nothing fails on purpose' }).waitFor();
    expect(await hasFocus(page, 'body')).toBe(false);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => rules(page).count()).toBe(1);
    expect(await sendTo(sandbox, 'bob@full.example')).toMatch(/^[45]52/);

    await sandbox.client.createFault({ body: { name: 'From elsewhere', stage: 'quit', then: 'reset' } });
    await rules(page).getByText('From elsewhere').waitFor();
    await page.getByRole('button', { name: 'Delete Mailbox full' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Fault restored, as the last one').waitFor({ state: 'attached' });
    expect(problems).toEqual([]);
  },
);

pageTest(
  'a rule is written with only what goes with its stage, refused at its field, saved and edited',
  { timeout: 60_000, viewport: { width: 390, height: 844 }, colorScheme: 'dark', ...forAxe },
  async ({ page, keep }) => {
    const sandbox = keep(await startTestSandbox({ bounceAddresses: false }));
    const problems: string[] = [];
    const look = async (what: string) => problems.push(...(await problemsOf(page, what)));
    await page.route('**/api/faults/presets', (route) => route.abort());
    await page.goto(`${sandbox.url}/faults?preset=generic/greylist`);
    await page.getByRole('alert').waitFor();
    await look('no presets');
    await page.unroute('**/api/faults/presets');
    await page.getByRole('button', { name: 'Try again' }).press('Enter');
    await page.getByRole('dialog', { name: 'Greylisting' }).getByRole('button', { name: 'Cancel' }).click();
    expect(await page.getByRole('heading', { name: 'Without a rule' }).count()).toBe(0);
    await page.getByRole('button', { name: 'One of your own' }).click();
    const dialog = page.getByRole('dialog', { name: 'New fault' });
    const when = dialog.getByRole('combobox', { name: 'When' });
    await expect.poll(() => when.evaluate((field) => field === document.activeElement)).toBe(true);
    await dialog.getByText('RCPT TO is answered 550 5.1.1 No such user.').first().waitFor();

    await when.selectOption('tls');
    expect(await dialog.getByRole('group', { name: 'Answer' }).count()).toBe(0);
    await dialog.getByText('At the TLS handshake the connection is closed.').first().waitFor();
    await when.selectOption('data');
    await dialog.getByRole('textbox', { name: 'After so many bytes of the message' }).fill('64');
    await dialog.getByText('After 64 bytes of the message the connection is closed.').first().waitFor();
    await when.selectOption('rcpt');
    await dialog.getByText('A failure', { exact: true }).click();
    await dialog.getByText('Goes on', { exact: true }).click();
    await dialog.getByRole('textbox', { name: 'Code' }).fill('250');
    await dialog.getByRole('textbox', { name: 'Text' }).fill('Not for {rcpt}');
    await dialog.getByText('For whom').click();
    await dialog.getByRole('textbox', { name: 'Recipient' }).fill('*@gone.test, bob@away.test');
    await dialog.getByText('How often').click();
    await dialog.getByRole('textbox', { name: 'At most so often' }).fill('2');
    await dialog.getByRole('button', { name: 'Add the fault' }).click();

    const code = dialog.getByRole('textbox', { name: 'Code' });
    await expect.poll(() => code.getAttribute('aria-invalid')).toBe('true');
    await expect.poll(() => code.evaluate((field) => field === document.activeElement)).toBe(true);
    await look('refused');
    expect(await dialog.getByRole('textbox', { name: 'Recipient' }).isVisible()).toBe(true);
    const text = dialog.getByRole('textbox', { name: 'Text' });
    await text.fill('Not for {rcpt}. '.repeat(60));
    await dialog
      .getByText(/Not for {rcpt}\. Not for/)
      .first()
      .waitFor();
    expect((await dialog.locator('footer').boundingBox())!.height).toBeLessThan(844 / 3);
    await text.fill('Not for {rcpt}');
    await code.fill('553');
    await dialog.getByRole('textbox', { name: 'Status' }).fill('');
    await dialog.getByRole('button', { name: 'Add the fault' }).click();
    await dialog.waitFor({ state: 'detached' });
    await rules(page)
      .getByText(/Not for/)
      .waitFor();
    expect(await sendTo(sandbox, 'ann@gone.test')).toBe('553 Not for ann@gone.test');
    expect(await sendTo(sandbox, 'ann@there.test')).toMatch(/^250/);

    await page.getByRole('button', { name: /^Edit / }).click();
    const edit = page.getByRole('dialog', { name: 'Edit the fault' });
    expect(await edit.getByRole('textbox', { name: 'Recipient' }).inputValue()).toBe(
      '*@gone.test, bob@away.test',
    );
    await edit.getByRole('textbox', { name: 'Name', exact: true }).fill('Gone');
    await edit.getByRole('button', { name: 'Save' }).click();
    await rules(page).getByText('Gone', { exact: true }).waitFor();
    const [rule] = (await sandbox.client.listFaults()).items;
    expect(rule).toMatchObject({ name: 'Gone', times: { count: 2 }, reply: { code: 553, enhanced: null } });
    expect(problems).toEqual([]);
  },
);

pageTest(
  'a failure of a real server is found and chosen by keys alone, and a session that meets it says that it was simulated',
  { timeout: 60_000, viewport: { width: 1280, height: 844 }, ...forAxe },
  async ({ page, keep }) => {
    const sandbox = keep(await startTestSandbox());
    const problems: string[] = [];
    const look = async (what: string) => problems.push(...(await problemsOf(page, what)));
    await page.goto(`${sandbox.url}/inbox`);
    await page.getByRole('heading', { name: /^Waiting for/ }).waitFor();
    await pressKeys(page, 'g', 'f');
    await page.getByRole('button', { name: 'Failures of real servers' }).press('Enter');
    const search = page.getByRole('searchbox', { name: 'Search failures' });
    await search.fill('gmail no-such');
    await page.getByRole('dialog').getByRole('link').first().waitFor();
    await expect.poll(() => page.getByRole('dialog').getByRole('link').count()).toBe(1);
    await look('picker');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Add the fault' }).press('Enter');
    await expect.poll(() => rules(page).count()).toBe(1);
    await expect.poll(() => hasFocus(page, '[data-fault]')).toBe(true);
    const [rule] = (await sandbox.client.listFaults()).items;
    expect(new URL(page.url()).search).toBe(`?rule=${rule!.id}`);
    await expect.poll(() => rules(page).getAttribute('aria-current')).toBe('true');

    expect(await sendTo(sandbox, 'nobody@gmail.example')).toMatch(/^550.5\.1\.1/);
    const session = await sandbox.closedSession();
    await page.goto(`${sandbox.url}/sessions/${session.id}`);
    await page.getByRole('row', { name: /1\s*simulated failure/ }).waitFor();
    await page.getByText('This failure was simulated').waitFor();
    const line = page.locator(`[data-line="${session.faultList![0]!.line}"]`);
    await line.getByText('simulated:').waitFor({ state: 'attached' });
    await look('session');
    await page.getByRole('button', { name: 'Simulated' }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBe('has:fault');
    await page.getByRole('row', { name: /1\s*simulated failure/ }).waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('region', { name: 'Simulated failures' }).waitFor();
    await look('overview');
    await page.getByRole('link', { name: 'the rule' }).click();
    await expect.poll(() => rules(page).getAttribute('aria-current')).toBe('true');
    await page.evaluate(() => {
      Element.prototype.scrollIntoView = () => void (document.body.dataset['scrolled'] = 'again');
    });
    await sandbox.client.createFault({ body: { name: 'From elsewhere', stage: 'quit', then: 'reset' } });
    await rules(page).getByText('From elsewhere').waitFor();
    expect(await page.locator('[data-scrolled]').count()).toBe(0);
    await page
      .getByRole('button', { name: /^Delete / })
      .first()
      .press('Enter');
    await expect.poll(() => rules(page).count()).toBe(1);
    await expect.poll(() => hasFocus(page, '[data-fault]')).toBe(true);
    expect(new URL(page.url()).search).toBe('');
    expect(await page.getByText('The fault that was looked for').count()).toBe(0);
    await sandbox.client.deleteFaults({ body: { all: true } });
    await page.getByRole('heading', { name: 'Nothing fails on purpose' }).waitFor();

    expect(await sendTo(sandbox, 'bounce+452-4.2.2+mailbox-full@example.com')).toBe('452 4.2.2 mailbox full');
    await page.goto(`${sandbox.url}/sessions/latest`);
    await page.getByText('mailbox full, which the address asks for').first().waitFor();
    expect(problems).toEqual([]);
  },
);
