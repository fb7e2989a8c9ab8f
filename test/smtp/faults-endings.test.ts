// Failures that are simulated with a delay or an end of the connection.
import { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { simulate } from '../support/simulate.ts';
import type { Session } from '../../shared/session.ts';
import { openWire, type Wire } from '../support/wire.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox[Symbol.asyncDispose]());

let count = 0;
const closed = async (): Promise<Session> => (await sandbox.closedSessions(++count)).at(-1)!;

const stages = ['connect', 'ehlo', 'mail', 'rcpt', 'data', 'message', 'stored', 'quit'] as const;

/** Speaks until the answer to that stage is due. */
async function speakTo(stage: (typeof stages)[number] | 'auth' | 'starttls', listener = 0) {
  const wire = listener === 2 ? await openWire(sandbox.ports[2]!, { tls: {} }) : await sandbox.wire(listener);
  const say: [string, string][] = [
    ['ehlo', 'EHLO client.test'],
    ['mail', 'MAIL FROM:<ann@a.test>'],
    ['rcpt', 'RCPT TO:<bob@b.test>'],
    ['data', 'DATA'],
    ['message', 'Subject: x\r\n\r\nx\r\n.'],
  ];
  const way: Record<string, string[]> = {
    stored: ['ehlo', 'mail', 'rcpt', 'data', 'message'],
    quit: ['ehlo', 'QUIT'],
    auth: ['ehlo', 'AUTH PLAIN AGFubgBzZWNyZXQ='],
    starttls: ['ehlo', 'STARTTLS'],
  };
  const names = say.map(([name]) => name);
  const steps = way[stage] ?? names.slice(0, names.indexOf(stage) + 1);
  if (stage === 'connect') return wire;
  await wire.reply();
  for (const [index, name] of steps.entries()) {
    const line = say.find(([known]) => known === name)?.[1] ?? name;
    if (index === steps.length - 1) wire.send(`${line}\r\n`);
    else await wire.say(line);
  }
  return wire;
}

describe('an end of the connection without a reply', () => {
  test.each([...stages, 'auth', 'starttls'] as const)('at %s: close is a FIN', async (stage) => {
    await using _ = await simulate(sandbox, { name: 'drop', stage, then: 'close' });
    await using wire = await speakTo(stage, stage === 'starttls' ? 1 : 0);
    await wire.closed();
    const session = await closed();
    expect(session).toMatchObject({
      outcome: stage === 'stored' ? 'captured' : 'refused',
      faults: 1,
      ended: { by: 'server', how: 'fault', text: 'The simulated failure "drop" closed the connection.' },
    });
    expect(session.messages).toBe(stage === 'stored' ? 1 : 0);
    const lines = await sandbox.lines(session.id);
    const replies = lines.filter(({ kind, more }) => kind === 'reply' && !more);
    expect(replies).toHaveLength(lines.filter(({ kind }) => kind === 'command' || kind === 'data').length);
  });

  test.each([
    ['rcpt', 0],
    ['stored', 2],
    ['ehlo', 2],
  ] as const)('at %s on listener %i: reset is an RST, also under TLS', async (stage, listener) => {
    await using _ = await simulate(sandbox, { stage, then: 'reset' });
    await using wire = await speakTo(stage, listener);
    await expect(wire.reply()).rejects.toThrow('ECONNRESET');
    expect((await closed()).ended).toMatchObject({
      by: 'server',
      how: 'fault',
      text: 'A simulated failure reset the connection.',
    });
  });

  test('a reply comes before the reset, also under TLS', async () => {
    await using _ = await simulate(sandbox, {
      stage: 'rcpt',
      reply: { code: 421, text: 'Bye' },
      then: 'reset',
    });
    for (const listener of [0, 2]) {
      await using wire = await speakTo('rcpt', listener);
      expect(await wire.reply()).toBe('421 Bye\r\n');
      const session = await closed();
      expect(session.transactions[0]!.recipients).toMatchObject([{ reply: { code: 421, text: 'Bye' } }]);
    }
  });

  test('with hang nothing is answered until the client leaves, and what it sends is in the record', async () => {
    await using _ = await simulate(sandbox, { name: 'silence', stage: 'mail', then: 'hang' });
    await using wire = await speakTo('mail');
    wire.send('RCPT TO:<bob@b.test>\r\n');
    const running = (await sandbox.client.listSessions({ query: {} })).items[0]!;
    expect(running.outcome).toBe('open');
    wire.end();
    const session = await closed();
    expect(session.ended).toMatchObject({ by: 'client', how: 'fault' });
    expect(session.ended!.text).toMatch(
      /^The simulated failure "silence" answered nothing any more, and the client closed the connection after [\d.]+ s\.$/,
    );
    expect(session.outcome).toBe('refused');
    const lines = await sandbox.lines(session.id);
    const raw = lines.find(({ kind }) => kind === 'raw')!;
    expect(raw.text).toBe('sent while nothing was answered, not carried out');
    expect(raw.bytes).toBe(22);
    expect(session.transactions).toMatchObject([{ outcome: 'aborted', from: { address: 'ann@a.test' } }]);
  });

  test('a secret that is sent into the silence is masked', async () => {
    await using _ = await simulate(sandbox, { stage: 'auth', then: 'hang' });
    await using wire = await speakTo('auth');
    wire.send('AGFubgBzZWNyZXQ=\r\n');
    wire.end();
    const lines = await sandbox.lines((await closed()).id);
    expect(JSON.stringify(lines)).not.toMatch(/AGFubgBzZWNyZXQ|YBzZWNyZXQ/);
    const raw = lines.find(({ kind }) => kind === 'raw');
    expect(Buffer.from(raw?.base64 ?? '', 'base64').toString()).not.toContain('AGFub');
  });
});

describe('a delay', () => {
  test.each([...stages, 'auth', 'starttls'] as const)('at %s all goes on behind it', async (stage) => {
    await using _ = await simulate(sandbox, { stage, delay: '50ms' as never });
    const startedMs = performance.now();
    await using wire = await speakTo(stage, stage === 'starttls' ? 1 : 0);
    expect(await wire.reply()).toMatch(/^[23]/);
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(49);
    wire.end();
    expect(await closed()).toMatchObject({ faults: 1 });
  });

  test('is not taken for a client that says nothing', async () => {
    await using own = await startTestSandbox({}, { limits: { idleMs: 60 } });
    await simulate(own, { stage: 'mail', delay: '300ms' as never });
    await using wire = await own.wire();
    wire.send('EHLO client.test\r\nMAIL FROM:<ann@a.test>\r\n');
    const replies = [await wire.reply(), await wire.reply(), await wire.reply()];
    expect(replies.map((reply) => reply.slice(0, 3))).toEqual(['220', '250', '250']);
  });

  test('is over when the client leaves, and the session says that it did not wait', async () => {
    await using _ = await simulate(sandbox, { name: 'slow', stage: 'rcpt', delay: '10m' as never });
    await using wire = await speakTo('rcpt');
    await sandbox.client.listSessions({ query: {} });
    wire.end();
    const session = await closed();
    expect(session.ended).toMatchObject({ by: 'client', how: 'fin' });
    expect(session.ended!.text).toMatch(
      /without QUIT in the middle of mail 1, after RCPT, [\d.]+ s into the 600 s for which the simulated failure "slow" had it wait\.$/,
    );
  });

  test.each([
    ['a delay', { delay: '10m' as never }],
    ['a hang', { then: 'hang' }],
  ] as const)('%s does not hold up who shuts down: the client gets 421 at once', async (_name, what) => {
    const own = await startTestSandbox();
    await simulate(own, { stage: 'mail', ...what });
    await simulate(own, { stage: 'tls', ...what });
    await using wire = await own.wire();
    await wire.hello();
    wire.send('MAIL FROM:<ann@a.test>\r\n');
    const secured = connectTls({ port: own.ports[2]!, host: '127.0.0.1', rejectUnauthorized: false });
    secured.on('error', () => {});
    const ended = new Promise((resolve) => secured.once('close', resolve));
    await expect
      .poll(async () => (await own.client.listFaults({})).items.map(({ applied }) => applied))
      .toEqual([1, 1]);
    await own[Symbol.asyncDispose]();
    expect(await wire.reply()).toMatch(/^421 4\.3\.2 /);
    await ended;
  });
});

describe('within the TLS handshake', () => {
  /** The first bytes of a TLS client. */
  const clientHello = (): Promise<Buffer> =>
    new Promise((resolve) => {
      const sink = new Duplex({ read() {}, write: (bytes: Buffer) => resolve(bytes) });
      connectTls({ socket: sink, servername: 'mail.test' }).on('error', () => {});
    });

  /** A connection that has sent its ClientHello. */
  async function begin(listener: 1 | 2): Promise<Wire> {
    const wire = await sandbox.wire(listener);
    if (listener === 1) {
      await wire.hello();
      await wire.say('STARTTLS');
    }
    wire.send(await clientHello());
    return wire;
  }

  test.each([
    [1, 'close', 'closed', 'the server closed'],
    [2, 'close', 'closed', 'the server closed'],
    [1, 'reset', 'reset', 'ECONNRESET'],
    [2, 'reset', 'reset', 'ECONNRESET'],
  ] as const)('on listener %i: %s, once the ClientHello has come', async (listener, then, did, seen) => {
    await using _ = await simulate(sandbox, { name: 'no tls', stage: 'tls', then });
    await using wire = await begin(listener);
    await expect(wire.reply()).rejects.toThrow(seen);
    const session = await closed();
    const text = `The simulated failure "no tls" ${did} the connection in the TLS handshake, right after the ClientHello.`;
    expect(session).toMatchObject({ outcome: 'tls-failed', ended: { by: 'server', how: 'fault', text } });
    expect(session.handshakes).toMatchObject([
      { ok: false, sni: 'mail.test', failure: { by: 'server', text, alert: null } },
    ]);
  });

  test.each([1, 2] as const)(
    'a delay on listener %i, behind which the handshake goes on',
    async (listener) => {
      await using _ = await simulate(sandbox, { stage: 'tls', delay: '50ms' as never });
      await using wire = await sandbox.wire(listener);
      if (listener === 1) {
        await wire.hello();
        await wire.say('STARTTLS');
      }
      await wire.secure();
      if (listener === 2) await wire.reply();
      await wire.say('EHLO client.test');
      await wire.quit();
      expect(await closed()).toMatchObject({ faults: 1, handshakes: [{ ok: true }] });
    },
  );

  test('with hang the client gives up', async () => {
    await using _ = await simulate(sandbox, { stage: 'tls', then: 'hang' });
    await using wire = await begin(2);
    await expect.poll(async () => (await sandbox.client.listFaults({})).items[0]?.applied).toBe(1);
    wire.end();
    const session = await closed();
    expect(session.ended).toMatchObject({ by: 'client', how: 'fault' });
    expect(session.handshakes[0]!.failure!.text).toMatch(
      /^A simulated failure answered nothing any more in the TLS handshake, right after the ClientHello, and the client (closed|reset) the connection after /,
    );
  });

  test('a malformed ClientHello is answered at once, as without a rule', async () => {
    const failures: unknown[] = [];
    const alerts: string[] = [];
    for (const isSimulated of [false, true]) {
      const rule = { stage: 'tls', then: 'close', when: { ip: '10.9.9.9' }, enabled: isSimulated } as const;
      await using _ = await simulate(sandbox, rule);
      await using wire = await sandbox.wire(2);
      wire.send(Buffer.from('16030100050100000100', 'hex'));
      await wire.closed();
      alerts.push(Buffer.concat(wire.received).toString('hex'));
      const session = await closed();
      failures.push([session.ended!.text, session.handshakes[0]!.failure]);
    }
    expect(alerts[0]).toMatch(/^15/);
    expect(alerts[1]).toBe(alerts[0]);
    expect(failures[1]).toEqual(failures[0]);
  });

  test('a client that sends no ClientHello is told what is told without a rule', async () => {
    await using _ = await simulate(sandbox, { stage: 'tls', then: 'close' });
    await using wire = await sandbox.wire(2);
    wire.send('EHLO client.test\r\n');
    expect(await wire.reply()).toMatch(/^421 4\.7\.0 This port expects TLS/);
    wire.end();
    const session = await closed();
    expect(session.faults).toBeUndefined();
  });
});
