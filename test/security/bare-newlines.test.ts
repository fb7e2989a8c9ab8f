// With `--bare-newlines refuse` a message with a bare LF or CR is answered 550 5.5.2 at its true end, and nothing of it is stored.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { failuresOf } from '../../shared/session-failures.ts';
import { explainFailure } from '../../web/parts/connect/explain-failure.ts';
import { whatHappened } from '../../web/parts/session/what-happened.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { bytesOfSide, startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import type { Wire } from '../support/wire.ts';
import { ambiguousEnds, begin, sendCut, waysToCut } from './data-ends.ts';
import { readRaw } from './dots.ts';

const strict = { bareNewlines: 'refuse' };
const isBare = (text: string): boolean => /(?<!\r)\n|\r(?!\n)/.test(text);
const start = 'Subject: one';
const smuggled = 'MAIL FROM:<evil@x.test>\r\nRCPT TO:<evil@x.test>\r\nDATA\r\nSubject: smuggled\r\n\r\nx\r\n';

const subjects = async ({ client }: TestSandbox): Promise<string[]> =>
  (await client.listMessages({ query: { limit: 500 } })).items.map(({ subject }) => subject).sort();

/** A message of the same connection, with the right reply to each of its commands. */
async function sendGood(wire: Wire): Promise<void> {
  await begin(wire);
  wire.send('Subject: good\r\n\r\nx\r\n');
  expect(await wire.say('.')).toMatch(/^250 2\.0\.0 .*queued as m_/);
}

/** BDAT chunks of these bytes; the reply to the last. */
async function sendChunks(wire: Wire, chunks: string[]): Promise<string> {
  await wire.say('MAIL FROM:<a@b.test>');
  await wire.say('RCPT TO:<c@d.test>');
  for (const chunk of chunks.slice(0, -1)) {
    wire.send(`BDAT ${chunk.length}\r\n${chunk}`);
    expect(await wire.reply()).toMatch(/^250 2\.0\.0 /);
  }
  const last = chunks.at(-1)!;
  wire.send(`BDAT ${last.length} LAST\r\n${last}`);
  return wire.reply();
}

test('every variant of an end of data with a bare LF or CR is refused, wherever it is cut, and nothing of it stored', async () => {
  await using sandbox = await startTestSandbox({ ...strict, maxMessages: '0' });
  await using wire = await sandbox.wire();
  await wire.hello();
  const sent = { good: 0, one: 0, refused: 0 };
  for (const sequence of ambiguousEnds) {
    const bytes = Buffer.from(`${start}${sequence}${smuggled}.\r\n`, 'latin1');
    const expected = isBare(bytes.toString('latin1')) ? '550 5.5.2' : '250 2.0.0';
    for (const cuts of waysToCut(bytes, start.length, sequence.length)) {
      await begin(wire);
      await sendCut(wire, bytes, cuts);
      expect([sequence, cuts, (await wire.reply()).slice(0, 9)]).toEqual([sequence, cuts, expected]);
      sent[expected[0] === '5' ? 'refused' : 'one']++;
      await sendGood(wire);
      sent.good++;
    }
  }
  await wire.quit();
  expect(sent.refused).toBeGreaterThan(100);
  expect(sent.one).toBeGreaterThan(30);
  const { messages } = await sandbox.client.readStatus();
  expect(messages).toBe(sent.good + sent.one);
  const { transactions } = await sandbox.closedSession();
  expect(transactions.filter(({ outcome }) => outcome === 'refused')).toHaveLength(sent.refused);
  const addresses = transactions.flatMap(({ from, recipients }) => [from, ...recipients]);
  expect(addresses.length).toBeGreaterThan(sent.refused);
  expect(addresses.filter(({ address }) => address === 'evil@x.test')).toEqual([]);
});

