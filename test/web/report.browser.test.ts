// A delivery report in a browser, against the real server.
import { afterAll, beforeAll, expect } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { problemsOf, usePages } from './support/page-test.ts';

const pageTest = usePages();
let sandbox: TestSandbox;

const mail = [
  ...['Subject: Undelivered', 'MIME-Version: 1.0'],
  ...['Content-Type: multipart/report; report-type=delivery-status; boundary=b', ''],
  ...['--b', 'Content-Type: multipart/alternative; boundary=c', ''],
  ...['--c', 'Content-Type: text/plain', '', 'It could not be delivered.'],
  ...['--c', 'Content-Type: text/html', '', '<p>It could not be delivered.</p>', '--c--'],
  ...['--b', 'Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; mail.shop.test', ''],
  ...['Final-Recipient: rfc822; jo@customer.test', 'Action: failed', 'Status: 5.1.1'],
  ...['Diagnostic-Code: smtp; 550 <img src=x onerror=alert(1)>', ''],
  ...['Final-Recipient: rfc822; \u202ekim@customer.test', 'Action: delayed', 'Status: 4.4.1'],
  ...['--b', 'Content-Type: message/rfc822', '', 'Subject: =?utf-8?q?Caf=C3=A9?=', '', 'Hello', '--b--', ''],
].join('\r\n');

beforeAll(async () => {
  sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.mail(Buffer.from(mail), '', ['ann@shop.test']);
}, 60_000);
afterAll(async () => {
  await sandbox?.[Symbol.asyncDispose]();
});

pageTest(
  'a bounce says who was not reached and why, and leads to the mail that it is about',
  { timeout: 90_000 },
  async ({ page }) => {
    const { id } = await sandbox.client.readMessage({ params: { id: 'latest' } });
    await page.goto(`${sandbox.url}/inbox/${id}`);
    const report = page.getByRole('region', { name: 'Delivery report' });
    const recipients = report.getByRole('listitem');
    await expect.poll(() => recipients.count()).toBe(2);
    const [failed, delayed] = await recipients.allInnerTexts();
    for (const words of [
      'failed',
      'jo@customer.test',
      'There is no such mailbox.',
      '550 <img src=x onerror=alert(1)>',
    ])
      expect(failed).toContain(words);
    // What would turn the address around is shown, not done.
    expect(delayed).toMatch(/U\+202E\W*kim@customer\.test/);
    await report.getByText('Café').waitFor();
    await page.getByText('It could not be delivered.').last().waitFor();
    expect(await problemsOf(page, 'the report')).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await page.setViewportSize({ width: 1440, height: 900 });

    await report.getByRole('link', { name: 'part 3' }).click();
    await page.getByRole('heading', { name: 'Part 3' }).waitFor();
  },
);
