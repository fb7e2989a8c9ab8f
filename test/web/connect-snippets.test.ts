// The settings that Connect gives are right: those whose client is on this machine are run as they are.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createAuthority } from '../../server/certificate/authority.ts';
import { groups, snippets } from '../../web/snippets/all-snippets.ts';
import { fill, type Settings, type Snippet, type TlsMode } from '../../web/snippets/snippet.ts';
import { trusting } from '../../web/snippets/trust.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { needs } from '../support/tools.ts';

const modes: TlsMode[] = ['none', 'starttls', 'implicit'];
const settings: Settings = {
  host: '192.0.2.7',
  name: 'mail.example.test',
  port: 12025,
  tls: 'none',
  hasLogin: false,
  user: 'app',
  password: 'secret',
  url: 'http://192.0.2.7:18025',
};
const combinations = modes.flatMap((tls) =>
  [true, false].map((hasLogin) => ({ ...settings, tls, hasLogin })),
);

/** All that is shown for a snippet. */
function shown(snippet: Snippet, given: Settings): string {
  const { blocks, trust, notes = {} } = snippet;
  const trusted = trust && given.tls !== 'none' ? [trust] : [];
  const words = [notes.always, notes[given.tls]].filter((note) => note !== undefined);
  return [...[...blocks, ...trusted].map(({ text }) => text), ...words]
    .map((template) => fill(template, given))
    .join('\n');
}

test('a line belongs to the settings that its guards name', () => {
  const template = 'always\n[none]plain\n[starttls|implicit][login]both {{user}}\n[other]stays {{nothing}}';
  expect(fill(template, settings)).toBe('always\nplain\n[other]stays {{nothing}}');
  expect(fill(template, { ...settings, tls: 'implicit', hasLogin: true })).toBe(
    'always\nboth app\n[other]stays {{nothing}}',
  );
  expect(fill('{{urlHost}}:{{port}}', { ...settings, host: '::1' })).toBe('[::1]:12025');
});

