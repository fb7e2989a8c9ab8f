// "It works with library A and fails with B": two sessions side by side.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { align } from '../../shared/compare/align.ts';
import { changedSpans } from '../../shared/compare/changed-spans.ts';
import { compareLines, compareSessions, type ComparedLine } from '../../shared/compare/compare-sessions.ts';
import { startTestSandbox } from '../support/sandbox.ts';
import { recorded, transcript } from './recorded.ts';
import { cpuNow } from '../support/cpu-time.ts';

const shown = (rows: ComparedLine[]): string[] =>
  rows.map(({ kind, left, right }) => {
    if (kind === 'same') return `= ${left!.text}`;
    if (kind === 'changed') return `~ ${left!.text} | ${right!.text}`;
    return kind === 'only-left' ? `- ${left!.text}` : `+ ${right!.text}`;
  });

describe('two transcripts', () => {
  test('are aligned by what the lines mean', () => {
    const left = transcript(
      'S: 220 a.test ESMTP',
      'C: EHLO one.test',
      'S: 250-a.test',
      'S: 250-SIZE 10',
      'S: 250 STARTTLS',
      'C: MAIL FROM:<a@x.test> SIZE=5',
      'S: 250 2.1.0 Ok',
      'C: RCPT TO:<b@x.test>',
      'S: 250 2.1.5 Ok',
    );
    const right = transcript(
      'S: 220 b.test ESMTP',
      'C: EHLO two.test',
      'S: 250-b.test',
      'S: 250-SIZE 10',
      'S: 250-STARTTLS',
      'S: 250 AUTH PLAIN',
      'C: AUTH PLAIN',
      'S: 235 2.7.0 Ok',
      'C: MAIL FROM:<a@x.test>',
      'S: 250 2.1.0 Ok',
      'C: RCPT TO:<b@x.test>',
      'S: 550 5.1.1 No such user',
    );
    expect(shown(compareLines(left, right))).toEqual([
      '= 220 a.test ESMTP',
      '= EHLO one.test',
      '= 250-a.test',
      '= 250-SIZE 10',
      '= 250 STARTTLS',
      '+ 250 AUTH PLAIN',
      '+ AUTH PLAIN',
      '+ 235 2.7.0 Ok',
      '~ MAIL FROM:<a@x.test> SIZE=5 | MAIL FROM:<a@x.test>',
      '= 250 2.1.0 Ok',
      '= RCPT TO:<b@x.test>',
      '~ 250 2.1.5 Ok | 550 5.1.1 No such user',
    ]);
  });

  test('keep the recipients in place when one of many differs', () => {
    const rcpt = (...names: string[]) =>
      transcript(...names.flatMap((name) => [`C: RCPT TO:<${name}@x.test>`, 'S: 250 2.1.5 Ok']));
    const rows = compareLines(rcpt('a', 'b', 'c', 'd'), rcpt('a', 'x', 'c', 'e', 'd'));
    expect(shown(rows).filter((row) => !row.startsWith('='))).toEqual([
      '~ RCPT TO:<b@x.test> | RCPT TO:<x@x.test>',
      '+ RCPT TO:<e@x.test>',
      '+ 250 2.1.5 Ok',
    ]);
  });

  test('with other addresses are the same once addresses are left out', () => {
    const [left, right] = [transcript('C: MAIL FROM:<a@x.test>'), transcript('C: MAIL FROM:<b@x.test>')];
    expect(compareLines(left, right)[0]?.kind).toBe('changed');
    expect(compareLines(left, right, { addresses: true })[0]?.kind).toBe('same');
  });

  test.each([
    ['C: EHLO a.test', 'C: EHLO [127.0.0.1]', 'changed'],
    ['C: EHLO a.test', 'C: EHLO localhost', 'changed'],
    ['C: EHLO [10.0.0.1]', 'C: EHLO [IPv6:::1]', 'same'],
    [
      'S: 250 2.0.0 Ok: queued as m_01M85DG2GSS0KYH9AR5V0K2DVC',
      'S: 250 2.0.0 Ok: queued as m_01M85DG2PJ221JYNJABQH63CX6',
      'same',
    ],
    [
      'S: 220 a ready at Mon, 3 Nov 2026 10:00:00 +0000',
      'S: 220 b ready at Tue, 4 Nov 2026 11:00:01 +0000',
      'same',
    ],
    ['S: 334 PDEyMy40NTZAeC50ZXN0Pg==', 'S: 334 PDc4OS4xMjNAeC50ZXN0Pg==', 'same'],
    ['S: 334 VXNlcm5hbWU6', 'S: 334 UGFzc3dvcmQ6', 'changed'],
  ])('%s and %s are %s', (left, right, kind) => {
    expect(compareLines(transcript(left), transcript(right))[0]?.kind).toBe(kind);
  });

  test('that differ in a line ending only are not the same', () => {
    const [left, right] = [transcript('C: RSET'), transcript('C: RSET')];
    right[0]!.eol = 'LF';
    expect(compareLines(left, right)).toMatchObject([{ kind: 'changed', parts: { left: [], right: [] } }]);
  });

  test('show which words of a line changed', () => {
    const [row] = compareLines(
      transcript('C: MAIL FROM:<a@x.test> SIZE=5'),
      transcript('C: MAIL FROM:<a@y.test> SIZE=5'),
    );
    expect(row!.parts).toEqual({ left: [{ start: 13, end: 14 }], right: [{ start: 13, end: 14 }] });
  });
});

