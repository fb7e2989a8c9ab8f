// mailscope sendmail, as programs call it that know only sendmail.
import { readFileSync } from 'node:fs';
import { rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTransport } from 'nodemailer';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readAddressList } from '../../server/cli/address-list.ts';
import { readSendmailArguments } from '../../server/cli/sendmail-arguments.ts';
import { findLoneDot, prepareMessage } from '../../server/cli/sendmail-message.ts';
import { sysexits } from '../../server/cli/sendmail.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { buildCommand, run } from './command.ts';

let command: string;
beforeAll(async () => {
  command = await buildCommand();
});
afterAll(() => rm(dirname(dirname(command)), { recursive: true }));

const envOf = (sandbox: TestSandbox): Record<string, string> => ({
  MAILSCOPE_SMTP_PORT: String(sandbox.ports[0]),
});

async function sendmail(sandbox: TestSandbox, args: string[], input: string) {
  return run(command, ['sendmail', ...args], { env: envOf(sandbox), input }).ended;
}

async function newest({ client }: TestSandbox) {
  const message = await client.readMessage({ params: { id: 'latest' } });
  const raw = Buffer.from(await client.readRaw({ params: { id: message.id } })).toString('latin1');
  return { message, raw, to: message.envelope.to.map(({ address }) => address) };
}

test('-t -i, as PHP calls it: recipients of To, Cc and Bcc, Bcc taken out, the rest as it was', async () => {
  await using sandbox = await startTestSandbox();
  const input =
    'From: Shop <shop@x.test>\nTo: "Bob, B" <bob@x.test>,\n cy@x.test (Cy)\nCc: dee@x.test\nBcc: eve@x.test,\n fay@x.test\nDate: Mon, 1 Jan 2024 00:00:00 +0000\nMessage-ID: <1@x.test>\nSubject: hi\n\n.\n..two\n\xfc\nend';
  expect(await sendmail(sandbox, ['-t', '-i', '-fbounce@x.test'], input)).toMatchObject({
    code: 0,
    out: '',
    err: '',
  });
  const { message, raw, to } = await newest(sandbox);
  expect(to).toEqual(['bob@x.test', 'cy@x.test', 'dee@x.test', 'eve@x.test', 'fay@x.test']);
  expect(message.mailFrom).toBe('bounce@x.test');
  const utf8 = Buffer.from('\xfc').toString('latin1');
  expect(raw).toBe(
    `${input.replace('Bcc: eve@x.test,\n fay@x.test\n', '').replace('\xfc', utf8).replaceAll('\n', '\r\n')}\r\n`,
  );
});

test('a lone dot ends the message, unless -i or -oi is given; doubled dots stay', async () => {
  await using sandbox = await startTestSandbox();
  const input = 'From: a@x.test\n\none\n..\n.\nafter\n';
  for (const [flags, body] of [
    [[], 'one\r\n..\r\n'],
    [['-oi'], 'one\r\n..\r\n.\r\nafter\r\n'],
    [['-iv'], 'one\r\n..\r\n.\r\nafter\r\n'],
    [['-O', 'IgnoreDots'], 'one\r\n..\r\n.\r\nafter\r\n'],
  ] as const) {
    const { code, out } = await sendmail(sandbox, [...flags, 'bob@x.test'], input);
    expect([code, out]).toEqual([0, flags[0] === '-iv' ? expect.stringMatching(/^250 .* m_\w+\n$/) : '']);
    expect((await newest(sandbox)).raw.split('\r\n\r\n')[1]).toBe(body);
  }
});

test('what is missing is added: From with -F, Date, Message-ID, and the name of this machine', async () => {
  await using sandbox = await startTestSandbox();
  expect(
    await sendmail(sandbox, ['-F', 'Jörg O', '-r', 'app', 'root', 'Ann <ann@x.test>'], 'just text\n'),
  ).toMatchObject({ code: 0, err: '' });
  const { message, raw, to } = await newest(sandbox);
  expect(message.mailFrom).toMatch(/^app@[\w.-]+$/);
  expect(to).toEqual([expect.stringMatching(/^root@[\w.-]+$/), 'ann@x.test']);
  expect(message.from).toEqual([{ name: 'Jörg O', address: message.mailFrom }]);
  expect(message.messageId).toMatch(/^<[\w-]+@[\w.-]+>$/);
  expect(Math.abs(Date.parse(message.date!) - Date.now())).toBeLessThan(60_000);
  expect(raw.split('\r\n\r\n')[1]).toBe('just text\r\n');
  expect(await sendmail(sandbox, ['-f', '', 'b@x.test'], 'Subject: x\n\n')).toMatchObject({ code: 0 });
  expect((await newest(sandbox)).message).toMatchObject({ mailFrom: '', subject: 'x' });
});

