// Broken and hostile clients: each gets a clear reply, is recorded, and nobody else notices.
import { describe, expect, test } from 'vitest';
import { bytesOfSide, startTestSandbox } from '../support/sandbox.ts';

const kinds = (session: { anomalyList: { kind: string }[] }): string[] =>
  session.anomalyList.map(({ kind }) => kind);

test('a line of 20 MB is refused without being kept in memory, and the session goes on', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  const piece = Buffer.alloc(1024 * 1024, 'a');
  for (let turn = 0; turn < 20; turn++) wire.send(piece);
  expect(await wire.say('')).toMatch(/^500 5\.5\.2 Line too long/);
  expect(await wire.say('NOOP')).toMatch(/^250 /);
  wire.end();
  expect(kinds(await sandbox.closedSession())).toContain('overlong-command');
});

test('the beginning of a line that has no end is on record while it comes, and not held back for its end', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  wire.send(Buffer.alloc(1024 * 1024, 'a'));
  const seen = async (): Promise<number> => {
    const { items } = await sandbox.client.listSessions();
    return bytesOfSide(await sandbox.lines(items[0]!.id), 'client').length;
  };
  await expect.poll(seen).toBeGreaterThanOrEqual(64 * 1024);
  expect(await wire.say('')).toMatch(/^500 5\.5\.2 Line too long/);
});

test('a message line of 20 MB is stored whole and noted', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  const accepted = await wire.mail(
    Buffer.concat([Buffer.from('Subject: long\r\n\r\n'), Buffer.alloc(20_000_000, 'a'), Buffer.from('\r\n')]),
  );
  const id = /m_\w+/.exec(accepted)![0];
  expect((await sandbox.client.readMessage({ params: { id } })).size).toBe(20_000_019);
  wire.end();
  expect(kinds(await sandbox.closedSession())).toContain('overlong-line');
});

test('every control character in a command is refused with 501 and never reaches the envelope', async () => {
  await using sandbox = await startTestSandbox();
  for (const byte of [0x00, 0x01, 0x07, 0x08, 0x0b, 0x0d, 0x1b, 0x7f]) {
    await using wire = await sandbox.wire();
    const raw = String.fromCharCode(byte);
    await wire.reply();
    expect(await wire.say(`EHLO a${raw}b`)).toMatch(/^501 /);
    expect(await wire.say('EHLO client.test')).toMatch(/^250/);
    expect(await wire.say(`MAIL FROM:<a${raw}b@x.test>`)).toMatch(/^501 /);
    expect(await wire.say('MAIL FROM:<a@x.test>')).toMatch(/^250 /);
    expect(await wire.say(`RCPT TO:<a${raw}b@x.test>`)).toMatch(/^501 /);
    expect(await wire.quit()).toMatch(/^221 /);
  }
  const sessions = await sandbox.closedSessions(8);
  expect(
    sessions.every((session) =>
      session.transactions.every(({ recipients }) => recipients.every(({ reply }) => reply?.code === 501)),
    ),
  ).toBe(true);
});

test('random bytes end in a recorded session and the next client is served', async () => {
  await using sandbox = await startTestSandbox();
  let seed = 42;
  const random = (): number => (seed = (seed * 1103515245 + 12345) % 2147483648);
  for (let turn = 0; turn < 30; turn++) {
    await using wire = await sandbox.wire(turn % 3);
    wire.send(Buffer.from(Array.from({ length: 1 + (random() % 3000) }, () => random() % 256)));
    wire.end();
    await wire.closed().catch(() => {});
  }
  const sessions = await sandbox.closedSessions(30);
  expect(sessions).toHaveLength(30);
  await using wire = await sandbox.wire();
  await wire.hello();
  expect(await wire.mail()).toMatch(/^250 /);
});

