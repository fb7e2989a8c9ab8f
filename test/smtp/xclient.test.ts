// XCLIENT: another client stands for the one of the connection, with its own login or none.
import { expect, test } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';
import { simulate } from '../support/simulate.ts';

const flags = {
  listen: [
    'smtp://127.0.0.1:0?xclient=true&name=trusting',
    'smtp://127.0.0.1:0?xclient=true&auth=required&name=strict',
  ],
};
const login = 'AUTH PLAIN AGFubgBwdw==';

test('it gives the session another client, who says EHLO and logs in on its own', async () => {
  await using sandbox = await startTestSandbox(flags);
  await using wire = await sandbox.wire(3);
  await wire.hello('proxy.test');
  expect(await wire.say('XCLIENT ADDR=192.0.2.9 PORT=[UNAVAILABLE]')).toMatch(/^220 /);
  expect(await wire.say('AUTH PLAIN AGFubgBwdw==')).toMatch(/^503 5\.5\.1 Say EHLO/);
  await wire.say('EHLO real.test');
  expect(await wire.say('AUTH PLAIN AGFubgBwdw==')).toMatch(/^235 /);
  expect(await wire.mail()).toMatch(/^250 /);
  wire.end();
  const session = await sandbox.closedSession();
  expect(session.peer).toEqual({ address: '192.0.2.9', port: 0 });
  expect(session).toMatchObject({ user: 'ann', outcome: 'captured' });
});

test('where a simulated failure keeps it out of the reply to EHLO it is not taken', async () => {
  await using sandbox = await startTestSandbox(flags);
  await using _ = await simulate(sandbox, { stage: 'ehlo', without: ['XCLIENT'] });
  await using wire = await sandbox.wire(3);
  expect(await wire.hello()).not.toContain('XCLIENT');
  expect(await wire.say('XCLIENT ADDR=192.0.2.9')).toBe(
    '550 5.7.0 XCLIENT is not offered: the reply to EHLO did not have it\r\n',
  );
  wire.end();
  expect((await sandbox.closedSession()).peer.address).toBe('127.0.0.1');
});

test('EHLO has it as used, and one that was refused before counts no more', async () => {
  await using sandbox = await startTestSandbox(flags);
  await using wire = await sandbox.wire(3);
  await wire.hello();
  expect(await wire.say('XCLIENT ADDR=192.0.2.9 PORT=x')).toMatch(/^501 5\.5\.4 /);
  expect(await wire.say('XCLIENT ADDR=192.0.2.9')).toMatch(/^220 /);
  wire.end();
  const session = await sandbox.closedSession();
  const used = session.ehlo.flatMap(({ offered }) => offered.filter(({ used }) => used));
  expect(used.map(({ keyword }) => keyword)).toEqual(['XCLIENT']);
  expect(session).toMatchObject({ outcome: 'no-command', peer: { address: '192.0.2.9' } });
  expect(session.refusal).toBeUndefined();
});

test.each(['', '[UNAVAILABLE]', '[tempunavail]'])(
  'LOGIN=%s logs out, and the client may log in anew',
  async (none) => {
    await using sandbox = await startTestSandbox(flags);
    await using wire = await sandbox.wire(3);
    await wire.hello();
    expect(await wire.say('XCLIENT LOGIN=bob')).toMatch(/^220 /);
    expect(await wire.say('EHLO client.test')).not.toContain('AUTH');
    for (const turn of [1, 2]) {
      expect(await wire.say(`XCLIENT LOGIN=${none}`)).toMatch(/^220 /);
      expect(await wire.say('EHLO client.test')).toContain('AUTH');
      expect([turn, await wire.say(login)]).toEqual([turn, '235 2.7.0 Authentication successful\r\n']);
    }
    wire.end();
    const session = await sandbox.closedSession();
    expect(session.auth.map(({ ok, user }) => [ok, user])).toEqual([
      [true, 'ann'],
      [true, 'ann'],
    ]);
    expect(session.xclient).toEqual([{ LOGIN: 'bob' }, { LOGIN: none }, { LOGIN: none }]);
  },
);

