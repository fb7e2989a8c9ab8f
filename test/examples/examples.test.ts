// The examples in other languages run against a real Mailscope, where their language is on the machine.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';
import { findTool, needs } from '../support/tools.ts';

const run = promisify(execFile);
const folder = fileURLToPath(new URL('.', import.meta.url));

async function runExample(name: string, tool: string, args: string[]): Promise<string> {
  await using sandbox = await startTestSandbox();
  const home = await mkdtemp(join(tmpdir(), 'mailscope-example-'));
  try {
    const { stdout, stderr } = await run(findTool(tool)!, args, {
      cwd: join(folder, name),
      env: {
        PATH: process.env.PATH,
        // Caches and compiled files stay out of the sources.
        HOME: home,
        PYTHONDONTWRITEBYTECODE: '1',
        // Go compiles its library once: half a minute of work, and three times that with a C compiler.
        CGO_ENABLED: '0',
        GOCACHE: join(tmpdir(), 'mailscope-go-cache'),
        MAILSCOPE_URL: sandbox.url,
        MAILSCOPE_SMTP: `127.0.0.1:${sandbox.ports[0]}`,
      },
    });
    const [newest] = (await sandbox.client.listMessages()).items;
    expect(newest).toMatchObject({ subject: 'Reset your password', rcptTo: [`${name}@example.test`] });
    return stdout + stderr;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** These need nothing that is not on any machine for development; the others are run where they can be. */
needs('python3').test('the example in Python runs with unittest', async () => {
  expect(await runExample('python', 'python3', ['-m', 'unittest', '-v'])).toMatch(/Ran 2 tests[^]*OK/);
});

needs('curl').test('the example in shell runs with curl alone', async () => {
  expect(await runExample('shell', 'sh', ['reset-mail.sh'])).toBe('ok: the mail came, with its code\n');
});

const others: [name: string, tool: string, args: string[]][] = [
  ['php', 'php', ['reset-mail.php']],
  ['go', 'go', ['test', '-vet=off', './...']],
  ['ruby', 'ruby', ['reset_mail_test.rb']],
];
for (const [name, tool, args] of others) {
  const isThere = findTool(tool) !== null;
  if (!isThere)
    console.warn(`\n*** SKIPPED: the example in ${name} needs ${tool}, which is not on this machine ***\n`);
  test.runIf(isThere)(
    `the example in ${name} runs`,
    async () => {
      expect(await runExample(name, tool, args)).toMatch(/^ok/);
    },
    240_000,
  );
}
