// The message of a replay is fetched from here: with a login where one is needed, and nothing is sent where it is gone.
import { describe, expect } from 'vitest';
import { connect, type Client } from '../../shared/client/client.ts';
import { toCurl } from '../../shared/replay/to-curl.ts';
import { toScript } from '../../shared/replay/to-script.ts';
import { toSwaks } from '../../shared/replay/to-swaks.ts';
import type { ReplayOptions } from '../../shared/replay/target.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { needs } from '../support/tools.ts';
import { apiToken, runPython, runShell, urlsOf, type Recorded } from './replayed.ts';

const letter = `Subject: one\r\n\r\n${'A line of text.\r\n'.repeat(5000)}`;

async function recordMail(sandbox: TestSandbox): Promise<void> {
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.mail(letter);
  await wire.quit();
}

/** As the page has it: without the bytes of a message that is stored. */
async function readSession(client: Client): Promise<Recorded> {
  await expect.poll(async () => (await client.listSessions()).items[0]?.outcome).toBe('captured');
  const params = { id: (await client.listSessions()).items[0]!.id };
  const session = await client.readSession({ params });
  return { session, lines: (await client.readTranscript({ params })).items };
}

const programs = {
  swaks: (first: Recorded, options: ReplayOptions) =>
    runShell(toSwaks(first.session, first.lines, options).command),
  curl: (first: Recorded, options: ReplayOptions) =>
    runShell(toCurl(first.session, first.lines, options).command),
  python3: (first: Recorded, options: ReplayOptions) =>
    runPython(toScript(first.session, first.lines, options)),
};

describe.each(['swaks', 'curl', 'python3'] as const)('%s', (program) => {
  const { test } = needs(program);
  const run = programs[program];

  test('sends nothing where the message cannot be had', async () => {
    await using sandbox = await startTestSandbox();
    await recordMail(sandbox);
    const first = await readSession(sandbox.client);
    await sandbox.client.deleteMessages({ body: { all: true } });
    const end = await run(first, urlsOf(sandbox));
    expect(end.code, end.said).not.toBe(0);
    expect(end.said).not.toContain('Traceback');
    expect((await sandbox.client.listMessages()).items).toEqual([]);
  });

  test('knows when the message is gone', async () => {
    await using sandbox = await startTestSandbox();
    await recordMail(sandbox);
    await readSession(sandbox.client);
    await sandbox.client.deleteMessages({ body: { all: true } });
    const end = await run(await readSession(sandbox.client), urlsOf(sandbox));
    // Not a port in which these digits are.
    expect(end.said).not.toMatch(/\b404\b/);
    expect((await sandbox.client.listMessages()).items).toEqual([]);
  });

  test('logs in to have the message', async () => {
    await using sandbox = await startTestSandbox({ password: apiToken });
    const client = connect(sandbox.url, { password: apiToken });
    await recordMail(sandbox);
    const end = await run(await readSession(client), { ...urlsOf(sandbox), asksForLogin: true });
    expect(end.code, end.said).toBe(0);
    const mails = (await client.listMessages()).items;
    expect(mails.map(({ size }) => size)).toEqual([letter.length, letter.length]);
  });
});
