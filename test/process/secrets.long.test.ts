// A password is nowhere on disk, whatever a client does with it.
import { createHmac, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { findForms, readWholeApi } from '../clients/secret-forms.ts';
import { openWire } from '../support/wire.ts';
import { startMailscope, temporaryFolder, type Mailscope } from './mailscope.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const mechanisms = 'PLAIN,LOGIN,CRAM-MD5,XOAUTH2,OAUTHBEARER,SCRAM-SHA-256';
const extra = [
  'smtp://127.0.0.1:0?tls=offered&auth-tls=required&name=strict',
  'smtp://127.0.0.1:0?auth=none&name=without',
];
/** Positions among the ports. */
const smtp = 0;
const submission = 1;
const smtps = 2;
const strict = 3;
const without = 4;

interface Step {
  listener?: number;
  tls?: boolean;
  /** Said one by one after EHLO; a function makes the line from the last reply. */
  lines: (string | ((reply: string) => string))[];
}

/** Every way in which a password can come, right and wrong. */
function logins(user: string, secret: string): Record<string, Step> {
  const name = base64(user);
  const coded = base64(secret);
  const plain = (password: string): string => base64(`\0${user}\0${password}`);
  const bearer = (token: string): string => base64(`user=${user}\x01auth=Bearer ${token}\x01\x01`);
  const oauth = (token: string): string => base64(`n,a=${user},\x01auth=Bearer ${token}\x01\x01`);
  const cram = (reply: string): string => {
    const challenge = Buffer.from(reply.slice(4), 'base64');
    return base64(`${user} ${createHmac('md5', secret).update(challenge).digest('hex')}`);
  };
  const wrong = `${secret}x`;
  const long = secret.repeat(400);
  return {
    'PLAIN at once': { lines: [`AUTH PLAIN ${plain(secret)}`] },
    'PLAIN in two steps': { lines: ['AUTH PLAIN', plain(secret)] },
    'PLAIN, wrong': { lines: [`AUTH PLAIN ${plain(wrong)}`] },
    'PLAIN, over STARTTLS': { listener: submission, tls: true, lines: [`AUTH PLAIN ${plain(secret)}`] },
    LOGIN: { lines: ['AUTH LOGIN', name, coded] },
    'LOGIN with the name at once': { lines: [`AUTH LOGIN ${name}`, coded] },
    'LOGIN, wrong': { lines: ['AUTH LOGIN', name, base64(wrong)] },
    'LOGIN, inside TLS': { listener: smtps, lines: ['AUTH LOGIN', name, coded] },
    'LOGIN, not encoded': { lines: ['AUTH LOGIN', user, secret, secret] },
    'LOGIN, encoded twice': { lines: ['AUTH LOGIN', base64(name), base64(coded)] },
    'LOGIN with a message of PLAIN': { lines: ['AUTH LOGIN', plain(secret), plain(secret)] },
    'CRAM-MD5': { lines: ['AUTH CRAM-MD5', cram] },
    'CRAM-MD5 with the password itself': { lines: ['AUTH CRAM-MD5', base64(`${user} ${secret}`)] },
    XOAUTH2: { lines: [`AUTH XOAUTH2 ${bearer(secret)}`] },
    'XOAUTH2, wrong': { lines: [`AUTH XOAUTH2 ${bearer(wrong)}`, ''] },
    OAUTHBEARER: { lines: [`AUTH OAUTHBEARER ${oauth(secret)}`] },
    'OAUTHBEARER, wrong': { lines: [`AUTH OAUTHBEARER ${oauth(wrong)}`, base64('\x01')] },
    'SCRAM-SHA-256 with a message of PLAIN': { lines: [`AUTH SCRAM-SHA-256 ${plain(secret)}`] },
    'in lower case': { lines: [`auth plain ${plain(secret)}`] },
    'as old Outlook': { lines: [`AUTH=PLAIN ${plain(secret)}`] },
    'an unknown mechanism': { lines: [`AUTH NTLM ${coded}`, coded] },
    'no mechanism': { lines: [`AUTH ${plain(secret)}`] },
    'with a word too many': { lines: [`AUTH PLAIN ${plain(secret)} ${coded}`] },
    'with broken base64': { lines: [`AUTH PLAIN !${plain(secret)}`, `!${coded}`] },
    'broken over lines': { lines: [`AUTH PLAIN ${plain(secret).slice(0, 20)}`, plain(secret).slice(20)] },
    'longer than a command may be': { lines: [`AUTH PLAIN ${plain(long)}`] },
    'longer than a response may be': { lines: ['AUTH PLAIN', plain(long)] },
    'a second time': {
      lines: [`AUTH PLAIN ${plain(secret)}`, `AUTH PLAIN ${plain(secret)}`, 'AUTH LOGIN', coded],
    },
    'in a transaction': { lines: ['MAIL FROM:<a@b.test>', `AUTH PLAIN ${plain(secret)}`, coded] },
    'before TLS, where TLS is needed': {
      listener: strict,
      lines: [`AUTH PLAIN ${plain(secret)}`, 'AUTH LOGIN', coded],
    },
    'where none is offered': {
      listener: without,
      lines: [`AUTH PLAIN ${plain(secret)}`, 'AUTH LOGIN', name, coded],
    },
    'cancelled, and then said': { lines: ['AUTH LOGIN', name, '*', coded, secret] },
    'with AUTH mistyped': { lines: [`AUHT PLAIN ${plain(secret)}`, `AUTHPLAIN ${plain(secret)}`] },
    'with AUTH mistyped, in steps': { lines: ['AUHT LOGIN', name, coded] },
    'without AUTH': { lines: [plain(secret), `PLAIN ${plain(secret)}`] },
    'as to a POP3 server': { lines: [`USER ${user}`, `PASS ${secret}`] },
    'as to an IMAP server': {
      lines: [`a1 LOGIN ${user} "${secret}"`, `a2 AUTHENTICATE PLAIN ${plain(secret)}`],
    },
    'PLAIN, cancelled, and then said': { lines: ['AUTH PLAIN', '*', plain(secret)] },
  };
}

/** The same without waiting for replies, or without an end. */
function bursts(user: string, secret: string): Record<string, { listener?: number; text: string }> {
  const coded = base64(secret);
  const plain = base64(`\0${user}\0${secret}`);
  const login = `AUTH LOGIN\r\n${base64(user)}\r\n${coded}`;
  return {
    'PLAIN, pipelined': { text: `EHLO c\r\nAUTH PLAIN ${plain}\r\nMAIL FROM:<a@b.test>\r\nQUIT\r\n` },
    'LOGIN, pipelined': { text: `EHLO c\r\n${login}\r\nQUIT\r\n` },
    'LOGIN, pipelined with LF': { text: `EHLO c\r\n${login}x\r\nQUIT\r\n`.replaceAll('\r', '') },
    'an unknown mechanism, pipelined': { text: `EHLO c\r\nAUTH NTLM\r\n${coded}\r\n${secret}\r\nQUIT\r\n` },
    'before EHLO': { text: `AUTH PLAIN ${plain}\r\n${login}\r\nQUIT\r\n` },
    'PLAIN, cut off': { text: `EHLO c\r\nAUTH PLAIN ${plain}` },
    'LOGIN, cut off': { text: `EHLO c\r\n${login}` },
    'LOGIN, cut off, where none is offered': { listener: without, text: `EHLO c\r\n${login}` },
    'PLAIN in clear behind STARTTLS': {
      listener: submission,
      text: `EHLO c\r\nSTARTTLS\r\nEHLO c\r\nAUTH PLAIN ${plain}\r\n`,
    },
    'LOGIN in clear behind STARTTLS': {
      listener: submission,
      text: `EHLO c\r\nSTARTTLS\r\nEHLO c\r\n${login}\r\n`,
    },
    'PLAIN in clear on the TLS port': { listener: smtps, text: `EHLO c\r\nAUTH PLAIN ${plain}\r\nQUIT\r\n` },
    'LOGIN in clear on the TLS port': { listener: smtps, text: `EHLO c\r\n${login}\r\nQUIT\r\n` },
  };
}

async function playLogin(mailscope: Mailscope, { listener = smtp, tls = false, lines }: Step): Promise<void> {
  await using wire = await openWire(mailscope.ports[listener]!, listener === smtps ? { tls: {} } : {});
  await wire.hello();
  if (tls) {
    expect(await wire.say('STARTTLS')).toMatch(/^220 /);
    await wire.secure();
    await wire.say('EHLO client.test');
  }
  let reply = '';
  for (const line of lines) reply = await wire.say(typeof line === 'string' ? line : line(reply));
  wire.end();
  await wire.closed();
}

async function playBurst(mailscope: Mailscope, listener: number, text: string): Promise<void> {
  await using wire = await openWire(mailscope.ports[listener]!);
  wire.send(text);
  wire.end();
  await wire.closed();
}

/** Each has a user and a password of its own, so that a search says which of them was told. */
const names = [...Object.keys(logins('', '')), ...Object.keys(bursts('', ''))];
const accounts = names.map((name, n) => ({ name, user: `ann${n}`, secret: `S3cret-${n}-${randomUUID()}` }));
const play = (mailscope: Mailscope): Promise<void>[] =>
  accounts.map(({ name, user, secret }) => {
    const step = logins(user, secret)[name];
    if (step) return playLogin(mailscope, step);
    const { listener = smtp, text } = bursts(user, secret)[name]!;
    return playBurst(mailscope, listener, text);
  });

/** The names of the logins whose password is somewhere in the content, and in which form. */
const findTold = (content: Buffer | string): string[] =>
  accounts.flatMap(({ name, secret }) => findForms(content, secret).map((form) => `${name}: ${form}`));

async function searchFolder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  expect(files.length).toBeGreaterThan(1);
  const found = files.map(async (file) =>
    findTold(await readFile(file)).map((told) => `${told} in ${basename(file)}`),
  );
  return (await Promise.all(found)).flat();
}