test('the differing facts of two real sessions are told in sentences', async () => {
  await using sandbox = await startTestSandbox();
  {
    await using wire = await sandbox.wire(1);
    await wire.hello('before.test');
    await wire.say('STARTTLS');
    await wire.secure({ servername: 'localhost' });
    await wire.say('EHLO one.test');
    await wire.say(`AUTH PLAIN ${Buffer.from('\0joe\0secret').toString('base64')}`);
    await wire.mail();
    await wire.quit();
    await sandbox.closedSessions(1);
  }
  {
    await using wire = await sandbox.wire(0);
    await wire.reply();
    await wire.say('HELO [127.0.0.1]');
    wire.send('MAIL FROM:<ann@example.test>\nRCPT TO:<bad@>\r\n');
    await wire.reply();
    await wire.reply();
    wire.end();
    await sandbox.closedSessions(2);
  }
  const sessions = await sandbox.closedSessions(2);
  const [left, right] = await Promise.all(
    sessions.map(async (session) => ({ session, lines: await sandbox.lines(session.id) })),
  );
  const { rows, differences } = compareSessions(left!, right!);
  const sentences = Object.fromEntries(differences.map(({ fact, text }) => [fact, text]));
  expect(sentences).toMatchObject({
    outcome: 'The left ended with a message stored; the right ended with its mail refused.',
    ehlo: 'The left introduced itself by EHLO as "one.test"; the right introduced itself by HELO as "[127.0.0.1]".',
    tls: 'The left used TLSv1.3 by STARTTLS; the right used no TLS.',
    auth: 'The left logged in inside TLS; the right did not log in.',
    mechanism: 'The left tried AUTH by PLAIN with an initial response; the right tried no AUTH.',
    data: 'The left sent by DATA; the right sent no message.',
    'line-endings': 'The left ended every line in CRLF; the right had commands that end in a bare LF.',
    end: 'The left ended by quit of the client; the right ended by fin of the client.',
  });
  expect(sentences.refusal).toMatch(
    /^The left was never refused; the right was first refused at "RCPT TO:<bad@>" with "5/,
  );
  expect(rows.filter(({ left: one }) => one).map(({ left: one }) => one)).toEqual(left!.lines);
  expect(rows.filter(({ right: one }) => one).map(({ right: one }) => one)).toEqual(right!.lines);
  expect(compareSessions(left!, left!)).toMatchObject({ differences: [] });
  expect(compareSessions(left!, left!).rows.every(({ kind }) => kind === 'same')).toBe(true);
});

