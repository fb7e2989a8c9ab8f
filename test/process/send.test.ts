// `mailscope send`, against a running Mailscope.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { idIn, runMailscope, startMailscope, temporaryFolder } from './mailscope.ts';

test('send --sample, send FILE and send - arrive as they were given', async () => {
  await using folder = await temporaryFolder();
  await using mailscope = await startMailscope(folder.path);
  const port = String(mailscope.ports[0]);
  const send = async (args: string[], input = ''): Promise<string> => {
    await using sending = runMailscope(['send', '--port', port, ...args], folder.path, { input });
    const { code, out, err } = await sending.ended;
    expect({ code, err }).toEqual({ code: 0, err: '' });
    return out.replace(/\n$/, '\r\n');
  };
  const read = (id: string) => mailscope.client.readMessage({ params: { id } });
  const readRaw = async (id: string) =>
    Buffer.from(await mailscope.client.readRaw({ params: { id } })).toString('latin1');

  const sample = await read(idIn(await send(['--sample'])));
  expect(sample).toMatchObject({
    subject: 'A sample message',
    mailFrom: 'sender@example.com',
    parse: 'parsed',
  });
  expect(sample.text).toContain('.This line begins with a dot');
  expect(sample.text).toContain('Grüße!');

  const html = await read(idIn(await send(['--sample', '--html', '--to', 'carol@example.test'])));
  expect(html).toMatchObject({
    rcptTo: ['carol@example.test'],
    html: expect.stringContaining('<h1>Hello</h1>'),
  });

  const letter =
    'From: ann@example.test\nTo: bob@example.test, carol@example.test\nSubject: a file\n\n.\n..two\nGr\xfc\xdfe';
  const file = join(folder.path, 'letter.eml');
  await writeFile(file, letter, 'latin1');
  const asSent = `${letter.replaceAll('\n', '\r\n')}\r\n`;
  const fromFile = idIn(await send([file]));
  expect(await readRaw(fromFile)).toBe(asSent);
  expect(await read(fromFile)).toMatchObject({
    mailFrom: 'ann@example.test',
    rcptTo: ['bob@example.test', 'carol@example.test'],
  });

  const fromInput = idIn(await send(['-', '--from', 'dave@example.test'], 'Subject: typed\n\nhello\n'));
  expect(await readRaw(fromInput)).toBe('Subject: typed\r\n\r\nhello\r\n');

  const three = (await send(['--sample', '--count', '3'])).trimEnd().split('\n');
  expect(three).toHaveLength(3);
  expect((await mailscope.client.listMessages()).items).toHaveLength(7);
  const sessions = await mailscope.closedSessions(5);
  expect(sessions.map(({ messages, outcome, ended }) => [messages, outcome, ended?.how])).toEqual([
    ...Array.from({ length: 4 }, () => [1, 'captured', 'quit']),
    [3, 'captured', 'quit'],
  ]);
});

test('send says what happened, why, and what to do, when nothing listens', async () => {
  await using folder = await temporaryFolder();
  let port: number;
  {
    await using mailscope = await startMailscope(folder.path, ['--data', ':memory:']);
    port = mailscope.ports[0]!;
  }
  await using sending = runMailscope(['send', '--sample', '--port', String(port)], folder.path);
  const { code, out, err } = await sending.ended;
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(/^mailscope: .+\n( {2}Why: .+\n)? {2}Do: {2}.+\n$/);
  expect(err).toContain(String(port));
});