test('an aborted message is not stored; its bytes and its envelope stay in the session', async () => {
  await using sandbox = await startTestSandbox();
  for (const how of ['end', 'reset'] as const) {
    await using wire = await sandbox.wire();
    await wire.hello();
    await wire.say('MAIL FROM:<ann@example.test>');
    await wire.say('RCPT TO:<bob@example.test>');
    await wire.say('DATA');
    wire.send('Subject: half\r\n\r\n..half a line\r\n.');
    await expect.poll(async () => (await sandbox.client.listSessions({})).items[0]?.outcome).toBe('open');
    if (how === 'end') wire.end();
    else wire.reset();
  }
  const [ended, reset] = await sandbox.closedSessions(2);
  expect((await sandbox.client.listMessages({})).items).toEqual([]);
  for (const session of [ended!, reset!]) {
    expect(session.outcome).toBe('aborted');
    expect(session.transactions[0]).toMatchObject({ outcome: 'aborted', messageId: null });
    expect(session.transactions[0]!.recipients[0]!.address).toBe('bob@example.test');
  }
  expect(ended!.ended).toMatchObject({ by: 'client', how: 'fin' });
  const shown = bytesOfSide(await sandbox.lines(ended!.id), 'client').toString();
  expect(shown.endsWith('DATA\r\nSubject: half\r\n\r\n..half a line\r\n.')).toBe(true);
});

test('who does not finish a line, or says nothing, is told so and let go', async () => {
  await using sandbox = await startTestSandbox(
    {},
    { limits: { partialLineMs: 700, idleMs: 1400, silentTlsMs: 700, handshakeMs: 1000 } },
  );
  const halfALine = async (): Promise<void> => {
    await using half = await sandbox.wire();
    await half.reply();
    half.send('EHLO unfin');
    expect(await half.reply()).toMatch(/^421 4\.4\.2 /);
  };
  const nothing = async (): Promise<void> => {
    await using idle = await sandbox.wire();
    await idle.hello();
    expect(await idle.reply()).toMatch(/^421 4\.4\.2 /);
  };
  const halfAMessage = async (): Promise<void> => {
    await using data = await sandbox.wire();
    await data.hello();
    await data.say('MAIL FROM:<a@b.test>');
    await data.say('RCPT TO:<c@d.test>');
    await data.say('DATA');
    data.send('no end of this line');
    expect(await data.reply()).toMatch(/^421 4\.4\.2 /);
  };
  const noTls = async (): Promise<void> => {
    await using silent = await sandbox.wire(2);
    expect(await silent.reply()).toMatch(/^421 4\.7\.0 .*TLS from the first byte.*port \d+/);
  };
  const halfAHello = async (): Promise<void> => {
    await using stalled = await sandbox.wire(2);
    stalled.send(Buffer.from('160301', 'hex'));
    await stalled.closed();
  };
  await Promise.all([halfALine(), nothing(), halfAMessage(), noTls(), halfAHello()]);
  const sessions = await sandbox.closedSessions(5);
  expect(sessions.map(({ ended }) => ended?.how)).toEqual(Array(5).fill('timeout'));
  // That of half a ClientHello.
  expect(sessions.find(({ bytesIn }) => bytesIn === 3)).toMatchObject({ outcome: 'tls-failed' });
});

describe('what does not speak SMTP', () => {
  test('an HTTP request is answered 421 at its first line and its headers are no commands', async () => {
    await using sandbox = await startTestSandbox();
    await using wire = await sandbox.wire();
    await wire.reply();
    expect(await wire.say('POST / HTTP/1.1\r\nHost: localhost\r\n\r\nMAIL FROM:<a@b.test>')).toMatch(
      /^421 4\.7\.0 .*HTTP.*http:\/\//,
    );
    await wire.closed();
    wire.end();
    const session = await sandbox.closedSession();
    expect(kinds(session)).toContain('http-on-smtp-port');
    expect(session.commands).toBe(1);
  });
  test.each([1, 1000, 3000, 13_000, 100_000])(
    'an HTTP request with a path of %i bytes says no command behind it',
    async (length) => {
      await using sandbox = await startTestSandbox();
      await using wire = await sandbox.wire();
      await wire.reply();
      const mail = 'EHLO a\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\nhi\r\n.\r\n';
      expect(
        await wire.say(`POST /${'a'.repeat(length - 1)} HTTP/1.1\r\nHost: localhost\r\n\r\n${mail}`),
      ).toMatch(/^421 4\.7\.0 .*HTTP/);
      await wire.closed();
      wire.end();
      const session = await sandbox.closedSession();
      expect(kinds(session)).toContain('http-on-smtp-port');
      expect(session.messages).toBe(0);
    },
  );
  test('a ClientHello on a plain port is recognised, read and explained', async () => {
    await using sandbox = await startTestSandbox();
    await using wire = await sandbox.wire();
    await wire.reply();
    await expect(wire.secure({ servername: 'mail.example.test' })).rejects.toThrow();
    const session = await sandbox.closedSession();
    expect(session.outcome).toBe('tls-failed');
    expect(session.handshakes[0]).toMatchObject({ mode: 'unexpected', ok: false, sni: 'mail.example.test' });
    expect(session.handshakes[0]!.clientHello!.versions).toContain('TLSv1.3');
    expect(session.handshakes[0]!.failure!.text).toMatch(/plain SMTP/);
  });
  test('SMTP in clear on the TLS port gets an explanation in clear', async () => {
    await using sandbox = await startTestSandbox();
    await using wire = await sandbox.wire(2);
    expect(await wire.say('EHLO client.test')).toMatch(
      /^421 4\.7\.0 This port expects TLS from the first byte.*port \d+/,
    );
    await wire.closed();
    wire.end();
    const session = await sandbox.closedSession();
    expect(session.outcome).toBe('tls-failed');
    expect(kinds(session)).toContain('plaintext-on-tls-port');
  });
});