test('so is it in chunks of BDAT, wherever they are cut, and CR and LF of two chunks are a CRLF', async () => {
  await using sandbox = await startTestSandbox(strict);
  await using wire = await sandbox.wire();
  await wire.hello();
  const stored: string[] = [];
  let refused = 0;
  for (const sequence of ambiguousEnds) {
    const text = `Subject: chunks${sequence}${smuggled}`;
    for (let cut = text.indexOf(sequence); cut <= text.indexOf(smuggled); cut++) {
      const reply = await sendChunks(wire, [text.slice(0, cut), text.slice(cut)]);
      const expected = isBare(text) ? '550 5.5.2' : '250 2.0.0';
      expect([sequence, cut, reply.slice(0, 9)]).toEqual([sequence, cut, expected]);
      if (expected[0] === '2') stored.push(await readRaw(sandbox, /m_\w+/.exec(reply)![0]));
      else refused++;
      if (expected[0] === '2') expect(stored.at(-1)).toBe(text);
    }
    await sendGood(wire);
  }
  // Nothing follows that could make a CRLF of it.
  expect(await sendChunks(wire, ['Subject: open\r\n\r\na', '\r'])).toMatch(
    /^550 5\.5\.2 .* 1 bare CR, in line 3;/,
  );
  expect(refused).toBeGreaterThan(40);
  expect(stored.length).toBeGreaterThan(20);
  expect((await sandbox.client.readStatus()).messages).toBe(stored.length + ambiguousEnds.length);
});

test.each([
  ['ab\nc\r\n', '1 bare LF, in line 1'],
  ['Subject: x\r\n\r\nab\rc\r\n', '1 bare CR, in line 3'],
  ['Subject: x\r\n\r\na\nb\nc\r\n', '2 bare LF, the first in line 3'],
  ['Subject: x\r\na\r\r\n\r\n\nx\r\n', '1 bare LF and 1 bare CR, the first in line 2'],
  ['x\r\n.\rx\r\n', '1 bare CR, in line 2'],
  ['x\r\n.\nx\r\n', '1 bare LF, in line 2'],
])('the reply to %j says which, how many, and where: %s', async (text, found) => {
  await using sandbox = await startTestSandbox(strict);
  await using wire = await sandbox.wire();
  await wire.hello();
  const reply = `550 5.5.2 Message refused: ${found}; lines must end in CRLF (--bare-newlines)\r\n`;
  await begin(wire);
  wire.send(text);
  expect(await wire.say('.')).toBe(reply);
  expect(await sendChunks(wire, [text])).toBe(reply);
  await sendGood(wire);
  expect(await subjects(sandbox)).toEqual(['good']);
});

test.each(['DATA', 'BDAT'])(
  'a session says why its message by %s was refused, and shows its bytes',
  async (command) => {
    await using sandbox = await startTestSandbox(strict);
    await using wire = await sandbox.wire();
    await wire.hello();
    const text = 'Subject: x\r\n\r\n..dots\r\nbare\n.\nand\rhere\r\n';
    if (command === 'DATA') {
      await begin(wire);
      wire.send(text);
      expect(await wire.say('.')).toMatch(/^550 5\.5\.2 /);
    } else expect(await sendChunks(wire, [text.slice(0, 25), text.slice(25)])).toMatch(/^550 5\.5\.2 /);
    expect(await wire.quit()).toMatch(/^221 /);
    const session = await sandbox.closedSession();
    const why = 'Message refused: 2 bare LF and 1 bare CR, the first in line 4;';
    expect(session).toMatchObject({
      outcome: 'refused',
      messages: 0,
      messageIds: [],
      refusal: { command, code: 550, enhanced: '5.5.2' },
      transactions: [{ outcome: 'refused', messageId: null, data: { command, bareLf: 2, bareCr: 1 } }],
    });
    expect(session.transactions[0]!.reply!.text).toContain(why);
    // A chunk has no end that could be mistaken.
    expect(session.anomalyList.map(({ kind }) => kind)).toEqual(
      ['bare-lf', 'bare-cr', 'smuggling-sequence'].slice(0, command === 'DATA' ? 3 : 2),
    );
    expect([...failuresOf(session)].map((failure) => failure.text)).toEqual([expect.stringContaining(why)]);
    expect(whatHappened(session)).toBe(`${command} was refused with 550 5.5.2; left with QUIT`);
    const { reason, advice } = explainFailure(session, []);
    expect([reason, advice]).toEqual([
      expect.stringContaining(why),
      expect.stringContaining('End every line with CRLF'),
    ]);
    const lines = await sandbox.lines(session.id);
    expect(bytesOfSide(lines, 'client').toString()).toBe(Buffer.concat(wire.sent).toString());
    const data = lines.find(({ n }) => n === session.anomalyList[0]!.line);
    expect(data).toMatchObject({ kind: 'data' });
    expect(data).not.toHaveProperty('lost');
    if (command === 'DATA')
      expect(data!.text).toMatch(/^message of \d+ bytes, with a bare LF or CR, not stored$/);
    expect(await subjects(sandbox)).toEqual([]);
  },
);

