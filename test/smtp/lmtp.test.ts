// LMTP (RFC 2033): one reply for each recipient where a message ends, and nowhere else.
import { expect, test } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import type { Wire } from '../support/wire.ts';

const start = (): Promise<TestSandbox> =>
  startTestSandbox({ maxSize: '1000', listen: ['lmtp://127.0.0.1:0?name=lmtp'] });

async function openTransaction(sandbox: TestSandbox, to: Buffer[], params = ''): Promise<Wire> {
  const wire = await sandbox.wire(3);
  await wire.reply();
  await wire.say('LHLO client.test');
  expect(await wire.say(`MAIL FROM:<ann@example.test>${params}`)).toMatch(/^250 /);
  for (const address of to) {
    wire.send(Buffer.concat([Buffer.from('RCPT TO:<'), address, Buffer.from('>\r\n')]));
    expect(await wire.reply()).toMatch(/^250 /);
  }
  return wire;
}
const three = ['one', 'two', 'three'].map((name) => Buffer.from(`${name}@d.test`));

test('a chunk over the limit that is not the last has one reply, the last has one for each recipient', async () => {
  await using sandbox = await start();
  await using wire = await openTransaction(sandbox, three);
  wire.send(`BDAT 1100\r\n${'x'.repeat(1100)}`);
  expect(await wire.reply()).toMatch(/^552 5\.3\.4 [^<]*$/);
  // Whatever came in between would be read here.
  expect(await wire.say('NOOP')).toMatch(/^250 /);
  expect(await wire.say('BDAT 0 LAST')).toMatch(/^503 /);
  await using other = await openTransaction(sandbox, three);
  other.send(`BDAT 1100 LAST\r\n${'x'.repeat(1100)}`);
  for (const to of three)
    expect(await other.reply()).toMatch(new RegExp(`^552 5\\.3\\.4 .*<${to.toString()}>`));
  expect(await other.say('NOOP')).toMatch(/^250 /);
});

test('a reply names a recipient within a line of 512 bytes, and in ASCII unless SMTPUTF8 was asked for', async () => {
  await using sandbox = await start();
  const long = Buffer.from(`${'a'.repeat(900)}@d.test`);
  const beyond = Buffer.from('jürgen@d.test');
  const cut = Buffer.from(`${'ü'.repeat(400)}@d.test`);
  for (const params of ['', ' SMTPUTF8']) {
    await using wire = await openTransaction(sandbox, [long, beyond, cut], params);
    await wire.say('DATA');
    wire.send('Subject: x\r\n\r\n');
    const said = [await wire.say('.'), await wire.reply(), await wire.reply()].map((text) =>
      Buffer.from(text, 'latin1'),
    );
    for (const bytes of said) expect(bytes.length).toBeLessThanOrEqual(512);
    const [first, second, third] = said.map((bytes) => bytes.toString());
    expect(first).toMatch(/^250 2\.0\.0 .* <a{400,}\.\.\.>\r\n$/);
    if (params === '') {
      expect(second).toMatch(/ <j\?rgen@d\.test>\r\n$/);
      expect(third).toMatch(/ <\?{400}@d\.test>\r\n$/);
    } else {
      expect(second).toMatch(/ <jürgen@d\.test>\r\n$/);
      expect(third).toMatch(/ <ü{200,}\.\.\.>\r\n$/);
    }
  }
});
