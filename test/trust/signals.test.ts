// A signal ends the program soon, in order, and without losing what a client was promised.
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { openWire } from '../support/wire.ts';
import { idIn, startMailscope, temporaryFolder } from '../process/mailscope.ts';
import { beginData, goingDown, isRefused, startTimed, untilHeard } from '../process/stopping.ts';

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s stops an idle Mailscope at once', async (signal) => {
  await using folder = await temporaryFolder();
  await using mailscope = await startTimed(folder.path);
  const { code, err, ms } = await mailscope.stop(signal);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(ms).toBeLessThan(mailscope.atOnceMs);
});

// They wait more than they work.
describe.concurrent('a signal', () => {
  test('in the middle of a message lets it finish, and it is stored', async () => {
    await using folder = await temporaryFolder();
    const parts = ['Subject: slow\r\n\r\n', ...Array.from({ length: 8 }, (_, n) => `line ${n}\r\n`)];
    let id: string;
    {
      await using mailscope = await startTimed(folder.path);
      await using wire = await beginData(mailscope, parts[0]!);
      const ended = mailscope.stop();
      await untilHeard(mailscope);
      for (const part of parts.slice(1)) {
        wire.send(part);
        // A connection that is refused takes its time: the message comes in pieces.
        expect(await isRefused(mailscope.ports[0]!)).toBe(true);
      }
      id = idIn(await wire.say('.'));
      expect(await wire.reply()).toMatch(goingDown);
      // Though the client leaves its side open.
      const { code, ms, err } = await ended;
      await wire.closed();
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(ms).toBeLessThan(mailscope.atOnceMs);
    }
    await using again = await startMailscope(folder.path);
    const raw = await again.client.readRaw({ params: { id } });
    expect(Buffer.from(raw).toString()).toBe(parts.join(''));
    const [session] = await again.closedSessions(1);
    expect(session).toMatchObject({ outcome: 'captured', ended: { by: 'server', how: 'shutdown' } });
  });

  test('cuts a message that does not end after 10 s, and does not store it', async () => {
    await using folder = await temporaryFolder();
    {
      await using mailscope = await startTimed(folder.path);
      await using wire = await beginData(mailscope, 'Subject: endless\r\n\r\n');
      const { code, ms } = await mailscope.stop();
      expect(code).toBe(0);
      expect(ms).toBeGreaterThan(9000);
      expect(ms).toBeLessThan(mailscope.drainedMs);
      await wire.closed().catch(() => {});
    }
    await using again = await startMailscope(folder.path);
    expect((await again.client.listMessages()).items).toEqual([]);
    const [session] = await again.closedSessions(1);
    expect(session).toMatchObject({ outcome: 'aborted', messages: 0 });
    expect(session!.transactions).toMatchObject([{ outcome: 'aborted', messageId: null }]);
  });

  // A handshake record whose ClientHello has 256 bytes, of which only the first come.
  const halfHello = Buffer.from('1603010100010000fc0303', 'hex');
  test.each([
    ['before the first byte of TLS', 2, Buffer.alloc(0)],
    ['in the middle of an implicit TLS handshake', 2, halfHello],
    ['in the middle of a TLS handshake after STARTTLS', 1, halfHello],
  ] as const)('%s stops it at once', async (_, listener, bytes) => {
    await using folder = await temporaryFolder();
    await using mailscope = await startTimed(folder.path);
    await using wire = await mailscope.wire(listener);
    if (listener === 1) {
      await wire.hello();
      expect(await wire.say('STARTTLS')).toMatch(/^220 /);
    }
    if (bytes.length > 0) wire.send(bytes);
    // The session is there, so the server has seen what was sent before.
    while ((await mailscope.client.readStatus()).openSessions === 0);
    const { code, ms, err } = await mailscope.stop();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(ms).toBeLessThan(mailscope.atOnceMs);
  });

  test('with 100 idle sessions tells each of them, and all are kept', async () => {
    await using folder = await temporaryFolder();
    {
      await using mailscope = await startTimed(folder.path);
      const wires = await Promise.all(
        Array.from({ length: 100 }, (_, n) =>
          n % 5 === 4 ? openWire(mailscope.ports[2]!, { tls: {} }) : mailscope.wire(n % 2),
        ),
      );
      await Promise.all(wires.map((wire) => wire.hello()));
      const ended = mailscope.stop();
      for (const said of await Promise.all(wires.map((wire) => wire.reply())))
        expect(said).toMatch(goingDown);
      wires.forEach((wire) => wire.end());
      const { code, ms, err } = await ended;
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(ms).toBeLessThan(mailscope.atOnceMs);
    }
    await using again = await startMailscope(folder.path);
    const sessions = await again.closedSessions(100);
    expect(sessions).toHaveLength(100);
    expect(new Set(sessions.map(({ ended }) => ended?.how))).toEqual(new Set(['shutdown']));
    expect(new Set(sessions.map(({ outcome }) => outcome))).toEqual(new Set(['no-command']));
  });

  test('that comes a second time ends it at once', async () => {
    await using folder = await temporaryFolder();
    await using mailscope = await startTimed(folder.path);
    await using wire = await beginData(mailscope, 'Subject: endless\r\n\r\n');
    const ended = mailscope.stop();
    await untilHeard(mailscope);
    mailscope.child.kill('SIGTERM');
    const { code, ms } = await ended;
    expect(code).toBe(143);
    expect(ms).toBeLessThan(mailscope.atOnceMs);
    await wire.closed().catch(() => {});
  });

  test('frees its ports and its folder, so that the next one can start on both', async () => {
    await using folder = await temporaryFolder();
    let port: string;
    {
      await using mailscope = await startTimed(folder.path);
      port = String(mailscope.ports[0]);
      await using wire = await mailscope.wire();
      await wire.hello();
      const ended = mailscope.stop();
      wire.socket.resume();
      await once(wire.socket, 'end');
      wire.end();
      await ended;
    }
    await using again = await startMailscope(folder.path, ['--smtp-port', port]);
    expect(String(again.ports[0])).toBe(port);
  });
});