test('where a login is required, mail is refused after a logout', async () => {
  await using sandbox = await startTestSandbox(flags);
  for (const out of ['LOGIN=[UNAVAILABLE]', 'LOGIN=', 'ADDR=192.0.2.9 LOGIN=[TEMPUNAVAIL]']) {
    await using wire = await sandbox.wire(4);
    await wire.hello();
    expect(await wire.say(login)).toMatch(/^235 /);
    expect(await wire.say(`XCLIENT ${out}`)).toMatch(/^220 /);
    await wire.say('EHLO client.test');
    expect([out, await wire.say('MAIL FROM:<a@b.test>')]).toEqual([
      out,
      expect.stringMatching(/^530 5\.7\.0 /),
    ]);
    expect(await wire.say(login)).toMatch(/^235 /);
    expect(await wire.mail()).toMatch(/^250 /);
  }
});

test('values are UTF-8 in xtext', async () => {
  await using sandbox = await startTestSandbox(flags);
  await using wire = await sandbox.wire(3);
  await wire.hello();
  expect(await wire.say('XCLIENT LOGIN=j+C3+BCrgen ADDR=IPV6:2001:db8::1 PORT=[UNAVAILABLE]')).toMatch(
    /^220 /,
  );
  await wire.say('EHLO client.test');
  expect(await wire.mail()).toMatch(/^250 /);
  wire.end();
  const session = await sandbox.closedSession();
  expect(session).toMatchObject({ user: 'jürgen', peer: { address: '2001:db8::1', port: 0 } });
  expect(session.xclient[0]).toMatchObject({ LOGIN: 'jürgen' });
});

test.each([
  ['PORT=99999', 'The value of PORT is no port'],
  ['PORT=abc', 'The value of PORT is no port'],
  ['PORT=-1', 'The value of PORT is no port'],
  ['PORT=', 'The value of PORT is no port'],
  ['ADDR=192.0.2.10', 'ADDR is given twice'],
  ['LOGIN=a LOGIN=', 'LOGIN is given twice'],
  ['LOGIN=j+FCrgen', 'The value of LOGIN is not UTF-8'],
  ['LOGIN=a+0Ab', 'The value of LOGIN is no user name'],
  [`LOGIN=${'x'.repeat(256)}`, 'The value of LOGIN is no user name'],
])('%s behind an ADDR is refused, and nothing is changed', async (attribute, problem) => {
  await using sandbox = await startTestSandbox(flags);
  await using wire = await sandbox.wire(3);
  await wire.hello();
  expect(await wire.say(`XCLIENT ADDR=192.0.2.9 ${attribute}`)).toBe(`501 5.5.4 XCLIENT: ${problem}\r\n`);
  expect(await wire.mail()).toMatch(/^250 /);
  wire.end();
  const session = await sandbox.closedSession();
  expect(session).toMatchObject({ xclient: [], user: null, peer: { address: '127.0.0.1' } });
});

test('where it is not offered it is refused, whatever is wrong with it', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  for (const attributes of ['LOGIN=ann', 'PORT=99999', 'LOGIN=a LOGIN=b'])
    expect(await wire.say(`XCLIENT ${attributes}`)).toMatch(/^550 /);
});

test('XFORWARD, which is not offered, is refused with the code of Postfix, and the reply says what can be', async () => {
  await using sandbox = await startTestSandbox({ xclient: true });
  await using wire = await sandbox.wire();
  await wire.hello();
  for (const command of ['XFORWARD NAME=spike.test ADDR=192.0.2.2', 'XFORWARD'])
    expect(await wire.say(command)).toMatch(
      /^550 5\.7\.0 XFORWARD is not offered; XCLIENT can be \(--xclient\)/,
    );
  expect(await wire.mail('Subject: Still\r\n\r\nx\r\n')).toMatch(/^250 /);
});