interface Told {
  /** In the files of the data folder. */
  whileRunning: string[];
  afterwards: string[];
  overApi: string[];
  logged: string[];
}

async function findSecrets(flags: string[]): Promise<Told> {
  await using folder = await temporaryFolder();
  const listen = extra.flatMap((url) => ['--listen', url]);
  const users = accounts.flatMap(({ user, secret }) => ['--user', `${user}:${secret}`]);
  const given = ['--auth-mechanisms', mechanisms, ...users, '--log-level', 'debug', ...listen, ...flags];
  await using mailscope = await startMailscope(folder.path, given);
  await Promise.all(play(mailscope));
  const sessions = await mailscope.closedSessions(accounts.length);
  expect(sessions).toHaveLength(accounts.length);
  const succeeded = sessions.flatMap(({ auth }) =>
    auth.filter(({ ok }) => ok).map(({ mechanism }) => mechanism),
  );
  expect([...new Set(succeeded)].sort()).toEqual(['CRAM-MD5', 'LOGIN', 'OAUTHBEARER', 'PLAIN', 'XOAUTH2']);
  const whileRunning = await searchFolder(folder.path);
  const overApi = findTold(await readWholeApi(mailscope.client));
  const { out, err, code } = await mailscope.stop();
  expect(code).toBe(0);
  return { whileRunning, afterwards: await searchFolder(folder.path), overApi, logged: findTold(out + err) };
}

test('a password is in no file, in no form, however it came', async () => {
  expect(await findSecrets([])).toEqual({ whileRunning: [], afterwards: [], overApi: [], logged: [] });
});

test('with --record-credentials it is kept, so the search would have found it', async () => {
  const { whileRunning, afterwards, overApi, logged } = await findSecrets(['--record-credentials']);
  for (const told of [whileRunning, afterwards, overApi])
    expect(told.join()).toMatch(/PLAIN at once: .*LOGIN: /);
  expect(logged).toEqual([]);
});