test('delivery reports, smuggled flags and login reach the server as parameters', async () => {
  await using sandbox = await startTestSandbox({ auth: 'required', user: ['ann:right'] });
  const args = [
    '-N',
    'failure,delay',
    '-Rhdrs',
    '-V',
    'id+1',
    '-odb',
    '-oem',
    '-q30m',
    '-B8BITMIME',
    '-X',
    'log',
  ];
  const refused = await sendmail(sandbox, [...args, 'b@x.test'], 'Subject: x\n\n');
  expect(refused).toMatchObject({ code: sysexits.noPermission, err: expect.stringContaining('530') });
  const wrong = await sendmail(sandbox, ['--user', 'ann:wrong', 'b@x.test'], 'Subject: x\n\n');
  expect(wrong).toMatchObject({ code: sysexits.noPermission, err: expect.not.stringContaining('wrong') });
  expect(
    await sendmail(sandbox, [...args, '--user=ann:right', '--', 'b@x.test'], 'Subject: x\n\n'),
  ).toMatchObject({ code: 0, err: '' });
  const { envelope } = (await newest(sandbox)).message;
  expect(envelope.from.params).toEqual([
    { name: 'RET', value: 'HDRS' },
    { name: 'ENVID', value: 'id+2B1' },
  ]);
  expect(envelope.to[0]!.params).toEqual([{ name: 'NOTIFY', value: 'FAILURE,DELAY' }]);
});

test('-bs speaks SMTP on standard input and output, and nodemailer takes it for sendmail', async () => {
  await using sandbox = await startTestSandbox();
  const dialogue =
    'EHLO me\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\nDATA\r\nSubject: bs\r\n\r\nhi\r\n.\r\nQUIT\r\n';
  const spoken = await sendmail(sandbox, ['-bs'], dialogue);
  expect(spoken).toMatchObject({ code: 0, err: '' });
  expect(spoken.out.split('\r\n').map((line) => line.slice(0, 3))).toEqual(
    expect.arrayContaining(['220', '250', '354', '221']),
  );
  expect((await newest(sandbox)).message.subject).toBe('bs');

  // As a shell script writes it; sendmail reads lines that way too.
  const plain = await sendmail(sandbox, ['-bs'], dialogue.replaceAll('\r\n', '\n').replace('bs', 'plain'));
  expect(plain.out).toContain('250 2.0.0 Ok: queued');
  expect((await newest(sandbox)).raw).toBe('Subject: plain\r\n\r\nhi\r\n');

  // A link of the name, as it stands where programs look for sendmail.
  const link = join(dirname(command), 'sendmail');
  await symlink(command, link);
  const script = join(dirname(command), 'as-sendmail');
  await writeFile(
    script,
    `#!/bin/sh\nMAILSCOPE_SMTP_PORT=${sandbox.ports[0]} exec ${process.execPath} ${link} "$@"\n`,
    { mode: 0o755 },
  );
  const transport = createTransport({ sendmail: true, path: script });
  await transport.sendMail({
    from: 'n@x.test',
    to: 'm@x.test',
    bcc: 'o@x.test',
    subject: 'node',
    text: '.\nx',
  });
  const { message, to } = await newest(sandbox);
  expect([message.subject, message.mailFrom, to]).toEqual(['node', 'n@x.test', ['m@x.test', 'o@x.test']]);
  expect(message.text?.trimEnd()).toBe('.\nx');
});

