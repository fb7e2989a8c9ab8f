// mailscope check: from message files to what is wrong with them.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mailWith } from '../support/checked-mail.ts';
import { run } from './command.ts';
import { useCommand } from './use-command.ts';

const own = useCommand();
const call = (args: string[], input?: string) =>
  run(own.command, ['check', ...args], { cwd: own.folder, ...(input === undefined ? {} : { input }) }).ended;
const file = (name: string, content: Buffer | string): Promise<void> =>
  writeFile(join(own.folder, name), content);

test('each finding has file and line, what it means and what to do; a good message has none', async () => {
  await file('good.eml', mailWith());
  await file('bad.eml', mailWith({ From: null }, 'Hello {{ name }},\r\n', ['Bcc: eve@example.com']));
  const { code, out, err } = await call(['bad.eml', 'good.eml']);
  expect([code, err]).toEqual([1, '']);
  expect(out).toMatch(
    /^bad\.eml:1: error: The message has no From \(header\.no-from\)\n {3}Every message must/,
  );
  expect(out).toContain('bad.eml:7: warning: Bcc is still in the message (header.bcc-leaked)\n');
  expect(out).toContain('   > Bcc: eve@example.com\n   - Remove Bcc before sending');
  expect(out).toContain('bad.eml:9: warning: A placeholder was not filled in');
  expect(out).toMatch(/\ngood\.eml: nothing found\n$/);
});

test('--fail-on says how bad it may be, and standard input is read', async () => {
  const mail = mailWith({ Date: null }).toString().replaceAll('\r', '');
  const [usual, strict, never] = await Promise.all([
    call(['-'], mail),
    call(['--fail-on', 'warning', '-'], mail),
    call(['--fail-on', 'never', '-'], 'no header'),
  ]);
  expect([usual.code, strict.code, never.code]).toEqual([0, 1, 0]);
  expect(usual.out).toMatch(/^-:1: warning: The message has no Date/);
});

test('--json has the findings as the API has them, with the byte in the file', async () => {
  const mail = mailWith({ 'Message-ID': 'x' });
  const { out } = await call(['--json', '-'], mail.toString());
  const { items } = JSON.parse(out) as { items: { file: string; findings: object[] }[] };
  expect(items).toMatchObject([
    {
      file: '-',
      findings: [
        {
          ...{ line: 5, rule: 'header.message-id-invalid', severity: 'warning', stage: 'header' },
          evidence: [{ kind: 'message', offset: mail.indexOf('Message-ID'), header: 'Message-ID' }],
        },
      ],
    },
  ]);
});

test('a file that is not there ends with code 1 and hides no other; a wrong call ends with 2', async () => {
  await file('good.eml', mailWith());
  const [missing, none, severity] = await Promise.all([
    call(['nowhere.eml', 'good.eml']),
    call([]),
    call(['--fail-on', 'bad', 'good.eml']),
  ]);
  expect(missing).toMatchObject({ code: 1, out: 'good.eml: nothing found\n' });
  expect(missing.err).toContain('nowhere.eml');
  expect([none.code, severity.code]).toEqual([2, 2]);
  expect(none.err).toContain('mailscope check --help');
  expect(severity.err).toContain('--fail-on');
});

test('control characters of a mail do not reach the terminal', async () => {
  const { out } = await call(['-'], mailWith({ Subject: 'a\x1b[31m {{ b }}' }).toString());
  expect(out).not.toContain('\x1b');
});
