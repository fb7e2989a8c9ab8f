// The bytes behind a BDAT command are those of a message and never commands, whatever refuses it (RFC 3030 2).
import { expect, test } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';

const inChunk = 'MAIL FROM:<smuggled@example.test>\r\n';

test('a chunk that comes before the TLS that is required is refused, and its bytes are not carried out', async () => {
  await using sandbox = await startTestSandbox({ listen: ['smtp://127.0.0.1:0?tls=required'] });
  await using wire = await sandbox.wire(3);
  await wire.hello();
  wire.send(`BDAT ${inChunk.length} LAST\r\n${inChunk}NOOP\r\n`);
  expect(await wire.reply()).toBe('530 5.7.0 Must issue a STARTTLS command first\r\n');
  expect(await wire.reply()).toMatch(/^250 /);
  wire.end();
  const session = await sandbox.closedSession();
  expect(session.refusal).toEqual({ command: 'BDAT', code: 530, enhanced: '5.7.0' });
  expect(session.transactions).toEqual([]);
  const lines = await sandbox.lines(session.id);
  expect(lines.filter(({ kind }) => kind === 'data').map(({ bytes }) => bytes)).toEqual([inChunk.length]);
});

test.each([
  ['a control character', 'BDAT 35 LAST\x01'],
  ['more blanks than a command may have', `BDAT 35 LAST${' '.repeat(6000)}`],
  ['more blanks than any line may have', `BDAT 35 LAST${' '.repeat(20_000)}`],
])('BDAT with %s ends the session, since nothing behind it can be framed', async (_what, line) => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  for (const command of ['MAIL FROM:<a@b.test>', 'RCPT TO:<c@d.test>']) await wire.say(command);
  wire.send(`${line}\r\n${inChunk}`);
  expect(await wire.reply()).toMatch(/^50[01] 5\.5\.\d /);
  await wire.closed();
  wire.end();
  const session = await sandbox.closedSession();
  expect(session.transactions.map(({ from }) => from.address)).toEqual(['a@b.test']);
  expect(session.ended).toMatchObject({ by: 'server', how: 'error' });
});