describe('STARTTLS injection (CVE-2011-0411)', () => {
  for (const injected of ['MAIL FROM:<evil@x.test>\r\nRCPT TO:<evil@x.test>\r\n', 'NOOP inj']) {
    test(`${JSON.stringify(injected)} behind STARTTLS is discarded, recorded, and forgotten inside TLS`, async () => {
      await using sandbox = await startTestSandbox();
      await using wire = await sandbox.wire(1);
      await wire.hello();
      expect(await wire.say(`STARTTLS\r\n${injected}`.replace(/\r\n$/, ''))).toMatch(/^220 /);
      await wire.secure();
      expect(await wire.say('EHLO client.test')).toMatch(/^250-/);
      expect(await wire.say('DATA')).toMatch(/^503 /);
      wire.end();
      const session = await sandbox.closedSession();
      expect(kinds(session)).toContain('plaintext-after-starttls');
    });
  }
  test('arguments, a second STARTTLS and STARTTLS where it is not offered are refused', async () => {
    await using sandbox = await startTestSandbox();
    await using wire = await sandbox.wire(1);
    await wire.hello();
    expect(await wire.say('STARTTLS now')).toMatch(/^501 /);
    await wire.say('STARTTLS');
    await wire.secure();
    await wire.say('EHLO client.test');
    expect(await wire.say('STARTTLS')).toMatch(/^503 /);
    await using plain = await sandbox.wire(0);
    await plain.hello();
    expect(await plain.say('STARTTLS')).toMatch(/^502 .*port \d+/);
  });
});

describe('smuggling', () => {
  const ambiguous = [
    '\n.\n',
    '\n.\r',
    '\r.\n',
    '\r.\r',
    '\n.\r\n',
    '\r.\r\n',
    '\r\n.\n',
    '\r\n.\r',
    '\r\n\0.\r\n',
    '\r\n.\0\r\n',
    '\r\n.\r\r\n',
  ];
  for (const sequence of ambiguous) {
    test(`${JSON.stringify(sequence)} does not end the message, wherever the segments are cut`, async () => {
      await using sandbox = await startTestSandbox();
      const smuggled = `Subject: one${sequence}MAIL FROM:<evil@x.test>\r\nRCPT TO:<evil@x.test>\r\nDATA\r\nSubject: two\r\n\r\nx\r\n`;
      const wireBytes = Buffer.from(`${smuggled}.\r\n`, 'latin1');
      const start = Buffer.byteLength('Subject: one', 'latin1');
      const kept = sequence === '\r\n.\0\r\n' ? smuggled.replace('\r\n.\0', '\r\n\0') : smuggled;
      for (let cut = start; cut <= start + sequence.length + 1; cut++) {
        await using wire = await sandbox.wire();
        await wire.hello();
        await wire.say('MAIL FROM:<a@b.test>');
        await wire.say('RCPT TO:<c@d.test>');
        await wire.say('DATA');
        wire.send(wireBytes.subarray(0, cut));
        await new Promise((resolve) => setImmediate(resolve));
        wire.send(wireBytes.subarray(cut));
        const id = /m_\w+/.exec(await wire.reply())![0];
        const raw = Buffer.from(await (await fetch(`${sandbox.url}/api/messages/${id}/raw`)).arrayBuffer());
        expect(raw.toString('latin1')).toBe(kept);
        expect(await wire.quit()).toMatch(/^221 /);
      }
      expect((await sandbox.client.listMessages({})).items).toHaveLength(sequence.length + 2);
    });
  }
});
