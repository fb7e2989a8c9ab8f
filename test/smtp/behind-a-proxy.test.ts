// A listener that expects a PROXY protocol header, in clear and before TLS.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { bytesOfSide, startTestSandbox } from '../support/sandbox.ts';

const flags = {
  listen: ['smtp://127.0.0.1:0?proxy=true&name=proxied', 'smtps://127.0.0.1:0?proxy=true&name=proxied-tls'],
};

test('the header comes before the ClientHello, in one segment or byte by byte', async () => {
  await using sandbox = await startTestSandbox(flags);
  for (const cut of [false, true]) {
    await using wire = await sandbox.wire(4);
    const header = 'PROXY TCP4 192.0.2.7 192.0.2.1 4711 465\r\n';
    for (const piece of cut ? header : [header]) {
      wire.send(piece);
      if (cut) await nextTurn();
    }
    await wire.secure();
    await wire.hello();
    expect(await wire.mail()).toMatch(/^250 /);
    wire.end();
  }
  for (const session of await sandbox.closedSessions(2)) {
    expect(session.outcome).toBe('captured');
    expect(session.peer).toEqual({ address: '192.0.2.7', port: 4711 });
  }
});

test('who leaves before the header left on its own, and is told what was waited for', async () => {
  await using sandbox = await startTestSandbox(flags);
  for (const sent of ['', 'PROXY TCP4 192']) {
    await using wire = await sandbox.wire(3);
    if (sent) wire.send(sent);
    wire.end();
    await wire.closed();
  }
  const sessions = await sandbox.closedSessions(2);
  for (const { ended } of sessions)
    expect(ended).toMatchObject({
      by: 'client',
      how: 'fin',
      text: 'The client closed the connection without QUIT before a whole PROXY protocol header had come, which this listener expects (proxy=true).',
    });
  const [, begun] = sessions;
  expect(bytesOfSide(await sandbox.lines(begun!.id), 'client').toString()).toBe('PROXY TCP4 192');
});

test('who waits for the greeting instead of sending the header is told that one is expected', async () => {
  await using sandbox = await startTestSandbox(flags, { limits: { partialLineMs: 50 } });
  await using wire = await sandbox.wire(3);
  expect(await wire.reply()).toBe('421 4.3.2 A PROXY protocol header was expected on this port\r\n');
  await wire.closed();
  expect(await sandbox.closedSession()).toMatchObject({
    outcome: 'timed-out',
    ended: {
      by: 'server',
      how: 'timeout',
      text: 'No whole PROXY protocol header came within 0.05 s, which this listener expects (proxy=true).',
    },
  });
});