/** Says the same to every command but EHLO and the verb that is to fail. */
async function startRefusing(verb: string, answer: string) {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write(verb === 'connect' ? `${answer}\r\n` : '220 here\r\n');
    socket.on('data', (bytes) => {
      for (const line of bytes.toString().trimEnd().split('\r\n')) {
        if (line.startsWith(verb) || (verb === '.' && line === '.')) socket.write(`${answer}\r\n`);
        else if (/^(EHLO|MAIL|RCPT)/.test(line)) socket.write('250 ok\r\n');
        else if (line === 'DATA') socket.write('354 go on\r\n');
        else if (line === 'QUIT') socket.end('221 bye\r\n');
      }
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: String((server.address() as AddressInfo).port),
    [Symbol.asyncDispose]: () => new Promise<void>((done) => server.close(() => done())),
  };
}

test('the exit code is that of sysexits.h, and standard error says what happened', async () => {
  const mail = 'To: b@x.test\n\nhi\n';
  for (const [verb, answer, code] of [
    ['MAIL', '550 5.7.1 no', sysexits.unavailable],
    ['RCPT', '550 5.1.1 no such user', sysexits.noUser],
    ['RCPT', '452 4.5.3 too many', sysexits.temporary],
    ['.', '552 5.3.4 too big', sysexits.unavailable],
    ['.', '451 4.3.0 later', sysexits.temporary],
    ['connect', 'SSH-2.0-x', sysexits.protocol],
    ['connect', '421 4.3.2 going', sysexits.temporary],
  ] as const) {
    await using server = await startRefusing(verb, answer);
    const ended = await run(command, ['sendmail', '-t', '--port', server.port], { input: mail }).ended;
    expect([verb, answer, ended.code, ended.out]).toEqual([verb, answer, code, '']);
    expect(ended.err).toContain(answer.slice(0, 3) === 'SSH' ? 'SSH-2.0-x' : answer.slice(0, 3));
  }
  const cases: [string[], string, number, string, Record<string, string>?][] = [
    [[], mail, sysexits.usage, 'There is nobody to send to.'],
    [['-t'], 'Subject: x\n\nTo: b@x.test\n', sysexits.usage, 'no address in To, Cc or Bcc'],
    [['-f'], mail, sysexits.usage, '-f has no value.'],
    [['-y', 'b@x.test'], mail, sysexits.usage, 'Unknown option -y.'],
    [['--foo'], mail, sysexits.usage, 'Unknown option --foo.'],
    [['-bd'], '', sysexits.usage, 'it listens by itself'],
    [['-N', 'soon', 'b@x.test'], mail, sysexits.usage, '-N "soon"'],
    [['--port', '0', 'b@x.test'], mail, sysexits.usage, '--port "0" cannot be used.'],
    [['b@x.test'], mail, sysexits.config, 'MAILSCOPE_SMTP_PORT "off"', { MAILSCOPE_SMTP_PORT: 'off' }],
    [['--port', '1', 'b@x.test'], mail, sysexits.temporary, 'Is Mailscope running?'],
    [['-bs', '--port', '1'], '', sysexits.temporary, ''],
    [['-bp'], '', 0, ''],
    [['-bi'], '', 0, ''],
    [['-q'], '', 0, ''],
  ];
  await Promise.all(
    cases.map(async ([args, input, code, said, env = {}]) => {
      const ended = await run(command, ['sendmail', ...args], { input, env }).ended;
      expect([args, ended.code]).toEqual([args, code]);
      expect(ended.err).toContain(said);
    }),
  );
});

test('flags are read as getopt reads them', () => {
  expect(readSendmailArguments(['-tif', 'a@x', '-oi', '-Fx y', 'b@x', '-v', '--', '-c@x'])).toMatchObject({
    ...{ readsHeader: true, ignoresDots: true, sender: 'a@x', fullName: 'x y', verbose: true },
    recipients: ['b@x', '-c@x'],
  });
});

test('address lists and dots are read from any text', () => {
  const cases: [string, string[]][] = [
    ['', []],
    [',; ,', []],
    ['a@x', ['a@x']],
    ['"Last, First" <a@x> (a, comment), Bob b@x', ['a@x', 'b@x']],
    ['team: a@x, b@x;, c', ['a@x', 'b@x', 'c@here']],
    ['<@relay,@other:a@x>, "odd one"@x', ['a@x', '"odd one"@x']],
    ['a@x, a@x', ['a@x']],
    ['undisclosed-recipients:;', []],
    ['a@[IPv6:::1]', ['a@[IPv6:::1]']],
  ];
  for (const [text, found] of cases) expect(readAddressList(text, 'here'), text).toEqual(found);
  const unit = fc.constantFrom('.', 'a', '\r', '\n', '<', '>', '"', '(', ')', ',', ':', '\\', '@', ' ');
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 60 }), (text) => {
      for (const address of readAddressList(text, 'here')) expect(address).toMatch(/@/);
      const dot = findLoneDot(Buffer.from(text), 0, true);
      const lines = text.split('\n');
      expect(dot >= 0).toBe(lines.some((line) => line === '.' || line === '.\r'));
      const options = { sender: 'a@x', fullName: null, readsHeader: true, domain: 'here', now: new Date() };
      const { bytes } = prepareMessage(Buffer.from(`X: y\n\n${text}`), options);
      expect(bytes.toString().slice(bytes.indexOf('\n\n') + 2)).toBe(text);
    }),
  );
});

test('server/cli/README.md has every exit code of sendmail', () => {
  const readme = readFileSync(fileURLToPath(new URL('../../server/cli/README.md', import.meta.url)), 'utf8');
  const section = readme.split('\n## mailscope sendmail\n')[1]?.split('\n## ')[0] ?? '';
  const documented = [...section.matchAll(/^\| (\d+)[ |]/gm)].map(([, code]) => Number(code));
  expect(documented).toEqual(Object.values(sysexits));
});
