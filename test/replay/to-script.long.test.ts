// The Python program of a session has the same session again.
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { expect, test as plainTest } from 'vitest';
import { toScript } from '../../shared/replay/to-script.ts';
import { bytesOfSide, startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { needs } from '../support/tools.ts';
import type { Wire } from '../support/wire.ts';
import { changes, recorded, replay, runPython, urlsOf } from './replayed.ts';

const { test } = needs('python3');
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const password = 's3cret $(x)';

interface Course {
  listener?: number;
  flags?: Parameters<typeof startTestSandbox>[0];
  act(wire: Wire): Promise<void>;
}

async function leave(wire: Wire): Promise<void> {
  await wire.quit();
}

const courses: Record<string, Course> = {
  'a plain message with dots and odd line ends': {
    async act(wire) {
      await wire.hello();
      await wire.mail('Subject: x\r\n\r\n..dot\r\nbare\nlf\r\n\xff\0"\'\\ %DATE% \\n\r\n');
      await leave(wire);
    },
  },
  'two messages, parameters and a refused recipient': {
    async act(wire) {
      await wire.hello();
      await wire.say('MAIL FROM:<ann@example.test> BODY=8BITMIME SIZE=40 RET=HDRS');
      await wire.say('RCPT TO:<bob@example.test> NOTIFY=SUCCESS,FAILURE');
      await wire.say('RCPT TO:<bad@>');
      await wire.say('DATA');
      wire.send('Subject: one\r\n\r\n');
      await wire.say('.');
      await wire.say('RSET');
      await wire.mail('Subject: two\r\n\r\n');
      await leave(wire);
    },
  },
  'pipelining and BDAT': {
    async act(wire) {
      await wire.hello();
      wire.send('MAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\n');
      await wire.reply();
      await wire.reply();
      wire.send('BDAT 5\r\nSubje');
      await wire.reply();
      wire.send('BDAT 9 LAST\r\nct: x\r\n\r\n');
      await wire.reply();
      await leave(wire);
    },
  },
  'STARTTLS and AUTH PLAIN': {
    listener: 1,
    async act(wire) {
      await wire.hello();
      await wire.say('STARTTLS');
      await wire.secure({ servername: 'localhost', maxVersion: 'TLSv1.2' });
      await wire.say('EHLO inside.test');
      await wire.say(`AUTH PLAIN ${base64(`\0jöe\0${password}`)}`);
      await wire.mail();
      await leave(wire);
    },
  },
  'implicit TLS and AUTH LOGIN': {
    listener: 2,
    async act(wire) {
      await wire.secure({ servername: 'localhost' });
      await wire.hello();
      await wire.say('AUTH LOGIN');
      await wire.say(base64('joe'));
      await wire.say(base64(password));
      await wire.mail();
      await leave(wire);
    },
  },
  'a wrong login that was given up': {
    flags: { user: ['joe:other'] },
    async act(wire) {
      await wire.hello();
      await wire.say(`AUTH PLAIN ${base64(`\0joe\0${password}`)}`);
      await wire.say('AUTH LOGIN');
      await wire.say('*');
      await leave(wire);
    },
  },
  'AUTH XOAUTH2': {
    flags: { authMechanisms: ['XOAUTH2'] },
    async act(wire) {
      await wire.hello();
      await wire.say(`AUTH XOAUTH2 ${base64('user=joe\x01auth=Bearer token-1\x01\x01')}`);
      await leave(wire);
    },
  },
  'a client that goes away without QUIT': {
    async act(wire) {
      await wire.hello('[127.0.0.1]');
      await wire.say('MAIL FROM:<>');
      wire.end();
    },
  },
  'bad commands and a bare LF': {
    async act(wire) {
      await wire.hello('');
      wire.send('NOOP\n');
      await wire.reply();
      await wire.say('WHAT \x01\xe9?');
      await leave(wire);
    },
  },
};

async function record(sandbox: TestSandbox, { listener = 0, act }: Course): Promise<void> {
  await using wire = await sandbox.wire(listener);
  await act(wire);
}

test.each(Object.keys(courses))('%s', async (name) => {
  const course = courses[name]!;
  await using sandbox = await startTestSandbox(course.flags);
  await record(sandbox, course);
  const { first, second, end, compared } = await replay(sandbox, ({ session, lines }) =>
    runPython(toScript(session, lines)),
  );
  expect(end.code, end.said).toBe(0);
  expect(changes(compared), end.said).toEqual([]);
  expect(
    compared.differences.filter(({ fact }) => fact !== 'ja4' && fact !== 'time' && fact !== 'cipher'),
  ).toEqual([]);
  expect(bytesOfSide(second.lines, 'client')).toEqual(bytesOfSide(first.lines, 'client'));
  expect(end.said).not.toContain(base64(password));
});

/** The client-final-message of SCRAM-SHA-256 (RFC 5802 §3). */
function scramFinal(bare: string, serverFirst: string): string {
  const [, nonce, salt, rounds] = /^r=(.*),s=(.*),i=(.*)$/.exec(serverFirst)!;
  const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const salted = pbkdf2Sync(password, Buffer.from(salt!, 'base64'), Number(rounds), 32, 'sha256');
  const key = hmac(salted, 'Client Key');
  const end = `c=biws,r=${nonce}`;
  const signature = hmac(createHash('sha256').update(key).digest(), `${bare},${serverFirst},${end}`);
  return `${end},p=${Buffer.from(key.map((byte, i) => byte ^ signature[i]!)).toString('base64')}`;
}

test('challenges of CRAM-MD5 and SCRAM-SHA-256 are answered anew', async () => {
  const flags = { user: [`joe:${password}`], authMechanisms: ['CRAM-MD5', 'SCRAM-SHA-256'] };
  await using sandbox = await startTestSandbox(flags);
  const challenge = (reply: string): string => Buffer.from(reply.slice(4), 'base64').toString();
  const logins: ((wire: Wire) => Promise<string>)[] = [
    async (wire) => {
      const text = challenge(await wire.say('AUTH CRAM-MD5'));
      return wire.say(base64(`joe ${createHmac('md5', password).update(text).digest('hex')}`));
    },
    async (wire) => {
      const bare = 'n=joe,r=abcdefghijk';
      const first = challenge(await wire.say(`AUTH SCRAM-SHA-256 ${base64(`n,,${bare}`)}`));
      await wire.say(base64(scramFinal(bare, first)));
      return wire.say('');
    },
  ];
  for (const [i, logIn] of logins.entries()) {
    await using wire = await sandbox.wire();
    await wire.hello();
    expect(await logIn(wire)).toMatch(/^235/);
    await leave(wire);
    const { session, lines } = await recorded(sandbox, 2 * i + 1);
    const { code, said } = await runPython(toScript(session, lines));
    expect(code, said).toBe(0);
    const again = await recorded(sandbox, 2 * i + 2);
    expect(again.session.auth[0]).toMatchObject({ ok: true, user: 'joe' });
  }
});

test('a message is fetched where the transcript has only its place', async () => {
  await using sandbox = await startTestSandbox();
  await record(sandbox, courses['pipelining and BDAT']!);
  {
    await using wire = await sandbox.wire();
    await wire.hello();
    await wire.mail('Subject: x\r\n\r\n..dot\r\n...\r\n');
    await leave(wire);
  }
  for (const [i, size] of [14, 24].entries()) {
    const { session, lines } = await recorded(sandbox, i + 1);
    const folded = lines.map(({ base64: _, ...line }) => line);
    const { code, said } = await runPython(toScript(session, folded, urlsOf(sandbox)));
    expect(code, said).toBe(0);
    const again = await recorded(sandbox, i + 3);
    expect(bytesOfSide(again.lines, 'client')).toEqual(bytesOfSide(lines, 'client'));
    expect(again.session.transactions[0]?.data?.size).toBe(size);
  }
});

test('it says so where the server now answers otherwise, and goes no further', async () => {
  await using sandbox = await startTestSandbox({ authMechanisms: ['XOAUTH2'] });
  await record(sandbox, courses['AUTH XOAUTH2']!);
  await using other = await startTestSandbox({ auth: 'none' });
  const { session, lines } = await recorded(sandbox, 1);
  const { code, said } = await runPython(toScript(session, lines), ['127.0.0.1', String(other.ports[0])]);
  expect(code).toBe(1);
  expect(said).toContain('*** what follows makes no sense after this reply');
});

plainTest('a recorded password is not in the program', async () => {
  await using sandbox = await startTestSandbox({ recordCredentials: true });
  await record(sandbox, courses['implicit TLS and AUTH LOGIN']!);
  const { session, lines } = await recorded(sandbox, 1);
  expect(session.auth[0]?.credential).toBe(password);
  const script = toScript(session, lines);
  expect(script).not.toContain(base64(password));
  expect(script).not.toContain(password);
});
