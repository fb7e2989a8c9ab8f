// What `mailscope` and its parts give to the tests of others: imported from the packed package, typed without sources.
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { installPacked, root } from './install-packed.ts';
import { temporaryFolder } from '../process/mailscope.ts';

const run = promisify(execFile);

const body = `
  const sandbox = await startSandbox({ user: ['app:secret'] });
  const mail = await connectForTests(sandbox.url, { timeout: 50 }).fromNow();
  const error = await mail.waitForMessage('to:nobody').catch((thrown) => thrown);
  const { messageId } = await sandbox.client.sendSample();
  const message = await mail.waitForMessage({ timeout: '40s' });
  await sandbox.close();
  const isGone = await mail.readReady().then(() => false, () => true);
  process.stdout.write(JSON.stringify({
    error: [error instanceof MailscopeError, error instanceof Error, error.code],
    found: message.id === messageId,
    clickable: message.clickable !== null,
    isGone,
    smtps: sandbox.smtps.secure && sandbox.smtps.tls.ca.includes('BEGIN CERTIFICATE'),
    others: [vitest.mailFixtures, vitest.matchers, jest.useSandbox, playwright.mailFixtures, cypress.registerMailCommands].every(Boolean),
  }));
`;
const modules = ['vitest', 'jest', 'playwright', 'cypress'];
const projects = {
  'esm.mjs': `import { startSandbox, MailscopeError } from 'mailscope';
import { connectForTests } from 'mailscope/client';
${modules.map((name) => `import * as ${name} from 'mailscope/${name}';`).join('\n')}
${body}`,
  'cjs.cjs': `const { startSandbox } = require('mailscope');
const { connectForTests, MailscopeError } = require('mailscope/client');
${modules.map((name) => `const ${name} = require('mailscope/${name}');`).join('\n')}
(async () => {${body}})();`,
};

const typed = `
import { startSandbox, MailscopeError, type Message, type Sandbox } from 'mailscope';
import { connect, connectForTests, type Client, type TestClient } from 'mailscope/client';
import { matchers } from 'mailscope/vitest';
import { useSandbox } from 'mailscope/jest';
import { mailFixtures } from 'mailscope/playwright';
import { registerMailTasks } from 'mailscope/cypress';

export async function check(setting: string | undefined): Promise<void> {
  // What comes from the environment may be missing.
  await startSandbox({ password: setting });
  connect('http://localhost:8025', { token: setting });
  mailFixtures({ url: setting });
  const sandbox: Sandbox = await startSandbox({ user: ['a:b'], auth: 'required', maxSize: '1MB' });
  const found = await sandbox.waitForMessage({ query: 'to:ann', timeout: '2s' });
  const message: Message = found;
  const href: string | undefined = found.clickable?.href;
  const client: Client = connect('http://localhost:8025', { headers: {} });
  const tests: TestClient = connectForTests('http://localhost:8025', { timeout: 50 });
  const ids: string[] = (await client.listMessages({ query: { limit: 2 } })).items.map((one) => one.id);
  const bytes: Uint8Array = await client.readRaw({ params: { id: 'latest' } });
  // What it gives can be given back, and so can what Node reads, also where TypeScript tells shared memory apart (5.7 on).
  const { body } = new Response(await client.readPart({ params: { id: 'latest', part: '1' } }));
  await client.storeMessage({ body: bytes });
  await client.storeMessage({ body: Buffer.from('Subject: x') });
  await client.awaitMessages({ query: { none: true } });
  await tests.expect({ messages: [{ subject: { contains: 'x' } }], sessions: [{ tls: { min: 'TLSv1.2' } }] });
  const { applied }: { applied: number } = await (await sandbox.fault({ preset: 'generic/spam' })).read();
  // @ts-expect-error there is no such stage
  await tests.fault({ stage: 'greet' });
  // @ts-expect-error there is no such field
  void message.titel;
  // @ts-expect-error there is no such setting
  await startSandbox({ smtpport: 1 });
  // @ts-expect-error there is no such condition
  await tests.expectMessage({ subjekt: 'x' });
  // @ts-expect-error an id is needed
  await client.readMessage();
  void [href, ids, body, applied, MailscopeError, matchers, useSandbox, mailFixtures, registerMailTasks];
}
`;

