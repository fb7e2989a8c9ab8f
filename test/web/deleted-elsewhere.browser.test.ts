// What is open here and deleted elsewhere, against the real server.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { useList } from './support/list-page.ts';

const inBrowser = useList();

/** Its head is there before, of the row in the list. */
const isRead = (page: Page) => page.locator('.body[aria-busy="false"]').waitFor();

inBrowser(
  'a message and a session that were deleted elsewhere are restored where they are open, for as long as that works',
  ['Welcome', 'Invoice'],
  async ({ page, sandbox }) => {
    const { client } = sandbox;
    const restored = (noun: string) => page.getByText(`${noun} restored`);
    const restore = page.getByRole('button', { name: 'Restore' });
    await page.clock.install();

    await page.getByRole('link', { name: /Invoice/ }).click();
    await page.getByRole('heading', { name: 'Invoice' }).waitFor();
    await isRead(page);
    const { id } = await client.readMessage({ params: { id: 'latest' } });
    await client.deleteMessage({ params: { id } });
    await page.getByText('This message was deleted.').waitFor();
    await restore.click();
    await restored('Message').waitFor();
    await expect.poll(() => restore.count()).toBe(0);
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('view');
    expect((await client.listMessages()).items).toHaveLength(2);

    await (await sandbox.wire())[Symbol.asyncDispose]();
    const { id: session } = await sandbox.closedSession();
    await page.goto(`${sandbox.url}/sessions/${session}`);
    await page.getByText('ESMTP Mailscope').first().waitFor();
    await client.deleteSession({ params: { id: session } });
    await page.getByText('This session was deleted.').waitFor();
    await restore.click();
    await restored('Session').waitFor();
    expect((await client.listSessions()).items.map((row) => row.id)).toContain(session);

    await client.deleteSession({ params: { id: session } });
    await restore.waitFor();
    await page.clock.fastForward('01:01');
    await page.getByText('it is gone for good').waitFor();
    expect(await restore.count()).toBe(0);
  },
);

inBrowser('what retention removed offers no way back', ['Welcome'], async ({ page, sandbox }) => {
  await sandbox.client.createInbox({
    body: { name: 'small', retention: { maxMessages: 1 }, rules: [{ header: 'X-Small', value: '1' }] },
  });
  await using wire = await sandbox.wire();
  await wire.hello();
  const send = (subject: string) => wire.mail(`X-Small: 1\r\nSubject: ${subject}\r\n\r\nHello\r\n`);
  await send('First of two');
  await page.getByRole('link', { name: /First of two/ }).click();
  await page.getByRole('heading', { name: 'First of two' }).waitFor();
  await isRead(page);
  await send('Second of two');
  await page.getByText('This message was removed by retention').waitFor();
  expect(await page.getByRole('button', { name: 'Restore' }).count()).toBe(0);
});
