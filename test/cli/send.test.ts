import { rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addressesIn } from '../../server/cli/send.ts';
import { formatData } from '../../server/sample/smtp-client.ts';
import { temporaryFolder } from '../process/mailscope.ts';
import { holdRefusingPort } from '../support/refusing-port.ts';
import { buildCommand, run } from './command.ts';

let command: string;
beforeAll(async () => {
  command = await buildCommand();
});
afterAll(() => rm(dirname(dirname(command)), { recursive: true }));

/** A mail server with a fixed answer to each command; keeps what it hears. */
async function startServer(answers: Record<string, string> = {}) {
  const heard: string[] = [];
  const server = createServer((socket) => {
    let rest = '';
    let isData = false;
    const say = (verb: string, otherwise: string): unknown =>
      socket.write(`${answers[verb] ?? otherwise}\r\n`);
    say('connect', '220-one\r\n220 two');
    socket.setEncoding('latin1').on('error', () => {});
    socket.on('data', (text: string) => {
      rest += text;
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        heard.push(line);
        const verb = line.slice(0, 4).toUpperCase();
        if (isData && line !== '.') continue;
        if (isData) say('.', '250 2.0.0 Stored as m_1');
        else if (verb === 'DATA') say('DATA', '354 go on');
        else say(verb, verb === 'EHLO' ? '250-here\r\n250 8BITMIME' : verb === 'QUIT' ? '221 bye' : '250 ok');
        isData = !isData && verb === 'DATA' && answers.DATA === undefined;
      }
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    heard,
    args: ['--port', String(port)],
    [Symbol.asyncDispose]: () => new Promise<void>((done) => server.close(() => done())),
  };
}

test('a file is sent as it is, to those whom it names', async () => {
  await using server = await startServer();
  await using folder = await temporaryFolder();
  const raw =
    'From: "A, B" <ann@x.test>\nTo: bob@x.test,\n C <cy@x.test>\nBcc: dee@x.test\n\n.dot\n..two\nGrüße';
  const file = join(folder.path, 'a.eml');
  await writeFile(file, raw);
  const sent = await run(command, ['send', file, ...server.args]).ended;
  expect(sent).toMatchObject({ code: 0, out: '250 2.0.0 Stored as m_1\n', err: '' });
  expect(server.heard.slice(1, 6)).toEqual([
    'MAIL FROM:<ann@x.test> BODY=8BITMIME',
    'RCPT TO:<bob@x.test>',
    'RCPT TO:<cy@x.test>',
    'RCPT TO:<dee@x.test>',
    'DATA',
  ]);
  const utf8 = (text: string): string => Buffer.from(text).toString('latin1');
  expect(server.heard.slice(-5)).toEqual(['..dot', '...two', utf8('Grüße'), '.', 'QUIT']);
});

test('standard input is sent with the given envelope, as often as asked', async () => {
  await using server = await startServer();
  const args = [
    'send',
    '-',
    '--from',
    'a@x.test',
    '--to',
    'b@x.test',
    '--to',
    'c@x.test',
    '--count',
    '3',
    ...server.args,
  ];
  expect(await run(command, args, { input: 'Subject: x\r\n\r\nhi\r\n' }).ended).toMatchObject({ code: 0 });
  expect(server.heard.filter((line) => line === 'MAIL FROM:<a@x.test>')).toHaveLength(3);
  expect(server.heard.filter((line) => line.startsWith('RCPT'))).toHaveLength(6);
});

test('a sample is a whole message, with HTML and an image on request', async () => {
  await using server = await startServer();
  expect((await run(command, ['send', '--sample', '--html', ...server.args]).ended).code).toBe(0);
  const text = server.heard.join('\n');
  for (const part of [
    'Subject: A sample message',
    'To: <recipient@example.com>',
    'multipart/alternative',
    'multipart/related',
    'Content-ID: <square@mailscope.test>',
    '..This line begins',
  ])
    expect(text).toContain(part);
});

test('what the server refuses is shown with its words, and ends with code 1', async () => {
  for (const [verb, answer, said] of [
    ['connect', '421 4.3.2 going', 'the connection'],
    ['RCPT', '550-5.1.1 no\r\n550 5.1.1 such \x1b[2Jone', 'RCPT TO:<recipient@example.com>'],
    ['DATA', '554 5.5.1 no', 'DATA'],
    ['.', '552 5.3.4 too big', 'the message'],
  ] as const) {
    await using server = await startServer({ [verb]: answer });
    const { code, err } = await run(command, ['send', '--sample', ...server.args]).ended;
    expect(code).toBe(1);
    expect(err).toContain(`The server refused ${said}: ${answer.slice(0, 3)}`);
    expect(err).not.toContain('\x1b');
  }
});

test('where nothing listens, or no mail server, that is said', async () => {
  await using server = await startServer({ connect: 'SSH-2.0-x' });
  const { code, err } = await run(command, ['send', '--sample', ...server.args]).ended;
  expect([code, err.split('\n')[0]]).toEqual([1, 'mailscope: The server does not speak SMTP.']);
  await using refusing = await holdRefusingPort();
  const gone = await run(command, ['send', '--sample', '--port', String(refusing.port)]).ended;
  expect([gone.code, gone.err]).toEqual([
    1,
    expect.stringMatching(
      /Nothing can be sent to 127\.0\.0\.1:\d+\.\n {2}Why: .*ECONNREFUSED.*\n {2}Do: {2}Is Mailscope running/,
    ),
  ]);
  expect(await run(command, ['send', '/nowhere/a.eml']).ended).toMatchObject({
    code: 1,
    err: expect.stringContaining('Check the path.'),
  });
});

test('dots are doubled and the end stands alone, whatever the message', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('.', 'a', '\r', '\n', 'é'), maxLength: 40 }), (text) => {
      const wire = formatData(Buffer.from(text)).toString();
      expect(wire.endsWith('.\r\n')).toBe(true);
      expect(wire.replace(/\r\n/g, '')).not.toMatch(/[\r\n]/);
      const body = wire.slice(0, -3).replace(/^\./gm, '');
      const plain = text.replace(/\r\n|\r|\n/g, '\r\n');
      expect(body).toBe(plain === '' || plain.endsWith('\r\n') ? plain : `${plain}\r\n`);
      expect(`\r\n${wire}`.indexOf('\r\n.\r\n')).toBe(wire.length - 3);
    }),
  );
  expect(addressesIn(Buffer.from('to: x\r\nTo: a@b.test, a@b.test\r\n\r\nTo: c@d.test'), ['to'])).toEqual([
    'a@b.test',
  ]);
});
