// Which client it was: real ones of this machine over the wire, and sessions that look almost like one.
import { createTransport } from 'nodemailer';
import { describe, expect, test } from 'vitest';
import { guessClient, type ClientGuess } from '../../shared/explain/client.ts';
import { clients } from '../../shared/explain/client-marks.ts';
import { runProgram } from '../clients/run-program.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { needs } from '../support/tools.ts';

const login = { user: ['ann:secret'] };

/** The guess about the only session, from its own record; with `slower`, as if each reply was thought about. */
async function guess(sandbox: TestSandbox, slower = 0): Promise<ClientGuess | null> {
  const session = await sandbox.closedSession();
  const lines = await sandbox.lines(session.id);
  const id = session.messageIds[0];
  const message = id === undefined ? undefined : await sandbox.client.readMessage({ params: { id } });
  const timed = lines.map((line, at) => ({ ...line, atUs: line.atUs + at * slower }));
  return guessClient(session, timed, message);
}

const letter = 'From: a@x.test\nTo: b@y.test\nSubject: x\n\nhello\n';
const python = (port: number, script: string) => runProgram('python3', ['-c', `port=${port}\n${script}`]);

describe('nodemailer is recognised', () => {
  test.each([
    { what: 'with text and HTML', html: '<b>x</b>', auth: { user: 'ann', pass: 'secret' } },
    { what: 'with text alone, without login', html: undefined, auth: undefined },
  ])('$what', async ({ html, auth }) => {
    await using sandbox = await startTestSandbox(login);
    const transport = createTransport({ host: '127.0.0.1', port: sandbox.ports[0]!, ...(auth && { auth }) });
    await transport.sendMail({
      from: 'a@x.test',
      to: 'b@y.test',
      subject: 'x',
      text: 'hello',
      ...(html && { html }),
    });
    const found = await guess(sandbox);
    expect(found).toMatchObject({ name: 'nodemailer' });
    expect(found!.evidence.length).toBeGreaterThan(2);
    expect(found!.confidence).toBeGreaterThan(0.8);
  });
});

const usesPython = needs('python3').test;
usesPython('smtplib is recognised, with login and message', async () => {
  await using sandbox = await startTestSandbox(login);
  await python(
    sandbox.ports[0]!,
    `import smtplib
from email.message import EmailMessage
m = EmailMessage(); m['From']='a@x.test'; m['To']='b@y.test'; m['Subject']='x'; m.set_content('hello')
s = smtplib.SMTP('127.0.0.1', port); s.login('ann','secret'); s.send_message(m); s.quit()`,
  );
  expect(await guess(sandbox)).toMatchObject({ name: 'Python smtplib' });
});

usesPython('smtplib with the header fields of Django is told as Django', async () => {
  await using sandbox = await startTestSandbox(login);
  await python(
    sandbox.ports[0]!,
    `import smtplib
from email.mime.text import MIMEText
from email.utils import formatdate, make_msgid
m = MIMEText('hello'); m['Subject']='x'; m['From']='a@x.test'; m['To']='b@y.test'
m['Date']=formatdate(localtime=False); m['Message-ID']=make_msgid(domain='host.test')
s = smtplib.SMTP('127.0.0.1', port); s.sendmail('a@x.test', ['b@y.test'], m.as_string()); s.quit()`,
  );
  expect(await guess(sandbox)).toMatchObject({ name: 'Django' });
});

usesPython('smtplib with Date and Message-ID of the standard library is not told as Django', async () => {
  await using sandbox = await startTestSandbox(login);
  await python(
    sandbox.ports[0]!,
    `import smtplib
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
m = EmailMessage(); m['From']='a@x.test'; m['To']='b@y.test'; m['Subject']='x'
m['Date']=formatdate(); m['Message-ID']=make_msgid(domain='host.test'); m.set_content('hello')
s = smtplib.SMTP('127.0.0.1', port); s.send_message(m); s.quit()`,
  );
  expect(await guess(sandbox)).toMatchObject({ name: 'Python smtplib' });
});

