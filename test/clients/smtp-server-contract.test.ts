// What we rely on in smtp-server, which is pinned: run by hand on each new version, this says whether it still holds.
import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SMTPServer } from 'smtp-server';
import { describe, expect, test } from 'vitest';
import { DataScanner } from '../../server/smtp/data-scanner.ts';
import { EnginePort, type EngineReply } from '../../server/smtp/engine-port.ts';
import { Engine, type EngineOptions } from '../../server/smtp/engine.ts';
import { startTestSandbox } from '../support/sandbox.ts';

const peer = { remoteAddress: '127.0.0.1', remotePort: 4711, localAddress: '127.0.0.1', localPort: 25 };
const usual: EngineOptions = {
  name: 'mx.test',
  lmtp: false,
  authRequired: false,
  maxSize: 1e6,
  maxRecipients: 100,
  xclient: false,
};
const readJson = (name: string): Record<string, Record<string, string> & string> =>
  JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'));

let sessions = 0;
/** A connection that was greeted. */
async function open(
  options: Partial<EngineOptions> = {},
  engine = new Engine({ ...usual, ...options }),
): Promise<EnginePort> {
  const port = engine.open(`s${++sessions}`, false, peer);
  expect((await port.reply())?.lines).toEqual([`220 mx.test ${options.lmtp ? 'LMTP' : 'ESMTP'} Mailscope`]);
  return port;
}

/** All replies until the engine hangs up. */
async function repliesOf(port: EnginePort): Promise<string[]> {
  const replies: string[] = [];
  for (let reply: EngineReply | null; (reply = await port.reply()) !== null;)
    replies.push(reply.lines.join('\n'));
  return replies;
}

async function openData(engine: Engine): Promise<EnginePort> {
  const port = await open({}, engine);
  for (const line of ['EHLO client.test', 'MAIL FROM:<a@b.test>', 'RCPT TO:<c@d.test>'])
    expect((await port.ask(`${line}\r\n`))?.code).toBe(250);
  expect((await port.ask('DATA\r\n'))?.code).toBe(354);
  return port;
}

/** The same numbers in each run (mulberry32). */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

function cut(text: string, random: (below: number) => number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < text.length;) {
    const next = at + 1 + random(9);
    pieces.push(Buffer.from(text.slice(at, next), 'latin1'));
    at = next;
  }
  return pieces;
}

/** What the engine answers to these pieces of data and what follows it. */
async function askEngine(engine: Engine, pieces: Buffer[]): Promise<string[]> {
  const port = await openData(engine);
  const replies = repliesOf(port);
  for (const piece of pieces) {
    port.give(piece);
    await nextTurn();
  }
  return replies;
}

/** The same with our scanner in front: the engine gets an empty message and then what comes behind the end of ours. */
async function askScanner(engine: Engine, pieces: Buffer[]): Promise<string[]> {
  const scanner = new DataScanner();
  for (const [n, piece] of pieces.entries()) {
    const end = scanner.feed(piece, () => {});
    if (end >= 0)
      return askEngine(engine, [Buffer.from('.\r\n'), piece.subarray(end), ...pieces.slice(n + 1)]);
  }
  throw new Error('the scanner found no end');
}

test('the version is exactly 3.21.6, in package.json and installed', () => {
  expect(readJson('package.json')['devDependencies']?.['smtp-server']).toBe('3.21.6');
  expect(readJson('node_modules/smtp-server/package.json')['version']).toBe('3.21.6');
});

test('the greeting comes at once, not after the 100 ms of smtp-server', async () => {
  const engine = new Engine(usual);
  await open({}, engine);
  const tookMs: number[] = [];
  for (let n = 0; n < 20; n++) {
    const startedAt = performance.now();
    (await open({}, engine)).destroy();
    tookMs.push(performance.now() - startedAt);
  }
  expect(Math.min(...tookMs)).toBeLessThan(50);
});

test('the same end of data is found in 400 random messages in random pieces', async () => {
  const engine = new Engine(usual);
  const random = seeded(20_260_706);
  // The last one is the end itself: with it, something is left over that are commands.
  const tokens = ['\r', '\n', '.', 'a', '\r\n', '\r\n.', '\n.', '\r\n.\r', '..', '\0', '.\r\n', '\r\n.\r\n'];
  let early = 0;
  for (let n = 0; n < 400; n++) {
    const choice = tokens.length - (random(10) < 7 ? 1 : 0);
    const body = Array.from({ length: 1 + random(14) }, () => tokens[random(choice)]).join('');
    const pieces = cut(`${body}\r\n.\r\nRSET\r\nQUIT\r\n`, random);
    const [wanted, ours] = await Promise.all([askEngine(engine, pieces), askScanner(engine, pieces)]);
    expect(ours, JSON.stringify(body)).toEqual(wanted);
    expect(ours[0]).toMatch(/^250 /);
    if (ours.length > 3) early++;
  }
  // Not only the plain case was looked at.
  expect(early).toBeGreaterThan(50);
}, 30_000);

const ambiguous = [
  ...[
    '\n.\n',
    '\r.\r',
    '\r\n.\n',
    '\n.\r\n',
    '\r.\r\n',
    '\r\n.\r',
    '\n.\r',
    '\r.\n',
    '\r\n\0.\r\n',
    '\r\n.\0\r\n',
  ],
  ...['\r\n .\r\n', '\r\n. \r\n', '\r\n.\r\r\n', '\n\n.\r\n', '\r\n..\r\n'],
];
test.each(ambiguous.map((end) => [JSON.stringify(end), end] as const))(
  '%s is no end for either',
  async (_, end) => {
    const smuggled = 'MAIL FROM:<evil@x.test>\r\nRCPT TO:<v@x.test>\r\nDATA\r\nevil';
    const text = `first${end}${smuggled}\r\n.\r\nQUIT\r\n`;
    for (const pieces of [[Buffer.from(text)], cut(text, seeded(1)), cut(text, seeded(2))]) {
      const wanted = ['250 2.6.0 accepted', '221 2.0.0 Bye'];
      expect(await askEngine(new Engine(usual), pieces)).toEqual(wanted);
      expect(await askScanner(new Engine(usual), pieces)).toEqual(wanted);
    }
  },
);

