// What we hand on must be what the protocol engine takes; a new version of it is judged by these.
import fc from 'fast-check';
import net from 'node:net';
import { once } from 'node:events';
import { SMTPServer } from 'smtp-server';
import { describe, expect, test } from 'vitest';
import { parsePathCommand } from '../../server/smtp/path-command.ts';

/** A connection to the engine; `say` resolves to the reply to one line. */
async function startEngine() {
  const seen: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    lenientAddressParsing: true,
    hideDSN: false,
    hideENHANCEDSTATUSCODES: false,
    disableReverseLookup: true,
    size: 1000,
    logger: false,
    onRcptTo({ address }, _session, callback) {
      seen.push(address);
      callback();
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const socket = net.connect((server.server.address() as net.AddressInfo).port, '127.0.0.1').setNoDelay();
  let buffered = '';
  const waiting: ((reply: string) => void)[] = [];
  socket.on('data', (chunk) => {
    buffered += chunk.toString();
    for (let end; (end = /^\d{3}(?: .*)?\r\n/m.exec(buffered));) {
      const length = end.index + end[0].length;
      waiting.shift()?.(buffered.slice(0, length));
      buffered = buffered.slice(length);
    }
  });
  const next = () => new Promise<string>((resolve) => waiting.push(resolve));
  const greeting = next();
  await greeting;
  const say = (line: string): Promise<string> => {
    const reply = next();
    socket.write(`${line}\r\n`);
    return reply;
  };
  await say('EHLO test.example');
  return {
    seen,
    say,
    async [Symbol.asyncDispose]() {
      socket.destroy();
      await once(socket, 'close');
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

type Engine = Awaited<ReturnType<typeof startEngine>>;

async function judge(engine: Engine, line: string): Promise<string> {
  const command = line.startsWith('MAIL') ? 'MAIL' : 'RCPT';
  const { forward, problem } = parsePathCommand(command, Buffer.from(line));
  expect(problem, line).toBeNull();
  await engine.say('RSET');
  if (command === 'RCPT') await engine.say('MAIL FROM:<>');
  return engine.say(forward);
}

const addresses = [
  'ann@example.org',
  'a..b@example.org',
  '.a@example.org',
  'user.@example.org',
  '"ann lee"@example.org',
  '"a@b"@c.example',
  '"a>b<c"@example.org',
  '"a\\"b"@example.org',
  'a@b@c.example',
  'root',
  'a@my_host.example',
  'a@[192.0.2.1]',
  'a@[IPv6:2001:DB8::1]',
  'a@[nonsense]',
  'é@example.org',
  'a@bücher.example',
  'a@xn--bcher-kva.example',
  'a@xn--0.example',
  'a@xn--.example',
  'a\u200bb@example.org',
  'a@例え。テスト',
  'a b@example.org',
  "!#$%&'*+-/=?^_`{|}~@example.org",
  `${'a'.repeat(900)}@example.org`,
  '"a',
  '"a"b"@example.org',
  '@a.example:b@example.org',
  'a@b:c',
  'a:b@c.example',
  'a,b@c.example',
  '(x)a@b.example',
  '"\\',
  'postmaster',
  'constructor@__proto__',
  'a@example.org.',
  'a\u00a0b@example.org',
];

describe('the engine takes every address that is accepted', () => {
  test.each(addresses)('%s', async (address) => {
    await using engine = await startEngine();
    expect(await judge(engine, `MAIL FROM:<${address}>`)).toMatch(/^250 /);
    expect(await judge(engine, `RCPT TO:<${address}>`)).toMatch(/^250 /);
  });

  test('the null sender and sloppy spellings', async () => {
    await using engine = await startEngine();
    for (const line of [
      'MAIL FROM:<>',
      'MAIL FROM: <a@b.example>',
      'MAIL  FROM : a@b.example',
      'MAIL FROM:< a@b.example >',
      'RCPT TO:<postmaster>',
      'RCPT TO:postmaster',
      'RCPT TO:<a@b.example>NOTIFY=NEVER',
      'RCPT TO:"a b"@c.example NOTIFY=NEVER',
    ]) {
      expect(await judge(engine, line), line).toMatch(/^250 /);
    }
  });

  test('a plain address reaches it unchanged, stand-ins differ for each address', async () => {
    await using engine = await startEngine();
    for (const local of ['ann', '"a b"', '"a c"']) await judge(engine, `RCPT TO:<${local}@example.org>`);
    expect(engine.seen[0]).toBe('ann@example.org');
    expect(new Set(engine.seen).size).toBe(3);
    expect(engine.seen[1]).toMatch(/^stand-in-[0-9a-f]{16}@mailscope\.invalid$/);
  });
});

describe('the engine judges the parameters as if the line had come unchanged', () => {
  const mail = [
    '',
    ' SIZE=10',
    ' SIZE=2000',
    ' SIZE=x',
    ' SIZE',
    ' SIZE=',
    ' size=0',
    ' BODY=8BITMIME',
    ' body=7bit',
    ' BODY=BINARYMIME',
    ' BODY=9',
    ' BODY',
    ' SMTPUTF8',
    ' SMTPUTF8=1',
    ' REQUIRETLS',
    ' RET=HDRS',
    ' RET=x',
    ' ENVID=a+2Bb',
    ' ENVID',
    ' AUTH=<>',
    ' AUTH=a+3Db',
    ' HOLDUNTIL=2030-01-01T00:00:00Z',
    ' X',
    ' X=a=b',
    ' SIZE=10 BODY=8BITMIME RET=FULL ENVID=q',
  ];
  const rcpt = [
    ' NOTIFY=NEVER',
    ' NOTIFY=SUCCESS,DELAY',
    ' NOTIFY=NEVER,DELAY',
    ' NOTIFY=x',
    ' NOTIFY',
    ' ORCPT=rfc822;a@b.example',
    ' ORCPT=x',
    ' ORCPT',
    ' ORCPT=utf-8;é@b.example',
    ' ORCPT=rfc822;<a@b.example>',
    ' X=+C3+A9',
  ];
  test('MAIL and RCPT', async () => {
    await using engine = await startEngine();
    for (const line of [
      ...mail.map((rest) => `MAIL FROM:<a@b.example>${rest}`),
      ...rcpt.map((rest) => `RCPT TO:<a@b.example>${rest}`),
    ]) {
      const judged = await judge(engine, line);
      await engine.say('RSET');
      if (line.startsWith('RCPT')) await engine.say('MAIL FROM:<>');
      expect(judged, line).toBe(await engine.say(line));
      const quoted = line.replace('a@b.example', '"a b"@c.example');
      expect(await judge(engine, quoted), quoted).toBe(judged);
    }
  });

  test('an offset of a time zone, UTF-8 in xtext and blanks beyond ASCII do not trouble it', async () => {
    await using engine = await startEngine();
    for (const line of [
      'MAIL FROM:<a@b.example> HOLDUNTIL=2030-01-01T00:00:00+02:00',
      'RCPT TO:<a@b.example> ORCPT=rfc822;+C3+84@b.example',
      'RCPT TO:<a@b.example> X=a\u00a0ORCPT',
      'RCPT TO:<a@b.example> X=a\u3000X=b',
      'RCPT TO:<a@b.example> RRVS=2030-01-01T00:00:00+01:00',
    ]) {
      expect(await judge(engine, line), line).toMatch(/^250 /);
    }
  });
});

test('whatever is accepted, the engine takes', async () => {
  await using engine = await startEngine();
  const piece = fc.oneof(
    fc.constantFrom(
      '<',
      '>',
      '"',
      '\\',
      '@',
      ' ',
      ':',
      '=',
      ',',
      '.',
      'é',
      '\u3000',
      '\ufeff',
      '[',
      ']',
      'xn--',
      ';',
      '+0D',
      '\uff0e',
    ),
    fc.string({ unit: 'grapheme', maxLength: 3 }),
  );
  const line = fc.tuple(
    fc.constantFrom('MAIL FROM:<', 'RCPT TO:<', 'MAIL FROM:', 'RCPT TO: '),
    fc.array(piece, { maxLength: 8 }),
    fc.constantFrom('@example.org>', '>', '', '@b', '> X='),
    fc.array(piece, { maxLength: 3 }),
  );
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(line, async ([start, path, end, rest]) => {
      const text = start + path.join('') + end + rest.join('');
      const command = text.startsWith('MAIL') ? 'MAIL' : 'RCPT';
      if (parsePathCommand(command, Buffer.from(text)).problem) return;
      accepted += 1;
      expect(await judge(engine, text), text).toMatch(/^250 /);
    }),
    { numRuns: 1500 },
  );
  expect(accepted).toBeGreaterThan(200);
});
