// Mailbox files as other programs write them, message by message.
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatMboxMessage, readMbox, type MboxMessage } from '../../server/cli/mbox.ts';
import type { MboxQuoting } from '../../server/cli/mail-commands.ts';

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string, quoting: MboxQuoting = 'mboxrd', maxSize = 1e6, piece = 7) {
  const found: MboxMessage[] = [];
  for await (const message of readMbox(inPieces(Buffer.from(text, 'latin1'), piece), { quoting, maxSize }))
    found.push(message);
  return found.map(({ bytes }) => bytes?.toString('latin1') ?? null);
}

const from = 'From ann@x.test Mon Jan  1 00:00:00 2024\n';

test('each dialect has its own way with lines that begin with From', async () => {
  const file = `${from}A: 1\n\n>From one\n>>From two\nFrom three\n>Fromage\n\n${from}B: 2\n\nhi\n`;
  expect(await read(file)).toEqual(['A: 1\n\nFrom one\n>From two\nFrom three\n>Fromage\n', 'B: 2\n\nhi\n']);
  expect(await read(file, 'mboxo')).toEqual([
    'A: 1\n\nFrom one\n>>From two\nFrom three\n>Fromage\n',
    'B: 2\n\nhi\n',
  ]);
  expect(await read(file, 'mboxcl2')).toEqual([
    'A: 1\n\n>From one\n>>From two\nFrom three\n>Fromage\n',
    'B: 2\n\nhi\n',
  ]);
});

test('mboxcl2 goes by Content-Length, and by the lines where that is a lie', async () => {
  const body = '\nFrom inside\n\nFrom again\n';
  const length = (n: number | string): string => `Content-Length: ${n}\nA: 1\n\n`;
  const good = `${from}${length(body.length)}${body}\n${from}${length(3)}hi\n\n`;
  for (const piece of [1, 5, 1000])
    expect(await read(good, 'mboxcl2', 1e6, piece)).toEqual([
      `${length(body.length)}${body}`,
      `${length(3)}hi\n`,
    ]);
  for (const lie of [1, 4, 1000, 999_999_999_999, 'x'])
    expect(await read(`${from}${length(lie)}hello\n\n${from}B: 2\n\nhi\n`, 'mboxcl2')).toEqual([
      `${length(lie)}hello\n`,
      'B: 2\n\nhi\n',
    ]);
});

test('line endings, missing ones too, and odd files are taken as they are', async () => {
  expect(await read(`From x\r\nA: 1\r\n\r\nhi\r\n\r\nFrom y\r\nB: 2\r\n\r\nho`)).toEqual([
    'A: 1\r\n\r\nhi\r\n',
    'B: 2\r\n\r\nho',
  ]);
  expect(await read(`\n\n${from}A: 1\n\n`)).toEqual(['A: 1\n\n']);
  expect(await read(`${from}${from}`)).toEqual([from]);
  expect(await read('Subject: no mbox\n\nhi\n')).toEqual([]);
  expect(await read('')).toEqual([]);
  expect(await read(from)).toEqual(['']);
});

test.each(['mboxrd', 'mboxo', 'mboxcl2'] as const)(
  'messages without an empty line between them are told apart in %s, by From lines with an address and a time',
  async (quoting) => {
    const real = [
      'From ann@x.test Mon Jan  1 00:00:00 2024',
      'From MAILER-DAEMON Thu Feb 29 23:59:59 2024',
      'From - Tue Mar 12 09:05 2024',
      'From 1789@xxx Sat Nov 30 00:00:00 +0000 2024',
      'From "ann b"@x.test  Wed Jun  5 1:02:03 UTC 2024',
      'From ann at x.test  Fri Jul 19 12:00:00 2024 +0200',
    ];
    const text = 'A: 1\n\none\n\ntwo\n';
    for (const lineEnd of ['\n', '\r\n', ' \n'])
      expect(await read(real.map((line) => `${line}${lineEnd}${text}`).join(''), quoting)).toEqual(
        real.map(() => text),
      );
    // Also behind a header without a body, and behind a last line of CRLF.
    expect(await read(`${from}A: 1\r\n${from}B: 2\n\nhi\r\n${from}C: 3\n`, quoting)).toEqual([
      'A: 1\r\n',
      'B: 2\n\nhi\r\n',
      'C: 3\n',
    ]);
  },
);

