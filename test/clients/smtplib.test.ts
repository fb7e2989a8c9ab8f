// smtplib of Python, and what is built on it, such as Django. It writes its commands in lower case.
import { describe, expect } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { oneOf } from '../support/share.ts';
import { needs } from '../support/tools.ts';
import { expectCaptured, expectDistrust, listener, temporaryFile, ways, type Way } from './captured.ts';
import { bigLetter, letter, recipients, sender } from './messages.ts';
import { runProgram, type ProgramEnd } from './run-program.ts';

const { test } = needs('python3');
const secret = 'smtplib-S3cret-4711';
const end = 'quit by client';

// Its standard input is this script, so the message comes from a file.
const script = `
import base64, hashlib, hmac, json, os, smtplib, ssl
o = json.loads(os.environ['OPTIONS'])
context = ssl.create_default_context(cafile=o['ca'])
kind = smtplib.SMTP_SSL if o['way'] == 'smtps' else smtplib.SMTP
extra = {'context': context} if o['way'] == 'smtps' else {}

class Scram:
    def __init__(self, user, password):
        self.user, self.password, self.step = user, password, 0
    def __call__(self, challenge=None):
        self.step += 1
        if self.step == 1:
            self.first = 'n=%s,r=fyko' % self.user
            return 'n,,' + self.first
        text = challenge if isinstance(challenge, str) else challenge.decode()
        if self.step == 3:
            sign = hmac.digest(hmac.digest(self.salted, b'Server Key', 'sha256'), self.auth, 'sha256')
            assert text == 'v=' + base64.b64encode(sign).decode(), 'the proof of the server is wrong'
            return ''
        given = dict(pair.split('=', 1) for pair in text.split(','))
        self.salted = hashlib.pbkdf2_hmac('sha256', self.password.encode(), base64.b64decode(given['s']), int(given['i']))
        key = hmac.digest(self.salted, b'Client Key', 'sha256')
        final = 'c=biws,r=' + given['r']
        self.auth = ','.join((self.first, text, final)).encode()
        sign = hmac.digest(hashlib.sha256(key).digest(), self.auth, 'sha256')
        return final + ',p=' + base64.b64encode(bytes(a ^ b for a, b in zip(key, sign))).decode()

with kind(o['host'], o['port'], timeout=40, **extra) as server:
    if o['way'] == 'submission':
        server.starttls(context=context)
    server.ehlo()
    if o['mechanism'] == 'SCRAM-SHA-256':
        server.auth('SCRAM-SHA-256', Scram(o['user'], o['password']))
    elif o['mechanism'] == 'XOAUTH2':
        server.auth('XOAUTH2', lambda challenge=None: 'user=%s\\x01auth=Bearer %s\\x01\\x01' % (o['user'], o['password']))
    elif o['mechanism']:
        server.user, server.password = o['user'], o['password']
        method = getattr(server, 'auth_' + o['mechanism'].lower().replace('-', '_'))
        server.auth(o['mechanism'], method, initial_response_ok=o['initial'])
    server.sendmail(o['from'], o['to'], open(o['file'], 'rb').read())
`;

interface Settings {
  host?: string;
  trust?: boolean;
  mechanism?: string;
  initial?: boolean;
  message?: Buffer;
}

async function send(sandbox: TestSandbox, way: Way, settings: Settings = {}): Promise<ProgramEnd> {
  const { host = '127.0.0.1', trust = true, mechanism = null, initial = true, message = letter } = settings;
  await using ca = await temporaryFile('ca.pem', sandbox.caPem);
  await using file = await temporaryFile('letter.eml', message);
  const options = {
    ...{ way, host, port: sandbox.ports[listener[way]], ca: trust ? ca.path : null, mechanism, initial },
    ...{ user: 'ann', password: secret, from: sender, to: recipients, file: file.path },
  };
  return await runProgram('python3', ['-'], script, {
    OPTIONS: JSON.stringify(options),
    PYTHONDONTWRITEBYTECODE: '1',
  });
}

const success = { code: 0, said: '' };

describe.concurrent.each(oneOf(ways, 0))('smtplib on the %s port', (way) => {
  test('its messages are stored as they were sent', async () => {
    await using sandbox = await startTestSandbox();
    expect(await send(sandbox, way)).toEqual(success);
    const { session } = await expectCaptured(sandbox, { way, sent: letter, end });
    const lines = await sandbox.lines(session.id);
    expect(lines.filter(({ kind }) => kind === 'command').map(({ text }) => text.split(/[ :]/)[0])).toContain(
      'mail',
    );

    // Over 1 MB, with dots.
    expect(await send(sandbox, way, { message: bigLetter })).toEqual(success);
    await expectCaptured(sandbox, { way, number: 2, sent: bigLetter, end });
  });

  test('it logs in by each mechanism, and its password is kept nowhere', async () => {
    const logins = [
      { mechanism: 'PLAIN', length: secret.length },
      { mechanism: 'LOGIN', length: secret.length },
      { mechanism: 'LOGIN', length: secret.length, initial: false },
      { mechanism: 'CRAM-MD5', length: null, initial: false },
      { mechanism: 'XOAUTH2', length: secret.length },
      { mechanism: 'SCRAM-SHA-256', length: null },
    ];
    const authMechanisms = ['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2', 'SCRAM-SHA-256'];
    await using sandbox = await startTestSandbox({ user: [`ann:${secret}`], authMechanisms });
    for (const [n, { mechanism, initial = true, length }] of logins.entries()) {
      expect(await send(sandbox, way, { mechanism, initial }), mechanism).toEqual(success);
      const login = { mechanism, user: 'ann', secret, length };
      const { session } = await expectCaptured(sandbox, { way, number: n + 1, sent: letter, end, login });
      expect(session.auth[0]!.initialResponse).toBe(initial);
    }
  });
});

describe.concurrent('the certificate', () => {
  test('is accepted for localhost by a client that trusts the CA', async () => {
    await using sandbox = await startTestSandbox();
    for (const [n, way] of (['submission', 'smtps'] as const).entries()) {
      expect(await send(sandbox, way, { host: 'localhost' })).toEqual(success);
      await expectCaptured(sandbox, { way, number: n + 1, sent: letter, end, sni: 'localhost' });
    }
  });

  test.each(['submission', 'smtps'] as const)(
    'is refused with unknown_ca on %s by one that does not',
    async (way) => {
      await using sandbox = await startTestSandbox();
      const { code, said } = await send(sandbox, way, { host: 'localhost', trust: false });
      expect(code).toBe(1);
      expect(said).toContain('CERTIFICATE_VERIFY_FAILED');
      await expectDistrust(
        sandbox,
        way,
        /^The client refused our certificate with the alert unknown_ca, because it does not trust the issuer: see to it that the client trusts the issuer "Mailscope local CA /,
        'unknown_ca',
      );
    },
  );
});