const matching = `
import { expect } from 'vitest';
import type { TestClient, TestMessage } from 'mailscope';
import { matchers } from 'mailscope/vitest';

export async function check(mail: TestClient, message: TestMessage): Promise<void> {
  expect.extend(matchers);
  const waiting: Promise<void> = expect(mail).toHaveReceived({ query: 'to:ann', count: 2 });
  await waiting;
  await expect(mail).not.toHaveReceived('to:bob');
  expect(message).not.toHaveLink({ purpose: 'reset' });
  // @ts-expect-error there is no such purpose
  expect(message).toHaveLink({ purpose: 'resett' });
}
`;
/** What of the types of Vitest 5 matters to the matchers: their interface has two parameters, before it had one. */
const vitest5 = `
declare global { namespace Chai { interface Assertion { ok: Assertion } } }
export interface Matchers<R extends void | Promise<void> = void, T = unknown> {}
export interface AsymmetricMatchersContaining {}
type Kept<A, R, T> = { [K in keyof A]: A[K] extends Chai.Assertion ? Assertion<R, T> : A[K] };
export interface Assertion<R, T = unknown> extends Kept<Chai.Assertion, R, T>, Matchers {
  not: Assertion<R, T>;
}
export declare const expect: (<T>(actual: T) => Assertion<void, T>) & AsymmetricMatchersContaining & {
  extend(matchers: Record<string, unknown>): void;
};
`;

function problemsOf(file: string, options: ts.CompilerOptions): string[] {
  const program = ts.createProgram([file], {
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    types: ['node'],
    typeRoots: [join(root, 'node_modules', '@types')],
    // All of it is checked, also without any runner.
    skipLibCheck: false,
    ...options,
  });
  // Of the types of others nothing is asked; to check them all took most of the time.
  const ours = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName === file || fileName.includes('/mailscope/'));
  expect(ours.length).toBeGreaterThan(5);
  return ours
    .flatMap((one) => [...program.getSyntacticDiagnostics(one), ...program.getSemanticDiagnostics(one)])
    .map(
      ({ file: at, messageText }) =>
        `${at?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
}

test('the packed SDK works in ESM and in CommonJS, with types for every way of resolving', async () => {
  await using folder = await temporaryFolder();
  const { empty, files } = await installPacked(folder.path);
  const texts = files.map(({ path }) => path).filter((path) => /\.d\.c?ts$/.test(path));
  expect(texts).toContain('dist/types/contract.d.ts');
  const read = (path: string): Promise<string> =>
    readFile(join(empty, 'node_modules', 'mailscope', path), 'utf8');
  const generic = await Promise.all(texts.map(async (path) => /\bUint8Array<.*/.exec(await read(path))?.[0]));
  expect(generic.filter(Boolean), 'TypeScript before 5.7 has no parameter there').toEqual([]);

  for (const [name, text] of Object.entries(projects)) {
    await writeFile(join(empty, name), text);
    const { stdout, stderr } = await run(process.execPath, [join(empty, name)], {
      env: { HOME: folder.path },
    });
    expect(JSON.parse(stdout), name).toEqual({
      error: [true, true, 'wait_timed_out'],
      found: true,
      clickable: true,
      isGone: true,
      smtps: true,
      others: true,
    });
    expect(stderr, name).toBe('');
  }

  for (const name of ['use.ts', 'use.mts', 'use.cts']) await writeFile(join(empty, name), typed);
  const { ModuleKind, ModuleResolutionKind } = ts;
  const bundler = { module: ModuleKind.ESNext, moduleResolution: ModuleResolutionKind.Bundler };
  const node16 = { module: ModuleKind.Node16, moduleResolution: ModuleResolutionKind.Node16 };
  const node10 = {
    module: ModuleKind.CommonJS,
    moduleResolution: ModuleResolutionKind.Node10,
    ignoreDeprecations: '6.0',
  };
  expect(problemsOf(join(empty, 'use.ts'), bundler)).toEqual([]);
  expect(problemsOf(join(empty, 'use.mts'), node16)).toEqual([]);
  expect(problemsOf(join(empty, 'use.cts'), node16)).toEqual([]);
  expect(problemsOf(join(empty, 'use.ts'), node10)).toEqual([]);

  await writeFile(join(empty, 'matching.ts'), matching);
  const runner = join(empty, 'node_modules', 'vitest');
  await symlink(join(root, 'node_modules', 'vitest'), runner);
  expect(problemsOf(join(empty, 'matching.ts'), bundler), 'Vitest 4').toEqual([]);
  await rm(runner);
  await mkdir(runner);
  await writeFile(join(runner, 'package.json'), '{"name":"vitest","types":"index.d.ts"}');
  await writeFile(join(runner, 'index.d.ts'), vitest5);
  expect(problemsOf(join(empty, 'matching.ts'), bundler), 'Vitest 5').toEqual([]);
}, 240_000);