test('right behind text a line that begins with From and is no complete one is text', async () => {
  const lines = [
    'From there on it was Mon Jan 1 2024',
    'From ann@x.test Mon Jan  1 00:00:00',
    'From ann@x.test Mo Jan  1 00:00:00 2024',
    'From ann@x.test Mon Foo  1 00:00:00 2024',
    'From ann@x.test Mon Jan 1 2024',
    'From Mon Jan  1 00:00:00 2024',
    'From ann@x.test Mon Jan  1 00:00:00 2024 was a holiday',
    'from ann@x.test Mon Jan  1 00:00:00 2024',
    '>>From ann@x.test Mon Jan  1 00:00:00 2024',
    'I was far From ann@x.test Mon Jan  1 00:00:00 2024',
    `From ann@x.test ${'x'.repeat(1000)} Mon Jan  1 00:00:00 2024`,
  ];
  const message = `A: 1\n\nhello\n${lines.join('\n')}\nbye\n`;
  expect(await read(`${from}${message}\n${from}B: 2\n\nhi\n`, 'mboxcl2')).toEqual([message, 'B: 2\n\nhi\n']);
});

test.each(['mboxrd', 'mboxo', 'mboxcl2'] as const)(
  'a line that begins with the field "From :" begins no file and no message of %s',
  async (quoting) => {
    expect(await read('From : a@x.test\n\nhi\n', quoting)).toEqual([]);
    const first = 'Content-Length: 0\nA: 1\n\nFrom \t : one\n\nFrom :two\n';
    expect(await read(`${from}${first}\n${from}From : b\n\nhi\n`, quoting)).toEqual([
      first,
      'From : b\n\nhi\n',
    ]);
    // A sender with a colon is one.
    expect(await read(`From a:b Mon\nA: 1\n\nhi\n`, quoting)).toEqual(['A: 1\n\nhi\n']);
  },
);

test('a message over the limit is counted, not kept, and the next one is found', async () => {
  const file = `${from}A: 1\n\n${'x'.repeat(3_000_000)}\n\n${from}B: 2\n\nhi\n`;
  expect(await read(file, 'mboxrd', 1000, 100_000)).toEqual([null, 'B: 2\n\nhi\n']);
  expect(await read(file.replace('A: 1', 'Content-Length: 3000001'), 'mboxcl2', 1000, 100_000)).toEqual([
    null,
    'B: 2\n\nhi\n',
  ]);
});

test('what is written as mboxrd is read back byte by byte', async () => {
  const line = fc.constantFrom(
    'From x',
    'From : x',
    '>From \t:x',
    '>From x',
    '>>From x',
    '',
    'text',
    'From',
    '\r',
    '\xff\0',
    'a\rFrom x',
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(line, { maxLength: 8 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 40 }),
      async (bodies, piece) => {
        const messages = bodies.map(
          (lines, n) => `${n % 2 ? 'From :' : 'A:'} 1\r\n\r\n${lines.map((text) => `${text}\r\n`).join('')}`,
        );
        const file = messages.map((text) =>
          formatMboxMessage(Buffer.from(text, 'latin1'), 'a b@x', new Date(0)).toString('latin1'),
        );
        expect(file[0]!.startsWith('From a_b@x Thu Jan  1 00:00:00 1970\n')).toBe(true);
        expect(await read(file.join(''), 'mboxrd', 1e6, piece)).toEqual(messages);
      },
    ),
  );
});
