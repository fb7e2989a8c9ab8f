// A reset that comes together with the last bytes is told as a reset, not as an end: Node itself gives both alike.
import { expect, test } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';
import type { Wire } from '../support/wire.ts';

const mail = ['MAIL FROM:<a@b.test>', 'RCPT TO:<c@d.test>'];

const says =
  (...commands: string[]) =>
  async (wire: Wire): Promise<void> => {
    await wire.hello();
    for (const command of commands) await wire.say(command);
  };

test.each([
  ['a command', says(), 'NOOP\r\n'],
  ['half a command', says(), 'MAIL FROM:<a@b'],
  ['a message that is not whole', says(...mail, 'DATA'), 'Subject: half\r\n'],
  ['a chunk that is not whole', says(...mail), 'BDAT 100\r\nhalf'],
  ['half a response to AUTH', says('AUTH LOGIN'), 'YW5'],
])('%s and a reset at once', async (_what, prepare, last) => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await prepare(wire);
  wire.send(last);
  wire.reset();
  const session = await sandbox.closedSession();
  expect(session.ended).toMatchObject({ by: 'client', how: 'rst' });
  expect(session.ended!.text).toMatch(/^The client reset the connection \(RST\) /);
  expect(session.anomalyList.filter(({ kind }) => kind === 'no-quit')).toEqual([]);
});

test('a command inside TLS and a reset at once', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire(1);
  await wire.hello();
  await wire.say('STARTTLS');
  await wire.secure();
  await wire.say('EHLO client.test');
  wire.send('MAIL FROM:<a@b');
  wire.reset();
  expect((await sandbox.closedSession()).ended).toMatchObject({ by: 'client', how: 'rst' });
});

test('half a ClientHello and a reset at once', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire(1);
  await wire.hello();
  await wire.say('STARTTLS');
  wire.send(Buffer.from('1603010200010001fc0303', 'hex'));
  wire.reset();
  const session = await sandbox.closedSession();
  expect(session.outcome).toBe('tls-failed');
  expect(session.ended!.text).toMatch(
    /^The client reset the TCP connection \(ECONNRESET\) in the middle of /,
  );
});

test('a command and an end at once stay an end', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  wire.send('MAIL FROM:<a@b');
  wire.end();
  expect((await sandbox.closedSession()).ended).toMatchObject({ by: 'client', how: 'fin' });
});