needs('curl').test('curl is recognised by its login, and not guessed without marks', async () => {
  const args = (port: number): string[] => [
    '-s',
    '--mail-from',
    'a@x.test',
    '--mail-rcpt',
    'b@y.test',
    '-T',
    '-',
    `smtp://127.0.0.1:${port}`,
  ];
  await using sandbox = await startTestSandbox(login);
  await runProgram('curl', ['--user', 'ann:secret', ...args(sandbox.ports[0]!)], letter);
  expect(await guess(sandbox)).toMatchObject({
    name: 'curl',
    evidence: [expect.stringContaining('AUTH PLAIN'), expect.anything(), expect.anything()],
  });

  await using other = await startTestSandbox();
  await runProgram('curl', args(other.ports[0]!), letter);
  expect(await guess(other)).toBeNull();
});

test('GNU Mailutils, which logs in as curl does and names itself in its message, is not taken for curl', async () => {
  await using sandbox = await startTestSandbox(login);
  await speak(sandbox, [
    'EHLO vm',
    'AUTH PLAIN',
    Buffer.from('\0ann\0secret').toString('base64'),
    'MAIL FROM:<a@x.test> SIZE=112',
    ...dialogue.slice(2, 4),
    'To: <b@y.test>\r\nUser-Agent: mail (GNU Mailutils 3.19)\r\nDate: Sat, 28 Nov 2026 05:00:00 +0000\r\n\r\nhi\r\n.',
    'QUIT',
  ]);
  expect(await guess(sandbox)).toBeNull();
});

needs('swaks').test('swaks is recognised by its message, and not guessed without one', async () => {
  const args = (port: number): string[] => [
    '--server',
    '127.0.0.1',
    '--port',
    String(port),
    '--from',
    'a@x.test',
    '--to',
    'b@y.test',
  ];
  await using sandbox = await startTestSandbox();
  await runProgram('swaks', args(sandbox.ports[0]!));
  expect(await guess(sandbox)).toMatchObject({ name: 'swaks', confidence: 0.99 });

  await using other = await startTestSandbox();
  await runProgram('swaks', [...args(other.ports[0]!), '--quit-after', 'RCPT']);
  expect(await guess(other)).toBeNull();
});

describe('msmtp is recognised', () => {
  needs('msmtp').test.each([[[]], [['--auth=plain', '--user=ann', '--passwordeval=echo secret']]])(
    '%j',
    async (auth) => {
      await using sandbox = await startTestSandbox(login);
      const args = ['--host=127.0.0.1', `--port=${sandbox.ports[0]}`, '--from=a@x.test', ...auth, 'b@y.test'];
      await runProgram('msmtp', args, 'Subject: x\n\nhello\n');
      expect(await guess(sandbox)).toMatchObject({ name: 'msmtp' });
    },
  );
});

/** What msmtp 1.8 writes, each command by itself: it does not wait for replies, and packets are cut by chance. */
test.each([
  { packets: 'each in its own, behind the reply to the last', ends: [0, 1, 2] },
  { packets: 'MAIL in one, RCPT and DATA in the next', ends: [0, 2] },
  { packets: 'MAIL and RCPT in one, DATA in the next', ends: [1, 2] },
  { packets: 'all in one', ends: [2] },
])('msmtp is recognised however its packets were cut: $packets', async ({ ends }) => {
  await using sandbox = await startTestSandbox();
  {
    await using wire = await sandbox.wire();
    await wire.hello('localhost');
    const commands = ['MAIL FROM:<a@x.test> SMTPUTF8\r\n', 'RCPT TO:<b@y.test>\r\n', 'DATA\r\n'];
    let at = 0;
    for (const end of ends) {
      wire.send(commands.slice(at, end + 1).join(''));
      for (; at <= end; at++) await wire.reply();
    }
    wire.send('From: a@x.test\r\nSubject: x\r\n\r\nhello\r\n.\r\nQUIT\r\n');
    for (let n = 0; n < 2; n++) await wire.reply();
  }
  expect(await guess(sandbox)).toMatchObject({ name: 'msmtp' });
});

needs('openssl').test('openssl s_client is recognised by the name in its first EHLO', async () => {
  await using sandbox = await startTestSandbox();
  const args = ['s_client', '-quiet', '-starttls', 'smtp', '-connect', `127.0.0.1:${sandbox.ports[1]}`];
  await runProgram('openssl', args, 'EHLO me\nquit\n');
  expect(await guess(sandbox)).toMatchObject({ name: 'openssl s_client' });
});

/** The lines of a client that waits for each reply. */
async function speak(sandbox: TestSandbox, lines: string[], eol = '\r\n'): Promise<void> {
  await using wire = await sandbox.wire();
  await wire.reply();
  for (const line of lines) {
    wire.send(line + eol);
    await wire.reply();
  }
}