test('a command line with a bare LF is refused and not carried out, each with a reply', async () => {
  await using sandbox = await startTestSandbox({ ...strict, user: ['app:word'] });
  await using wire = await sandbox.wire();
  await wire.hello();
  const refused =
    '550 5.5.2 Command refused: its line ends in a bare LF; lines must end in CRLF (--bare-newlines)\r\n';
  const commands = [
    'EHLO x.test',
    'MAIL FROM:<evil@x.test>',
    'NOOP',
    'AUTH PLAIN AGFwcAB3b3Jk',
    'what',
    'QUIT',
  ];
  for (const command of commands) {
    wire.send(`${command}\n`);
    expect([command, await wire.reply()]).toEqual([command, refused]);
  }
  expect(await wire.say('AUTH PLAIN AGFwcAB3b3Jk')).toMatch(/^235 /);
  await sendGood(wire);
  expect(await wire.quit()).toMatch(/^221 /);
  const session = await sandbox.closedSession();
  expect(session).toMatchObject({
    user: 'app',
    messages: 1,
    auth: [{ ok: true }],
    anomalyList: [{ kind: 'bare-lf', count: commands.length }],
  });
  expect(JSON.stringify(await sandbox.lines(session.id))).not.toContain('AGFwcAB3b3Jk');
});

test('a BDAT command with a bare LF between others gives up its message, and no later chunk is taken for all of it', async () => {
  await using sandbox = await startTestSandbox(strict);
  await using wire = await sandbox.wire();
  await wire.hello();
  for (const path of ['MAIL FROM:<a@b.test>', 'RCPT TO:<c@d.test>']) await wire.say(path);
  wire.send(`BDAT 14\r\n${start}\r\nBDAT 6\nX: y\r\nBDAT 7 LAST\r\n\r\nend\r\n`);
  for (const code of ['250 2.0.0', '550 5.5.2', '503 5.5.1'])
    expect((await wire.reply()).slice(0, 9)).toBe(code);
  expect(await subjects(sandbox)).toEqual([]);
  await sendGood(wire);
  await wire.quit();
  const session = await sandbox.closedSession();
  expect(session.transactions.map(({ outcome }) => outcome)).toEqual(['refused', 'stored']);
  expect(session.transactions[0]).toMatchObject({ reply: { code: 550 }, data: { chunks: [14, 6] } });
  const sent = bytesOfSide(await sandbox.lines(session.id), 'client');
  expect(sent.toString()).toBe(Buffer.concat(wire.sent).toString());
});

