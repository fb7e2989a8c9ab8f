// What the page says of a session while it runs, in a browser, against the real server.
import { startTestSandbox } from '../support/sandbox.ts';
import { usePages } from './support/page-test.ts';

const pageTest = usePages();

pageTest(
  'the row of the running session that is open counts its commands as its head does',
  { timeout: 60_000 },
  async ({ page, keep }) => {
    const sandbox = keep(await startTestSandbox());
    await using wire = await sandbox.wire();
    await wire.hello('runner.test');
    await page.goto(`${sandbox.url}/sessions`);
    const row = page.getByRole('grid', { name: 'Sessions' }).getByRole('row');
    await row.getByText('Running: 1 command', { exact: true }).click();
    await wire.say('MAIL FROM:<ann@example.test>');
    await row.getByText('Running: 2 commands', { exact: true }).waitFor();
    await wire.say('RCPT TO:<bob@example.test>');
    await page
      .getByRole('region', { name: 'Open session' })
      .getByText('3 commands', { exact: true })
      .waitFor();
    await row.getByText('Running: 3 commands', { exact: true }).waitFor();
  },
);

pageTest(
  'of a message that is under way it is said how much has come, and not that nothing comes',
  { timeout: 60_000 },
  async ({ page, keep }) => {
    const sandbox = keep(await startTestSandbox());
    await using wire = await sandbox.wire();
    await wire.hello('runner.test');
    for (const command of ['MAIL FROM:<ann@example.test>', 'RCPT TO:<bob@example.test>', 'DATA'])
      await wire.say(command);
    await page.goto(`${sandbox.url}/sessions/latest`);
    await page.getByText('0 B so far').waitFor();
    wire.send(`${'x'.repeat(98)}\r\n`.repeat(200));
    await page.getByText('19.5 KB so far').waitFor();
    // Who stopped in the midst of it is told so.
    await page.getByText(/19\.5 KB so far, nothing for \d+ s: a line with a dot alone ends it/).waitFor();
  },
);