const dialogue = [
  'EHLO vm.test',
  'MAIL FROM:<a@x.test>',
  'RCPT TO:<b@y.test>',
  'DATA',
  'Subject: x\r\n\r\nhello\r\n.',
  'QUIT',
];

describe('by hand', () => {
  test('long pauses and bare LF are a person at nc', async () => {
    await using sandbox = await startTestSandbox();
    await speak(sandbox, ['helo me', 'MAIL FROM:<a@x.test>', 'rcpt to:<b@y.test>', 'quit'], '\n');
    expect(await guess(sandbox, 2_000_000)).toMatchObject({ name: 'a person at telnet or nc' });
  });

  test('a plain dialogue without pauses is not guessed', async () => {
    await using sandbox = await startTestSandbox();
    await speak(sandbox, dialogue);
    expect(await guess(sandbox)).toBeNull();
  });
});

/** As mail 2.8 on Ruby 3.3 writes it: a negative number stands in some of its Message-IDs. */
const byRuby = (id: string) => ({
  0: 'EHLO localhost.localdomain',
  4: `Date: Mon, 06 Jul 2026 10:00:00 +0000\r\nMessage-ID: <${id}@vm.mail>\r\nMime-Version: 1.0\r\n\r\nhello\r\n.`,
});

test.each([
  ['Go net/smtp', { 0: 'EHLO localhost', 1: 'MAIL FROM:<a@x.test> BODY=8BITMIME SMTPUTF8' }],
  ['Ruby mail or ActionMailer', byRuby('6a4b1c2d3e4f5_12ab34')],
  ['Ruby mail or ActionMailer', byRuby('6b088e697240d_7fae294-4aa')],
  [
    'Jakarta Mail',
    {
      4: 'Date: Mon, 6 Jul 2026 10:00:00 +0000 (UTC)\r\nMessage-ID: <12345678.1.1783332000000@vm>\r\n\r\nhello\r\n.',
    },
  ],
  [
    'PHPMailer',
    {
      4: 'Date: Mon, 6 Jul 2026 10:00:00 +0000\r\nX-Mailer: PHPMailer 6.9.1 (https://github.com/PHPMailer/PHPMailer)\r\n\r\nhello\r\n.',
    },
  ],
  [
    'Symfony Mailer or Laravel',
    {
      0: 'EHLO [127.0.0.1]',
      4: 'Message-ID: <0123456789abcdef0123456789abcdef@x.test>\r\nDate: Mon, 06 Jul 2026 10:00:00 +0000\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nhello\r\n.',
    },
  ],
  ['emailjs', { 0: 'ehlo vm', 1: 'mail FROM:<a@x.test>', 3: 'data', 5: 'quit' }],
])('the marks measured of %s are recognised', async (name, changes) => {
  await using sandbox = await startTestSandbox();
  await speak(
    sandbox,
    dialogue.map((line, at) => (changes as Record<number, string>)[at] ?? line),
  );
  expect(await guess(sandbox)).toMatchObject({ name });
});

/** What Postfix 3.10 sends: the transaction in one packet, the message and QUIT in another. */
test('Postfix is recognised, whatever program wrote the message', async () => {
  await using sandbox = await startTestSandbox();
  {
    await using wire = await sandbox.wire();
    await wire.reply();
    wire.send('EHLO relay.test\r\n');
    await wire.reply();
    wire.send('MAIL FROM:<a@x.test> SIZE=396\r\nRCPT TO:<b@y.test> ORCPT=rfc822;b@y.test\r\nDATA\r\n');
    for (let n = 0; n < 3; n++) await wire.reply();
    wire.send(
      'Received: from vm (localhost [127.0.0.1])\r\n\tby relay.test (Postfix) with ESMTP id E2B6F;\r\n\tMon, 6 Jul 2026 10:00:00 +0000 (UTC)\r\nX-Mailer: swaks v20240103.0\r\n\r\nhello\r\n.\r\nQUIT\r\n',
    );
    for (let n = 0; n < 2; n++) await wire.reply();
  }
  const found = await guess(sandbox);
  expect(found).toMatchObject({ name: 'Postfix' });
  expect(found!.evidence.join()).not.toMatch(/X-Mailer/);
});

test('no mark of any client stands alone but those that name it', () => {
  for (const marks of Object.values(clients))
    for (const { weight } of marks) expect(weight === 0.9 || weight < 0.6).toBe(true);
});
