// A session in which nothing was accepted, against the real server.
import { expect } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';
import { forAxe, problemsOf, usePages } from './support/page-test.ts';

const pages = usePages();

pages(
  'a refused session says at its top which command was answered how, what to do, and in what line it stands',
  { timeout: 60_000, ...forAxe },
  async ({ page, keep }) => {
    const sandbox = keep(await startTestSandbox({ auth: 'required' }));
    {
      await using wire = await sandbox.wire();
      await wire.hello();
      await wire.say('MAIL FROM:<a@b.example>');
      await wire.say('QUIT');
    }
    const { id } = await sandbox.closedSession();
    await page.goto(`${sandbox.url}/sessions/${id}`);
    const told = page.getByRole('alert').filter({ hasText: 'MAIL FROM was answered 530 5.7.0' });
    await told.getByText(/^Do not retry unchanged\. .*AUTH/).waitFor();
    expect(await problemsOf(page, 'a refused session')).toEqual([]);
    await told.getByRole('link').click();
    await page.waitForURL(/transcript\?line=\d+/);
    await page.locator('[data-line]', { hasText: 'MAIL FROM:<a@b.example>' }).waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    await expect.poll(() => told.count()).toBe(0);
  },
);

pages(
  'of commands that were refused one for want of the other the first is at its top',
  { timeout: 60_000 },
  async ({ page, keep }) => {
    const sandbox = keep(await startTestSandbox());
    {
      await using wire = await sandbox.wire();
      for (const command of ['HELO', 'MAIL FROM:<a@b.example>', 'QUIT']) await wire.say(command);
    }
    const { id } = await sandbox.closedSession();
    await page.goto(`${sandbox.url}/sessions/${id}`);
    const told = page.getByRole('alert').filter({ hasText: 'HELO was answered 501' });
    await told.getByRole('link').click();
    await page.waitForURL(/transcript\?line=1/);
  },
);

pages(
  'a login that the client cancelled is told as no error of the server',
  { timeout: 60_000 },
  async ({ page, keep }) => {
    const sandbox = keep(await startTestSandbox());
    {
      await using wire = await sandbox.wire();
      await wire.hello();
      for (const command of ['AUTH LOGIN', '*', 'QUIT']) await wire.say(command);
    }
    const { id } = await sandbox.closedSession();
    await page.goto(`${sandbox.url}/sessions`);
    await page.getByText('Login by LOGIN was cancelled by the client; left with QUIT').first().waitFor();
    await page.goto(`${sandbox.url}/sessions/${id}`);
    await page.getByRole('status').filter({ hasText: 'The client cancelled with "*"' }).waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByText('cancelled 501').waitFor();
  },
);