describe.each(snippets.map((snippet) => [snippet.name, snippet] as const))('%s', (_, snippet) => {
  test('names host and port in every mode, and leaves no placeholder', () => {
    for (const given of combinations) {
      if (snippet.cannot?.[given.tls]) continue;
      const all = shown(snippet, given);
      expect(all).toContain(given.host);
      expect(all).toContain(String(given.port));
      // GitHub's own expressions have spaces in them.
      expect(all).not.toMatch(/\{\{\w|^\[(?:none|starttls|implicit|login|no-login)[|\]]/m);
    }
  });

  test('differs by TLS mode and by login, and speaks of the CA only where there is TLS', () => {
    const texts = combinations
      .filter(({ tls }) => !snippet.cannot?.[tls])
      .map((given) => shown(snippet, given));
    expect(new Set(texts).size).toBe(texts.length);
    for (const given of combinations) {
      if (snippet.cannot?.[given.tls]) continue;
      const all = shown(snippet, given);
      expect(all.includes('mailscope-ca.pem')).toBe(given.tls !== 'none');
      expect(all.includes('secret') || all.includes(btoa('\0app\0secret'))).toBe(given.hasLogin);
    }
  });
});

test('every client is in a group, once, and every way to trust the CA names its file', () => {
  expect(new Set(snippets.map(({ id }) => id)).size).toBe(snippets.length);
  expect(groups.every((group) => snippets.some((snippet) => snippet.group === group))).toBe(true);
  for (const { block } of trusting)
    expect(fill(block.text, settings)).toMatch(/mailscope-ca\.pem|\/api\/ca\.pem/);
});

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Does what a person would: saves the files, runs the commands. With `strange`, the CA is another one. */
async function follow(snippet: Snippet, given: Settings, otherwise: string, strange?: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mailscope-connect-'));
  try {
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    const commands = snippet.trust && given.tls !== 'none' ? [fill(snippet.trust.text, given)] : [];
    let typed = '';
    for (const { file, text } of snippet.blocks) {
      if (file.startsWith('Terminal')) commands.push(fill(text, given));
      else if (file.startsWith('What')) typed = `${fill(text, given)}\n`;
      else await writeFile(join(folder, file), `${fill(text, given)}\n`);
    }
    if (commands.length === 0) commands.push(otherwise);
    if (strange !== undefined) {
      await writeFile(join(folder, 'mailscope-ca.pem'), strange);
      commands[0] = commands[0]!.replace(/^curl -o .*$/m, '');
    }
    const shell = spawn('sh', ['-e', '-c', commands.join('\n')], {
      cwd: folder,
      env: { PATH: process.env['PATH'], LC_ALL: 'C', NO_PROXY: '*', HOME: folder },
      timeout: 50_000,
    });
    shell.stdin.on('error', () => {});
    shell.stdin.end(typed);
    const [out, err, [code]] = await Promise.all([
      text(shell.stdout),
      text(shell.stderr),
      once(shell, 'close') as Promise<[number | null]>,
    ]);
    const isWanted = (code === 0) === (strange === undefined);
    expect(isWanted, `${commands.join('\n')}\n${out}${err}\nexit code ${code}`).toBe(true);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function expectArrival(sandbox: TestSandbox, given: Settings): Promise<void> {
  const session = await sandbox.closedSession();
  expect(session).toMatchObject({
    outcome: 'captured',
    messages: 1,
    tls: given.tls === 'none' ? null : 'TLSv1.3',
    user: given.hasLogin ? given.user : null,
  });
  const { subject, rcptTo } = await sandbox.client.readMessage({ params: { id: 'latest' } });
  expect(subject).toMatch(/^Hello from /);
  expect(rcptTo).toEqual(['you@example.test']);
}

const runnable = [
  { id: 'nodemailer', tool: 'node', command: 'node send.mjs' },
  { id: 'smtplib', tool: 'python3', command: 'python3 send.py' },
  { id: 'swaks', tool: 'swaks', command: '' },
  { id: 'curl', tool: 'curl', command: '' },
  { id: 'msmtp', tool: 'msmtp', command: '' },
  { id: 'openssl', tool: 'openssl', command: '' },
];

for (const { id, tool, command } of runnable) {
  const snippet = snippets.find((candidate) => candidate.id === id)!;
  needs('curl').describe.concurrent(`${snippet.name}, as Connect shows it`, () => {
    const ways = modes.filter((tls) => !snippet.cannot?.[tls]);
    needs(tool).test.each(ways)('brings its mail, with TLS mode %s and the CA verified', async (tls) => {
      await using sandbox = await startTestSandbox();
      const port = sandbox.ports[modes.indexOf(tls)]!;
      const given = { ...settings, host: '127.0.0.1', name: 'localhost', port, tls, url: sandbox.url };
      await follow(snippet, { ...given, hasLogin: true }, command);
      await expectArrival(sandbox, { ...given, hasLogin: true });
    });

    needs(tool).test('brings nothing where it trusts another CA', async () => {
      await using sandbox = await startTestSandbox();
      const port = sandbox.ports[1]!;
      const given = { ...settings, host: '127.0.0.1', name: 'localhost', port, url: sandbox.url };
      const { cert: strange } = await createAuthority(new Date());
      await follow(snippet, { ...given, tls: 'starttls' }, command, strange);
      expect((await sandbox.closedSession()).outcome).not.toBe('captured');
    });
  });
}

needs('swaks').test('without a login, mail arrives as well', async () => {
  await using sandbox = await startTestSandbox();
  const given = {
    ...settings,
    host: '127.0.0.1',
    name: 'localhost',
    port: sandbox.ports[0]!,
    url: sandbox.url,
  };
  for (const id of ['smtplib', 'swaks', 'curl', 'msmtp', 'nodemailer']) {
    const snippet = snippets.find((candidate) => candidate.id === id)!;
    await follow(snippet, given, runnable.find((row) => row.id === id)!.command);
  }
  const sessions = await sandbox.closedSessions(5);
  expect(sessions.map(({ outcome, user }) => [outcome, user])).toEqual(Array(5).fill(['captured', null]));
});
