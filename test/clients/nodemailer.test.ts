// nodemailer, the client of most Node.js applications. It ends with FIN and without QUIT.
import { createTransport, type SendMailOptions, type SentMessageInfo } from 'nodemailer';
import { describe, expect, test } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { expectCaptured, expectDistrust, listener, ways, type Way } from './captured.ts';
import { attachment, bigLetter, letter, recipients, sender, subject } from './messages.ts';

const secret = 'nodemailer-S3cret-4711';
const end = 'fin by client';

interface Settings {
  mail?: SendMailOptions;
  host?: string;
  /** What the client trusts; null for the usual authorities. */
  ca?: string | null;
  transport?: object;
  tls?: object;
}

async function send(sandbox: TestSandbox, way: Way, settings: Settings = {}): Promise<SentMessageInfo> {
  const { host = '127.0.0.1', ca = sandbox.caPem } = settings;
  const transport = createTransport({
    host,
    port: sandbox.ports[listener[way]],
    secure: way === 'smtps',
    requireTLS: way === 'submission',
    ...settings.transport,
    tls: { ...(ca === null ? {} : { ca }), ...settings.tls },
  });
  try {
    return await transport.sendMail({
      envelope: { from: sender, to: recipients },
      ...(settings.mail ?? { raw: letter }),
    });
  } finally {
    transport.close();
  }
}

describe.each(ways)('nodemailer on the %s port', (way) => {
  test('its messages are stored as they were sent, and its answer names the id', async () => {
    await using sandbox = await startTestSandbox();
    const info = await send(sandbox, way);
    const { session } = await expectCaptured(sandbox, { way, sent: letter, end });
    expect(info).toMatchObject({ accepted: recipients, rejected: [] });
    expect(info.response).toContain(session.messageIds[0]);
    expect(session.anomalyList.map(({ kind }) => kind)).toContain('no-quit');

    // Over 1 MB, with dots.
    await send(sandbox, way, { mail: { raw: bigLetter } });
    const big = await expectCaptured(sandbox, { way, number: 2, sent: bigLetter, end });
    expect(big.session.transactions[0]!.data!.stuffedDots).toBeGreaterThan(200);
  });

  test('it logs in by each mechanism that it knows, and its password is kept nowhere', async () => {
    const authMechanisms = ['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2'];
    await using sandbox = await startTestSandbox({ user: [`ann:${secret}`], authMechanisms });
    for (const [n, mechanism] of authMechanisms.entries()) {
      const auth =
        mechanism === 'XOAUTH2'
          ? { type: 'OAuth2', user: 'ann', accessToken: secret }
          : { user: 'ann', pass: secret, method: mechanism };
      await send(sandbox, way, { transport: { auth } });
      const length = mechanism === 'CRAM-MD5' ? null : secret.length;
      const login = { mechanism, user: 'ann', secret, length };
      await expectCaptured(sandbox, { way, number: n + 1, sent: letter, end, login });
    }
  });
});

test('a message that nodemailer composed is stored, read and taken apart', async () => {
  const composed = await createTransport({
    streamTransport: true,
    buffer: true,
    newline: 'windows',
  }).sendMail({
    from: sender,
    to: recipients,
    subject,
    text: '.a dot first\nSchöne Grüße',
    html: '<p>Schöne Grüße</p>',
    attachments: [{ filename: attachment.filename, content: attachment.bytes }],
  });
  const sent = composed.message as Buffer;
  await using sandbox = await startTestSandbox();
  await send(sandbox, 'submission', { mail: { raw: sent } });
  const { session } = await expectCaptured(sandbox, { way: 'submission', sent, end });
  const id = session.messageIds[0]!;
  const message = await sandbox.client.readMessage({ params: { id } });
  expect(message).toMatchObject({
    subject,
    parse: 'parsed',
    tls: 'TLSv1.3',
    html: expect.stringContaining('Grüße'),
  });
  expect(message.text).toContain('.a dot first\nSchöne Grüße');
  const [found] = message.attachmentList;
  expect(found).toMatchObject({ filename: attachment.filename, size: attachment.bytes.length });
  const part = await sandbox.client.readPart({ params: { id, part: found!.part } });
  expect(Buffer.from(part).equals(attachment.bytes)).toBe(true);
});

test('a wrong password is refused, and told as such without being told', async () => {
  await using sandbox = await startTestSandbox({ user: [`ann:${secret}`] });
  const auth = { user: 'ann', pass: 'another-S3cret-0815' };
  await expect(send(sandbox, 'smtps', { transport: { auth } })).rejects.toMatchObject({
    code: 'EAUTH',
    responseCode: 535,
  });
  const session = await sandbox.closedSession();
  expect(session).toMatchObject({ outcome: 'auth-failed', user: 'ann', mechanism: 'PLAIN', messages: 0 });
  expect(session.auth[0]).toMatchObject({ ok: false, code: 535, secret: { length: auth.pass.length } });
});

describe('the certificate', () => {
  test('is accepted for localhost by a client that trusts the CA', async () => {
    await using sandbox = await startTestSandbox();
    for (const [n, way] of (['submission', 'smtps'] as const).entries()) {
      await send(sandbox, way, { host: 'localhost' });
      await expectCaptured(sandbox, { way, number: n + 1, sent: letter, end, sni: 'localhost' });
    }
  });

  test.each(['submission', 'smtps'] as const)(
    'is refused without a word on %s by one that does not',
    async (way) => {
      await using sandbox = await startTestSandbox();
      await expect(send(sandbox, way, { host: 'localhost', ca: null })).rejects.toThrow(
        /self[- ]signed certificate/,
      );
      await expectDistrust(
        sandbox,
        way,
        /^The client closed the connection without a TLS alert after it got our certificate; clients on Node\.js and on Python's asyncio do this when they do not trust the certificate: name and dates fit, so check that it trusts the issuer "Mailscope local CA /,
        null,
      );
    },
  );

  test('is refused after the handshake over TLS 1.2', async () => {
    await using sandbox = await startTestSandbox();
    const tls = { maxVersion: 'TLSv1.2' };
    await expect(send(sandbox, 'smtps', { host: 'localhost', ca: null, tls })).rejects.toThrow(
      /self[- ]signed/,
    );
    await expectDistrust(
      sandbox,
      'smtps',
      /^The TLSv1\.2 handshake completed, but the client left before any SMTP command; .*name and dates fit, so check that it trusts the issuer/,
      null,
    );
  });
});
