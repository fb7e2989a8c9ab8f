// A client that gave up before it tried to send mail: the session says what it did not accept, or was refused.
import { expect, test } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';

test.each([
  ['starttls', 1],
  ['implicit', 2],
] as const)(
  'QUIT as the first word inside TLS (%s) may be the answer to the handshake, which its end says',
  async (mode, listener) => {
    await using sandbox = await startTestSandbox();
    await using wire = await sandbox.wire(listener);
    if (mode === 'starttls') {
      await wire.hello();
      expect(await wire.say('STARTTLS')).toMatch(/^220/);
    }
    await wire.secure({ servername: 'localhost' });
    if (mode === 'implicit') expect(await wire.reply()).toMatch(/^220/);
    expect(await wire.say('QUIT')).toMatch(/^221/);
    await wire.closed();
    const session = await sandbox.closedSession();
    const text = expect.stringMatching(
      /^The TLSv1\.3 handshake completed, but the client said QUIT at once; RFC 3207 4\.1 .*: name and dates fit, so check that it trusts the issuer "/,
    );
    // It may be no more than a check of the port, and is not called failed.
    expect(session).toMatchObject({
      outcome: 'no-command',
      handshakes: [{ mode, ok: true, failure: null }],
      ended: { by: 'client', how: 'quit', text },
    });
  },
);

test('QUIT behind an EHLO or NOOP inside TLS says nothing against the handshake', async () => {
  await using sandbox = await startTestSandbox();
  for (const command of ['EHLO client.test', 'NOOP']) {
    await using wire = await sandbox.wire(1);
    await wire.hello();
    await wire.say('STARTTLS');
    await wire.secure();
    expect(await wire.say(command)).toMatch(/^250/);
    await wire.say('QUIT');
    await wire.closed();
  }
  for (const session of await sandbox.closedSessions(2))
    expect(session).toMatchObject({ outcome: 'no-command', handshakes: [{ ok: true, failure: null }] });
});