test('one parameter of MAIL is told as one, several as several', async () => {
  await using sandbox = await startTestSandbox();
  for (const parameters of ['SIZE=10', 'SIZE=10 BODY=8BITMIME']) {
    await using wire = await sandbox.wire();
    await wire.hello();
    await wire.say(`MAIL FROM:<ann@example.test> ${parameters}`);
    await wire.quit();
  }
  const [left, right] = await sandbox.closedSessions(2);
  const { differences } = compareSessions({ session: left!, lines: [] }, { session: right!, lines: [] });
  expect(differences.find(({ fact }) => fact === 'mail-parameters')?.text).toBe(
    'The left gave MAIL the parameter SIZE; the right gave MAIL the parameters SIZE, BODY=8BITMIME.',
  );
});

test('a session that took much longer is told, one that took a little longer is not', () => {
  const fast = recorded([], { durationUs: 200_000 });
  expect(compareSessions(fast, recorded([], { durationUs: 5_000_000 })).differences).toMatchObject([
    { fact: 'time', text: 'The left took 200 ms; the right took 5.0 s.' },
  ]);
  expect(compareSessions(fast, recorded([], { durationUs: 250_000 })).differences).toEqual([]);
});

describe('an alignment', () => {
  const numbers = fc.array(fc.nat(5), { maxLength: 60 }).map((list) => Uint32Array.from(list));
  const lcs = (a: Uint32Array, b: Uint32Array): number => {
    let row = new Array<number>(b.length + 1).fill(0);
    for (const x of a) {
      const next = [0];
      b.forEach((y, j) => next.push(x === y ? row[j]! + 1 : Math.max(row[j + 1]!, next[j]!)));
      row = next;
    }
    return row.at(-1)!;
  };
  test('is as long as can be, pairs equals and never crosses', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const partner = align(a, b);
        const pairs = [...partner].flatMap((to, from) => (to < 0 ? [] : [[from, to] as const]));
        expect(pairs.every(([from, to]) => a[from] === b[to])).toBe(true);
        expect(pairs.every(([, to], i) => i === 0 || to > pairs[i - 1]![1])).toBe(true);
        expect(pairs).toHaveLength(lcs(a, b));
      }),
      { numRuns: 500 },
    );
  });
  test('stays sound where it gives up on the best', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const to = [...align(a, b, 3)].filter((index) => index >= 0);
        expect(to).toEqual([...to].sort((x, y) => x - y));
      }),
    );
  });
  test('marks spans that leave the same rest on both sides', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '.', 'é', '😀'), maxLength: 40 });
    const rest = (whole: string, spans: { start: number; end: number }[]): string =>
      [...spans].reverse().reduce((left, { start, end }) => left.slice(0, start) + left.slice(end), whole);
    fc.assert(
      fc.property(text, text, (a, b) => {
        const { left, right } = changedSpans(a, b);
        expect(rest(a, left)).toBe(rest(b, right));
      }),
    );
  });
});

test('5,000 lines a side are compared within two seconds, however different', () => {
  const random = (seed: number): string[] => {
    let state = seed;
    const next = (n: number): number => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) % n;
    const verbs = ['MAIL FROM:<a@x.test>', 'RCPT TO:<b@x.test>', 'DATA', 'RSET', 'NOOP', 'VRFY x'];
    return Array.from({ length: 2500 }, () => [
      `C: ${verbs[next(6)]} ${next(1000)}`,
      `S: ${next(2) ? 250 : 550} ${next(50)}`,
    ]).flat();
  };
  const [left, right] = [transcript(...random(1)), transcript(...random(2))];
  const start = cpuNow();
  expect(compareLines(left, right).length).toBeGreaterThan(5000);
  expect(compareLines(left, transcript('C: QUIT')).length).toBe(5001);
  expect(cpuNow() - start).toBeLessThan(2000);
});