describe('the stream that smtp-server is given', () => {
  /** Which members smtp-server itself touches, over whole sessions. */
  async function membersUsed(secure: boolean): Promise<string[]> {
    const used = new Set<string>();
    const server = new SMTPServer({
      ...{ secure, secured: secure, authOptional: true, disableReverseLookup: true, logger: false },
      onData(stream, _session, done) {
        stream.resume();
        stream.on('end', () => done(null, 'accepted'));
      },
    } as ConstructorParameters<typeof SMTPServer>[0]);
    server.on('error', () => {});
    for (const last of ['QUIT\r\n', null]) {
      const port = new EnginePort();
      const watched = new Proxy(port, {
        get(target, key) {
          if (typeof key === 'string') used.add(key);
          const value: unknown = Reflect.get(target, key, target);
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
      });
      server.connect(watched as unknown as Parameters<SMTPServer['connect']>[0], { id: `p${last}`, ...peer });
      await port.reply();
      port.give('EHLO x\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n');
      for (let n = 0; n < 4; n++) await port.reply();
      expect(await port.ask('hello\r\n.\r\n')).toMatchObject({ code: 250 });
      if (last) {
        port.give(last);
        await repliesOf(port);
      } else port.destroy();
      await nextTurn();
    }
    return [...used].sort();
  }

  const needed = [
    'destroyed',
    'end',
    'on',
    'pipe',
    'readyState',
    'resume',
    'setTimeout',
    'unpipe',
    'writable',
  ];
  needed.push('writableNeedDrain', 'write');
  /** It looks whether these are there. */
  const optional = ['getCipher', 'servername', 'setNoDelay'];

  test.each(['in clear', 'inside TLS'])(
    'has each member that it uses %s, and no other is used',
    async (place) => {
      const used = await membersUsed(place === 'inside TLS');
      expect(used.filter((member) => !optional.includes(member))).toEqual(needed);
      const port = new EnginePort();
      expect(needed.filter((member) => !(member in port))).toEqual([]);
      expect(port.readyState).toBe('open');
      port.destroy();
      expect(port.readyState).toBe('closed');
    },
  );
});

test('200 pipelined commands are answered in their order', async () => {
  const kinds = [
    'NOOP',
    'RSET',
    'VRFY someone',
    'MAIL FROM:<a@b.test>',
    'RCPT TO:<c@d.test>',
    'RSET',
    'HELP',
    'RCPT TO:<c@d.test>',
  ];
  const wanted = [250, 250, 252, 250, 250, 250, 214, 503];
  const commands = Array.from({ length: 200 }, (_, n) => kinds[n % kinds.length]!);
  const port = await open();
  await port.ask('EHLO client.test\r\n');
  port.give(`${commands.join('\r\n')}\r\n`);
  for (const [n, command] of commands.entries())
    expect(await port.reply(), `${command}, number ${n}`).toMatchObject({ code: wanted[n % wanted.length] });
  port.destroy();

  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  wire.send(`${commands.join('\r\n')}\r\n`);
  for (const [n, command] of commands.entries())
    expect((await wire.reply()).slice(0, 3), `${command}, number ${n}`).toBe(
      String(wanted[n % wanted.length]),
    );
  expect(await wire.say('QUIT')).toMatch(/^221 /);
});

test('the engine gives one reply to an LMTP message with three recipients', async () => {
  const port = await open({ lmtp: true });
  expect((await port.ask('LHLO client.test\r\n'))?.code).toBe(250);
  await port.ask('MAIL FROM:<a@b.test>\r\n');
  for (const to of ['c', 'd', 'e']) expect((await port.ask(`RCPT TO:<${to}@d.test>\r\n`))?.code).toBe(250);
  expect((await port.ask('DATA\r\n'))?.code).toBe(354);
  expect((await port.ask('.\r\n'))?.lines).toHaveLength(1);
  expect(await port.ask('QUIT\r\n')).toMatchObject({ code: 221 });
});

test('the engine answers a message only when its verdict is there', async () => {
  const port = await openData(new Engine(usual));
  let decide = (_: unknown): void => {};
  port.verdict = new Promise((resolve) => (decide = resolve));
  let answered = false;
  const reply = port.ask('.\r\n').then((given) => ((answered = true), given));
  for (let n = 0; n < 20; n++) await nextTurn();
  expect(answered).toBe(false);
  decide(null);
  expect(await reply).toMatchObject({ code: 250 });
});

test('a login that the gate has checked goes in by a ticket, and no ticket stays', async () => {
  const engine = new Engine({ ...usual, authRequired: true });
  const port = await open({}, engine);
  await port.ask('EHLO client.test\r\n');
  expect(await port.ask('MAIL FROM:<a@b.test>\r\n')).toMatchObject({ code: 530 });
  const guessed = Buffer.from('\0ann\0guessed').toString('base64');
  expect(await port.ask(`AUTH PLAIN ${guessed}\r\n`)).toMatchObject({ code: 535 });
  expect(await engine.login(port, 'ann')).toMatchObject({ code: 235 });
  expect(await port.ask('MAIL FROM:<a@b.test>\r\n')).toMatchObject({ code: 250 });
});
