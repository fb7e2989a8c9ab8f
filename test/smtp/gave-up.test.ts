// A client that gave up before it tried to send mail: the session says what it did not accept, or was refused.
import { expect, test } from 'vitest';
import { explainFailure } from '../../web/parts/connect/explain-failure.ts';
import { whatHappened } from '../../web/parts/session/what-happened.ts';
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
    expect(await wire.quit()).toMatch(/^221/);
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

test('a handshake on the port for TLS and nothing more may be the check of a load balancer, which its end says', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire(2);
  await wire.secure({ servername: 'localhost' });
  expect(await wire.reply()).toMatch(/^220/);
  wire.end();
  const { ended } = await sandbox.closedSession();
  expect(ended?.text).toMatch(
    /^The TLSv1\.3 handshake completed, but the client left before any SMTP command; clients that check the certificate only then do this when they do not accept it \(Node\.js .*\), and so do load balancers that check the port: name and dates fit/,
  );
});

test('QUIT behind an EHLO or NOOP inside TLS says nothing against the handshake', async () => {
  await using sandbox = await startTestSandbox();
  for (const command of ['EHLO client.test', 'NOOP']) {
    await using wire = await sandbox.wire(1);
    await wire.hello();
    await wire.say('STARTTLS');
    await wire.secure();
    expect(await wire.say(command)).toMatch(/^250/);
    await wire.quit();
  }
  for (const session of await sandbox.closedSessions(2))
    expect(session).toMatchObject({ outcome: 'no-command', handshakes: [{ ok: true, failure: null }] });
});

const lmtp = { listen: ['lmtp://127.0.0.1:0'] };
const lmtpRefusal = '500 5.5.1 \\(This is LMTP: say LHLO\\)';
const noXclient = '550 5.7.0 \\(XCLIENT is not offered on this port \\(--xclient\\)\\)';
const noTls = '502 5.5.1 \\(STARTTLS is not offered on this port; STARTTLS is offered on port \\d+\\)';

test.each([
  [['EHLO x.test', 'STARTTLS'], 'STARTTLS', noTls, 0, {}],
  [['EHLO x.test', 'STARTTLS', 'EHLO x.test', 'RSET'], 'STARTTLS', noTls, 0, {}],
  [['EHLO x.test', 'XCLIENT ADDR=192.0.2.9 NAME=[UNAVAILABLE]'], 'XCLIENT', noXclient, 0, {}],
  [['EHLO x.test', 'HELO x.test'], 'EHLO', lmtpRefusal, 3, lmtp],
  [['LHLO x.test', 'STARTTLS'], 'STARTTLS', '502 5.5.1 \\(STARTTLS is not offered on this port\\)', 3, lmtp],
  [['LHLO x.test'], 'LHLO', '500 5.5.1 \\(This is SMTP: say EHLO\\)', 0, {}],
] as const)(
  'a client that leaves after %j was refused, and it is said that %s was',
  async (commands, command, reply, listener, options) => {
    await using sandbox = await startTestSandbox(options);
    for (const quits of [true, false]) {
      await using wire = await sandbox.wire(listener);
      await wire.reply();
      for (const line of commands) await wire.say(line);
      if (quits) await wire.say('QUIT');
      wire.end();
      await wire.closed();
    }
    const [quit, closed] = await sandbox.closedSessions(2);
    for (const session of [quit!, closed!])
      expect(session).toMatchObject({
        outcome: 'refused',
        refusal: { command, enhanced: reply.slice(4, 9) },
      });
    expect(quit!.ended!.text).toMatch(
      new RegExp(`^The client said QUIT after ${command} was refused with ${reply}, and we closed`),
    );
    expect(closed!.ended!.text).toMatch(
      new RegExp(
        `^The client closed the connection without QUIT after ${command} was refused with ${reply}\\.$`,
      ),
    );
    expect(whatHappened(quit!)).toBe(`${command} was refused with ${reply.slice(0, 9)}; left with QUIT`);
  },
);

test('the advice for a client that insists on STARTTLS names the port that has it', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.say('STARTTLS');
  wire.end();
  const { listeners } = await sandbox.client.readStatus({});
  const failure = explainFailure(await sandbox.closedSession(), listeners);
  const { port } = listeners.find(({ name }) => name === 'submission')!;
  expect(failure).toMatchObject({
    title: 'STARTTLS was refused with 502',
    reason: expect.stringContaining('STARTTLS is not offered on this port'),
    advice: `This port has no STARTTLS: use port ${port} (submission), or turn TLS off in the client.`,
  });
});

test.each([
  [['EHLO x.test', 'STARTTLS', 'MAIL FROM:<a@b.test>', 'RSET'], 'no-command'],
  [['EHLO x.test', 'STARTTLS', 'AUTH PLAIN AGEAYg=='], 'no-command'],
  [['EHLO', 'EHLO x.test', 'NOOP'], 'no-command'],
  [['EHLO x.test', 'HELO'], 'no-command'],
] as const)('who goes on after a refusal, as with %j, did not give up with it', async (commands, outcome) => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.reply();
  for (const line of commands) await wire.say(line);
  await wire.quit();
  const session = await sandbox.closedSession();
  expect(session).toMatchObject({
    outcome,
    ended: { text: 'The client said QUIT and we closed the connection.' },
  });
  expect(session.refusal).toBeUndefined();
});

const check = 'a mere check of the port does so, and a client that insists on what is not offered here';
const other = 'AUTH by another mechanism than PLAIN and LOGIN';
const hasStartTls = '; STARTTLS is offered on port \\d+';

