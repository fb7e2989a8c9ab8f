// What was found wrong, in a browser: from a sign in a row to the bytes that show it, and what an error means.
import { expect } from 'vitest';
import { startMock } from './support/mock-server.ts';
import { usePages } from './support/page-test.ts';

const pageTest = usePages();

pageTest(
  'from a sign in the list one comes to what is wrong, what to do, and the line and the byte that show it',
  { timeout: 60_000 },
  async ({ page, keep }) => {
    const mock = keep(await startMock());
    const hasFocus = (selector: string): Promise<boolean> =>
      page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);
    await page.goto(`${mock.url}/sessions`);
    await page.getByRole('row', { name: /1 finding, the worst: blocker/ }).click();
    await page.getByRole('link', { name: 'Why, and what to do' }).press('Enter');
    const card = page.getByRole('region', { name: 'Findings' });
    await card.getByRole('heading', { name: 'What to do' }).waitFor();
    await expect.poll(() => hasFocus('summary')).toBe(true);
    await card.getByText(`curl -o mailscope-ca.pem ${mock.url}/api/ca.pem`).waitFor();
    await card.getByRole('link', { name: 'line 5' }).press('Enter');
    await page.locator('[data-line="5"]').waitFor();
    expect(new URL(page.url()).searchParams.get('line')).toBe('5');

    await page.goto(`${mock.url}/inbox`);
    await page.getByRole('row', { name: /1 finding, the worst: warning/ }).click();
    await page.getByRole('link', { name: /^Checks\W*1\W*finding, the worst: warning$/ }).press('Enter');
    await page.getByRole('link', { name: 'byte 21' }).press('Enter');
    await page.locator('.marked', { hasText: 'Subject' }).waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'the header' }).press('Enter');
    await page.getByRole('region', { name: 'Header fields' }).waitFor();

    await page.goto(`${mock.url}/issues/i_tls`);
    await page.getByRole('textbox', { name: 'Paste an error' }).fill('self-signed certificate');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'This is what it means' }).waitFor();
    await expect.poll(() => hasFocus('h2')).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByRole('row', { name: /The client does not accept/ }).waitFor();
    await expect.poll(() => hasFocus('textarea')).toBe(true);
  },
);