test('LMTP says so once for each recipient, by DATA and by BDAT', async () => {
  await using sandbox = await startTestSandbox({ ...strict, listen: ['lmtp://127.0.0.1:0'] });
  await using wire = await sandbox.wire(3);
  await wire.reply();
  await wire.say('LHLO client.test');
  const to = ['one@d.test', 'two@d.test', 'three@d.test'];
  for (const [text, code] of [
    ['Subject: bare\r\n\r\nx\ny\r\n', '550 5.5.2'],
    ['Subject: good\r\n\r\nx\r\n', '250 2.0.0'],
  ] as const)
    for (const content of [`DATA\r\n${text}.\r\n`, `BDAT ${text.length} LAST\r\n${text}`]) {
      await wire.say('MAIL FROM:<a@b.test>');
      for (const address of to) await wire.say(`RCPT TO:<${address}>`);
      wire.send(content);
      if (content.startsWith('DATA')) expect(await wire.reply()).toMatch(/^354 /);
      for (const address of to) {
        const reply = await wire.reply();
        expect([reply.slice(0, 9), reply.includes(`<${address}>`)]).toEqual([code, true]);
      }
      expect(await wire.say('NOOP')).toMatch(/^250 /);
    }
  expect(await subjects(sandbox)).toEqual(['good', 'good']);
});

test('a listener may refuse what the others take, and the reverse', async () => {
  for (const [all, one] of [
    ['accept', 'refuse'],
    ['refuse', 'accept'],
  ] as const) {
    const listen = [`smtp://127.0.0.1:0?bare-newlines=${one}`];
    await using sandbox = await startTestSandbox({ bareNewlines: all, listen });
    for (const [listener, what] of [
      [0, all],
      [3, one],
    ] as const) {
      await using wire = await sandbox.wire(listener);
      await wire.hello();
      const reply = await wire.mail(`Subject: ${what}\r\n\r\nbare\nline\r\n`);
      expect(reply.slice(0, 9)).toBe(what === 'accept' ? '250 2.0.0' : '550 5.5.2');
    }
    expect(await subjects(sandbox)).toEqual(['accept']);
  }
});

test('a message that is too big as well is too big, one that is cut off is that, and one that is large is refused too', async () => {
  await using sandbox = await startTestSandbox({ ...strict, maxSize: '8MB' });
  await using wire = await sandbox.wire();
  await wire.hello();
  const lines = (megabytes: number): Buffer => Buffer.alloc(megabytes * 1e6, `bare\n${'x'.repeat(93)}\r\n`);
  expect(await wire.mail(lines(9))).toMatch(/^552 5\.3\.4 /);
  expect(await wire.mail(lines(7))).toMatch(/^550 5\.5\.2 .* 70000 bare LF, the first in line 1;/);
  await sendGood(wire);
  await begin(wire);
  wire.send('half\na message');
  wire.end();
  await wire.closed();
  const session = await sandbox.closedSession();
  expect(session.transactions.map(({ outcome }) => outcome)).toEqual([
    ...['refused', 'refused', 'stored', 'aborted'],
  ]);
  const data = (await sandbox.lines(session.id)).filter(({ kind }) => kind === 'data');
  expect(data.map(({ lost, messageId }) => lost ?? messageId !== undefined)).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(await subjects(sandbox)).toEqual(['good']);
});

test('of a refused message that went to a file no file is left', async () => {
  const data = temporaryFolder();
  await using sandbox = await startTestSandbox({ ...strict, data });
  const files = (): string[] =>
    readdirSync(join(data, 'bodies'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);
  await using wire = await sandbox.wire();
  await wire.hello();
  const line = `${'x'.repeat(98)}\r\n`;
  const stored = await wire.mail(line.repeat(20_000));
  const [id] = /m_\w+/.exec(stored)!;
  expect(files()).toEqual([id]);
  for (const half of [10_000, 25_000])
    expect(await wire.mail(`${line.repeat(half)}bare\n${line.repeat(half)}`)).toMatch(
      new RegExp(`^550 5\\.5\\.2 .* in line ${half + 1};`),
    );
  await expect.poll(files).toEqual([id]);
});
