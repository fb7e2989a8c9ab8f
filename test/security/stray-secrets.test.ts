// Passwords where no login takes them: they are masked there, too, before anything is kept.
import { expect, test } from 'vitest';
import { bytesOfSide, startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import type { Wire } from '../support/wire.ts';

const password = 'Sekr1tSekr1tSekr1t';
const word = Buffer.from(password).toString('base64');
const response = Buffer.from(`\0ann\0${password}`).toString('base64');
const user = Buffer.from('ann').toString('base64');
/** As it is and encoded, also where the base64 of what stands before it ends. */
const forms = [password, password.toUpperCase(), word, response, response.slice(8, -4)];

const [smtp, submission, smtps, proxied] = [0, 1, 2, 3];

interface Place {
  listener: number;
  /** Each is sent by itself once the one before was answered; those of an array are parts of one line. */
  say: (string | string[])[];
  /** Of what was said, that must stay to be seen. */
  seen?: string;
}

const proxyV2 = Buffer.concat([
  Buffer.from('\r\n\r\n\0\r\nQUIT\n'),
  Buffer.from([0x21, 0x11, 0, 12]),
  Buffer.alloc(12, 1),
]).toString('latin1');
const hello = 'EHLO a.test\r\n';
const request = `GET / HTTP/1.1\r\nHost: x.test\r\nAuthorization: Basic ${word}\r\nCookie: a=${word}\r\n\r\n`;

const places: Record<string, Place> = {
  'in clear after the 220 of STARTTLS': {
    listener: submission,
    say: [hello, 'STARTTLS\r\n', `AUTH PLAIN ${response}\r\n`],
  },
  'the same with a greeting before it': {
    listener: submission,
    say: [hello, 'STARTTLS\r\n', `${hello}AUTH PLAIN ${response}\r\n`],
    seen: hello,
  },
  'the same in steps': {
    listener: submission,
    say: [hello, 'STARTTLS\r\n', `AUTH LOGIN\r\n${user}\r\n${word}\r\n`],
    seen: 'AUTH LOGIN',
  },
  'in one segment with STARTTLS': {
    listener: submission,
    say: [hello, `STARTTLS\r\n${word}\r\nNOOP\r\n`],
    seen: 'NOOP',
  },
  'on the TLS port, in two segments': { listener: smtps, say: [['A', `UTH PLAIN ${response}\r\n`]] },
  'instead of a PROXY header': {
    listener: proxied,
    say: [`${hello}AUTH PLAIN ${response}\r\n`],
    seen: hello,
  },
  'behind a PROXY header that is not taken': {
    listener: smtp,
    say: [`${proxyV2}${hello}AUTH PLAIN ${response}\r\n`],
    seen: hello,
  },
  'for the mechanism': { listener: smtp, say: [hello, `AUTH ${password}\r\n`, 'NOOP\r\n'], seen: 'AUTH' },
  'encoded, for the mechanism': {
    listener: smtp,
    say: [hello, `AUTH ${word}\r\n`, 'NOOP\r\n'],
    seen: 'AUTH',
  },
  'in capitals, for the mechanism': {
    listener: smtp,
    say: [hello, `AUTH ${password.toUpperCase()} ${response}\r\n`, 'NOOP\r\n'],
    seen: 'AUTH',
  },
  'for the mechanism of an AUTH that is too long': {
    listener: smtp,
    say: [hello, `AUTH ${password.toUpperCase()} ${'x'.repeat(20_000)}\r\n`, 'NOOP\r\n'],
    seen: 'AUTH',
  },
  'for the mechanism of IMAP': {
    listener: smtp,
    say: [hello, `a1 AUTHENTICATE ${password}\r\n`, 'NOOP\r\n'],
    seen: 'AUTHENTICATE',
  },
  'joined to the mechanism': { listener: smtp, say: [hello, `AUTH PLAIN${response}\r\n`], seen: 'AUTH' },
  'after an AUTH with a tab': {
    listener: smtp,
    say: [hello, 'AUTH\tLOGIN\r\n', `${user}\r\n`, `${word}\r\n`, 'NOOP\r\n'],
    seen: 'NOOP',
  },
  'after an AUTH with a NUL': {
    listener: smtp,
    say: [hello, 'AUTH LOGIN\0\r\n', `${user}\r\n`, `${word}\r\n`, 'NOOP\r\n'],
    seen: 'NOOP',
  },
  'after an AUTH between chunks': {
    listener: smtp,
    say: [
      hello,
      'MAIL FROM:<a@x.test>\r\n',
      'RCPT TO:<b@x.test>\r\n',
      'BDAT 1\r\nx',
      'AUTH LOGIN\r\n',
      `${user}\r\n`,
      `${word}\r\n`,
    ],
    seen: 'AUTH LOGIN',
  },
  'once more after the login': {
    listener: smtp,
    say: [hello, `AUTH PLAIN ${response}\r\n`, `${word}\r\n`, 'NOOP\r\n'],
    seen: 'NOOP',
  },
  'as the name of LOGIN': {
    listener: smtp,
    say: [hello, 'AUTH LOGIN\r\n', `${password}!\r\n`, 'NOOP\r\n'],
    seen: 'AUTH LOGIN',
  },
  'beside the name of LOGIN': {
    listener: smtp,
    say: [hello, 'AUTH LOGIN\r\n', `${user} ${word}\r\n`, 'NOOP\r\n'],
    seen: 'NOOP',
  },
  'behind a CR in the name of LOGIN': {
    listener: smtp,
    say: [hello, 'AUTH LOGIN\r\n', `${user}\r${word}\r\n`, 'NOOP\r\n'],
    seen: 'NOOP',
  },
  'in the fields of an HTTP request': { listener: smtp, say: [request], seen: 'Host: x.test' },
  'in those of one on the TLS port': { listener: smtps, say: [request], seen: 'Host: x.test' },
};

/** An answer, or the end of the connection. */
const answered = (wire: Wire): Promise<unknown> => wire.reply().catch(() => null);

async function say(sandbox: TestSandbox, { listener, say: all }: Place): Promise<void> {
  await using wire = await sandbox.wire(listener);
  if (listener === smtp || listener === submission) await wire.reply();
  for (const said of all) {
    for (const part of [said].flat()) {
      wire.send(Buffer.from(part, 'latin1'));
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (said !== all.at(-1)) await answered(wire);
  }
  if (listener === smtp) await answered(wire);
  wire.end();
  await wire.closed();
}

async function recordOf(place: Place, recordCredentials: boolean): Promise<string> {
  await using sandbox = await startTestSandbox(
    { recordCredentials, listen: ['smtp://127.0.0.1:0?proxy=true'] },
    { limits: { silentTlsMs: 2000, handshakeMs: 2000 } },
  );
  await say(sandbox, place);
  const session = await sandbox.closedSession();
  const lines = await sandbox.lines(session.id);
  const ofTls = lines.filter(({ kind, from }) => kind === 'tls' && from === 'client');
  const bytes = ofTls.map(({ base64 }) => Buffer.from(base64 ?? '', 'base64'));
  return [JSON.stringify([session, lines]), bytesOfSide(lines, 'client'), Buffer.concat(bytes)]
    .map((part) => (typeof part === 'string' ? part : part.toString('latin1')))
    .join('\n');
}

for (const [where, place] of Object.entries(places))
  test(`a password ${where} is not kept`, async () => {
    // The same record with it: what is looked at is where it would stand.
    const told = await recordOf(place, true);
    expect(forms.filter((form) => told.includes(form))).not.toEqual([]);
    const kept = await recordOf(place, false);
    expect(forms.filter((form) => kept.includes(form))).toEqual([]);
    expect(kept).toContain(place.seen ?? '*');
  });