test.each([
  ['EHLO', 'STARTTLS', 0, `STARTTLS, or ${other}`, hasStartTls, {}],
  ['EHLO', 'any AUTH', 0, 'STARTTLS, or AUTH', hasStartTls, { auth: 'none' }],
  ['EHLO', 'AUTH XOAUTH2', 1, other, '', {}],
  ['EHLO', 'AUTH in clear', 3, 'AUTH before TLS', '', { listen: ['smtp://127.0.0.1:0?tls=required'] }],
  ['LHLO', 'STARTTLS', 3, `STARTTLS, or ${other}`, '', lmtp],
] as const)(
  'the end of a session says what a client that left with the reply to %s may have missed there, as %s (port %i)',
  async (hello, _missed, listener, lacks, elsewhere, options) => {
    await using sandbox = await startTestSandbox(options);
    for (const quits of [true, false]) {
      await using wire = await sandbox.wire(listener);
      await wire.reply();
      expect(await wire.say(`${hello} x.test`)).toMatch(/^250/);
      if (quits) await wire.say('QUIT');
      wire.end();
      await wire.closed();
    }
    const [quit, closed] = await sandbox.closedSessions(2);
    const rest = `; ${check} \\(${lacks}, or a SIZE over 52428800\\)${elsewhere}\\.$`;
    expect(quit!.ended!.text).toMatch(
      new RegExp(`^The client said QUIT after ${hello}, and we closed the connection${rest}`),
    );
    expect(closed!.ended!.text).toMatch(
      new RegExp(`^The client closed the connection without QUIT after ${hello}${rest}`),
    );
    for (const session of [quit!, closed!]) expect(session.outcome).toBe('no-command');
  },
);

test.each([
  [1, 'a message'],
  [200, 'a message that was refused with 552 5.3.4'],
])(
  'a client that leaves after the content of a message, of %i bytes, did so after %s',
  async (size, after) => {
    await using sandbox = await startTestSandbox({ maxSize: '150' });
    for (const more of [undefined, '?']) {
      await using wire = await sandbox.wire();
      await wire.hello();
      const answer = size > 150 ? /^552 5\.3\.4 / : /^250 /;
      expect(await wire.mail(`${'x'.repeat(size)}\r\n`)).toMatch(answer);
      if (more) expect(await wire.say(more)).toMatch(/^500 /);
      wire.end();
      await wire.closed();
    }
    const ends = (await sandbox.closedSessions(2)).map(({ ended }) => ended!.text);
    expect(ends).toEqual([
      `The client closed the connection without QUIT after ${after}.`,
      'The client closed the connection without QUIT after its last command.',
    ]);
  },
);

test('the advice for a client that left with the reply to EHLO does not say what its end says already', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  wire.end();
  const { listeners } = await sandbox.client.readStatus({});
  const session = await sandbox.closedSession();
  const { port } = listeners.find(({ name }) => name === 'submission')!;
  expect(explainFailure(session, listeners)).toMatchObject({
    title: 'The client said hello and left without sending',
    reason: session.ended!.text,
    advice: `Its own log says what it missed. If it was STARTTLS, use port ${port} (submission), or turn TLS off in the client.`,
  });
});

test.each([
  [['EHLO x.test', 'NOOP'], 'NOOP'],
  [['EHLO x.test', 'AUTH PLAIN AGEAYg==', 'EHLO x.test'], 'EHLO'],
  [['EHLO x.test', 'MAIL FROM:<a@b.test>', 'EHLO x.test'], 'EHLO'],
  [['HELO x.test'], 'HELO'],
])('of a client that left after %j nothing is said to have been missed', async (commands, last) => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.reply();
  for (const line of commands) await wire.say(line);
  wire.end();
  const { ended } = await sandbox.closedSession();
  expect(ended!.text).toBe(`The client closed the connection without QUIT after ${last}.`);
});

test.each([
  ['XOAUTH2', 'user=joe\x01auth=Bearer bad-token\x01\x01'],
  ['OAUTHBEARER', 'n,a=joe,\x01auth=Bearer bad-token\x01\x01'],
])(
  'a client that leaves at the error that refuses its token by %s has failed to log in',
  async (name, said) => {
    await using sandbox = await startTestSandbox({ authMechanisms: name, user: ['joe:right-token'] });
    await using wire = await sandbox.wire();
    await wire.hello();
    expect(await wire.say(`AUTH ${name} ${Buffer.from(said).toString('base64')}`)).toMatch(/^334 /);
    wire.end();
    const session = await sandbox.closedSession();
    expect(session).toMatchObject({
      outcome: 'auth-failed',
      user: 'joe',
      auth: [
        { ok: false, code: null, reason: expect.stringMatching(/^The token is wrong\. The client left/) },
      ],
    });
    expect(whatHappened(session)).toBe(`Login by ${name} as joe was refused; left without QUIT`);
    expect(explainFailure(session, [])).toMatchObject({ title: 'The login was refused' });
  },
);

test('a client that leaves in the middle of a login that nothing was said against yet has broken it off', async () => {
  await using sandbox = await startTestSandbox({ user: ['joe:right'] });
  await using wire = await sandbox.wire();
  await wire.hello();
  expect(await wire.say('AUTH LOGIN')).toMatch(/^334 /);
  wire.end();
  expect(await sandbox.closedSession()).toMatchObject({ outcome: 'aborted', auth: [{ code: null }] });
});
