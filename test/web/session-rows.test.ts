import { expect, test } from 'vitest';
import type { Session } from '../../shared/session.ts';
import type { TranscriptLine } from '../../shared/transcript.ts';
import { compareRows, differenceStarts, textParts } from '../../web/parts/session/compare-rows.ts';
import { splitData } from '../../web/parts/session/data-lines.ts';
import { explainLine, referenceParts } from '../../web/parts/session/explain-line.ts';
import { readFlights } from '../../web/parts/session/ladder.ts';
import { readNotes, summarizeData } from '../../web/parts/session/line-notes.ts';
import { lineSegments } from '../../web/parts/session/line-segments.ts';
import { offerRows } from '../../web/parts/session/offers.ts';
import { readPackets } from '../../web/parts/session/packets.ts';
import { exportsOf } from '../../web/parts/session/replays.ts';
import { splitReason } from '../../web/parts/session/split-reason.ts';
import { weakness } from '../../web/parts/session/tls-weakness.ts';
import { bandsOf, buildRows, filterRows, findRows } from '../../web/parts/session/transcript-rows.ts';
import { readWaits, slowestWaits, stripOf, sumWaits } from '../../web/parts/session/waits.ts';
import { bandName } from '../../web/parts/session/phase-name.ts';
import { countWarnings, warningsOf, whatHappened } from '../../web/parts/session/what-happened.ts';
import { compareLines } from '../../shared/compare/compare-sessions.ts';
import { makeLines } from './support/fixture-lines.ts';
import { capturedLines, capturedSession, failedTlsSession, makeSession } from './support/fixture-sessions.ts';

/** As the server records it: each pipelined command stands after the reply to the one before it. */
const pipelined = makeLines([
  ['S', 100, '220 hi', { chunk: 0 }],
  ['C', 60_100, 'MAIL FROM:<a@b.example>', { chunk: 1, phase: 'transaction 1', transaction: 1 }],
  ['S', 61_000, '250 2.1.0 Accepted', { chunk: 2 }],
  ['C', 60_100, 'RCPT TO:<bad', { chunk: 1, pipelined: true }],
  ['S', 62_000, '501 5.1.3 The path has no closing ">"', { chunk: 3 }],
  ['C', 60_100, 'DATA', { chunk: 1, pipelined: true }],
  ['S', 63_000, '354 Go on', { chunk: 4 }],
  ['C', 463_000, 'message', { kind: 'data', chunk: 5, chunks: 2, eol: '' }],
  ['S', 464_000, '250 2.0.0 Ok', { chunk: 7 }],
  ['C', 463_000, 'QUIT', { chunk: 6, pipelined: true, phase: 'quit' }],
]);

const texts = (rows: ReturnType<typeof buildRows>): string[] =>
  rows.map((row) => (row.kind === 'line' ? row.line.text : row.kind));

test('lines of one packet hang together, also where answers stand in between', () => {
  const { rails, counts } = readPackets(pipelined);
  expect(rails.map(({ client }) => client ?? '')).toEqual([
    ...['', 'first', 'through', 'middle', 'through', 'last'],
    // The last piece of the message brought the QUIT as well.
    ...['', 'first', 'through', 'last'],
  ]);
  expect([...counts]).toEqual([[1, 3]]);
  expect(rails.every(({ server }) => server === undefined)).toBe(true);
});

test('a wait belongs to the side whose turn it was, and a message on its way is nobody thinking', () => {
  const waits = readWaits(pipelined);
  expect(sumWaits(waits)).toEqual({ client: 60_000, server: 100 + 2900 + 1000, message: 400_000 });
  expect(slowestWaits(waits, 2).map(({ line, us }) => [line, us])).toEqual([
    [7, 400_000],
    [1, 60_000],
  ]);
  const silent = readWaits([
    ...makeLines([
      ['S', 10, '220 hi'],
      ['-', 300_000_000, 'The client was silent for too long.'],
    ]),
  ]);
  expect(silent.at(-1)).toMatchObject({ by: 'client', line: 1 });
});

test('the strip of time is bounded and covers the session', () => {
  const lines = makeLines(
    Array.from({ length: 5000 }, (_, n): ['C' | 'S', number, string] => [
      n % 2 ? 'C' : 'S',
      n * 90,
      '250 ok',
    ]),
  );
  const waits = readWaits(lines);
  const strip = stripOf(waits, 5000 * 90);
  expect(strip.length).toBeLessThanOrEqual(160);
  expect(strip.reduce((sum, { width }) => sum + width, 0)).toBeCloseTo(1, 1);
  expect(stripOf([], 0)).toEqual([]);
});

test('every part of the session has a band that tells how long it took', () => {
  const bands = bandsOf(buildRows(capturedLines));
  expect(bands.map((band) => [bandName(band), band.firstLine])).toEqual([
    ['Greeting', 0],
    ['TLS handshake', 9],
    ['Encrypted', 12],
    ['Login', 19],
    ['Mail 1', 25],
    ['Goodbye', 35],
  ]);
  expect(bands[4]).toMatchObject({ transaction: 1, endUs: 619_800 });
});

test('what is said between two mails is called so', () => {
  const line = (n: number, phase: string, transaction?: number) => ({
    ...{ ...capturedLines[0]!, n, phase },
    ...(transaction === undefined ? {} : { transaction }),
  });
  const lines = [
    line(0, 'plain'),
    line(1, 'auth'),
    line(2, 'plain'),
    line(3, 'transaction 1', 1),
    line(4, 'plain'),
  ];
  expect(bandsOf(buildRows(lines)).map(bandName)).toEqual([
    ...['Greeting', 'Login', 'Dialogue', 'Mail 1', 'Between mails'],
  ]);
});

test('errors are shown with the commands that they answer', () => {
  const rows = buildRows(pipelined);
  expect(texts(filterRows(rows, 'errors', () => false) as typeof rows)).toEqual([
    'phase',
    'RCPT TO:<bad',
    '501 5.1.3 The path has no closing ">"',
  ]);
  expect(texts(filterRows(rows, 'commands', () => false) as typeof rows)).not.toContain('354 Go on');
  // What one has come for is there whatever is filtered.
  expect(texts(filterRows(rows, 'commands', () => false, 6) as typeof rows)).toContain('354 Go on');
});

test('what is searched for is found in lines and in unfolded messages', () => {
  const data = splitData(new TextEncoder().encode('Subject: Hello\r\n\r\n..dot\r\nbare\nend\r\n.\r\n'), true);
  expect(data.map(({ text, eol, mark }) => [text, eol, mark])).toEqual([
    ['Subject: Hello', 'CRLF', null],
    ['', 'CRLF', null],
    ['..dot', 'CRLF', 'stuffed'],
    ['bare', 'LF', null],
    ['end', 'CRLF', null],
    ['.', 'CRLF', 'end'],
  ]);
  const rows = buildRows(pipelined, new Map([[7, data]]));
  expect(findRows(rows, 'HELLO').map((index) => rows[index]?.kind)).toEqual(['data']);
  expect(findRows(rows, 'rcpt to').length).toBe(1);
  expect(findRows(rows, '')).toEqual([]);
});

test('bytes that are no UTF-8 and very long lines of a message stay bounded', () => {
  const [line] = splitData(new Uint8Array(500_000).fill(0xff), false);
  expect(line?.bytes).toBe(500_000);
  expect(line?.text.length).toBeLessThan(10_000);
  expect(splitData(new Uint8Array(100_000).fill(10), true).length).toBe(20_000);
});

test('a line is cut at its grammar, at what was found and at white space that is never seen', () => {
  const [line] = makeLines([['C', 1, 'MAIL FROM:<a@b.example>\t \t']]) as [TranscriptLine];
  expect(lineSegments(line, { find: 'from:<A', marksBlanks: true })).toEqual([
    { text: 'MAIL ', kind: 'head', found: false },
    { text: 'FROM:', kind: 'head', found: true },
    { text: '<a', kind: 'plain', found: true },
    { text: '@b.example>', kind: 'plain', found: false },
    { text: '\t \t', kind: 'blank', found: false },
  ]);
});

test('stars that were really sent are no secret', () => {
  const [sent, masked] = makeLines([
    ['C', 1, 'NOOP ***'],
    ['C', 2, 'AUTH PLAIN ****', { masked: true }],
  ]);
  expect(lineSegments(sent!).some(({ kind }) => kind === 'secret')).toBe(false);
  expect(lineSegments(masked!).find(({ kind }) => kind === 'secret')?.text).toBe('****');
});

test('commands, replies, offers and steps of AUTH are each explained as what they are', () => {
  const notes = readNotes(capturedSession);
  const explain = (n: number) => explainLine(capturedLines, capturedLines[n]!, capturedSession, notes.get(n));
  expect(explain(25)?.parameters.map(({ name }) => name)).toEqual(['FROM', 'SIZE', 'BODY']);
  expect(explain(4)).toMatchObject({ title: 'SIZE is offered', reference: 'RFC 1870' });
  expect(explain(24)).toMatchObject({ title: '235 2.7.0', class: 'success' });
  expect(explain(21)).toMatchObject({ title: 'AUTH: user name', parameters: [{ value: 'shop-app' }] });
  expect(explain(20)?.parameters).toMatchObject([{ name: 'prompt', value: 'Username:' }]);
  expect(explain(11)).toBeNull();
  expect(notes.get(23)?.secret).toMatchObject({ length: 11, trailingWhitespace: true });
  const refused = explainLine(pipelined, pipelined[4]!, capturedSession, undefined);
  expect(refused).toMatchObject({ class: 'permanent failure' });
  expect(refused?.advice).toMatch(/do not retry/i);
});

test('a reference leads to its section', () => {
  expect(referenceParts('RFC 5321 4.2.3, sendmail')).toEqual([
    { text: 'RFC 5321 4.2.3', href: 'https://www.rfc-editor.org/rfc/rfc5321.html#section-4.2.3' },
    { text: 'sendmail', href: null },
  ]);
});

test('what was offered before and after TLS stands side by side, with its lines', () => {
  const rows = offerRows(capturedSession.ehlo, capturedLines);
  const row = (name: string) => rows.find(({ keyword }) => keyword === name)?.cells;
  expect(row('STARTTLS')).toEqual([{ params: '', used: true, line: 6 }, null]);
  expect(row('SIZE')).toMatchObject([
    { used: false, line: 4 },
    { used: true, line: 15 },
  ]);
});

test('what one side of a handshake sent at once is one flight, and an alert is one of its own', () => {
  const flights = readFlights(failedTlsSession.handshakes[0] as Session['handshakes'][number]);
  expect(flights.map(({ from, isAlert, parts }) => [from, isAlert, parts.length])).toEqual([
    ['client', false, 1],
    ['server', false, 2],
    ['client', false, 1],
    ['client', true, 1],
  ]);
});

test('outdated ciphers and versions are called so', () => {
  expect(weakness('TLSv1.1')).toBe('outdated');
  expect(weakness('TLSv1.3')).toBeNull();
  expect(weakness('TLS_RSA_WITH_AES_128_GCM_SHA256')).toBe('no forward secrecy');
  expect(weakness('TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256')).toBeNull();
});

test('a long reason has a headline', () => {
  const long = `The client closed the connection; ${'it may not trust the certificate '.repeat(4)}`;
  expect(splitReason(long).title).toBe('The client closed the connection.');
  expect(splitReason('Short; and good.')).toEqual({ title: 'Short; and good.', rest: null });
});

test('of two sessions long runs that are the same are folded, and can be opened', () => {
  const side = (name: string) =>
    makeLines([
      ...Array.from({ length: 12 }, (_, n): ['C', number, string] => ['C', n, `NOOP ${n}`]),
      ['C', 20, `VRFY ${name}`],
      ['S', 21, '250 ok'],
    ]);
  const lines = compareLines(side('ann'), side('bob'));
  const rows = compareRows(lines, true, new Set());
  expect(rows.map(({ kind }) => kind)).toEqual(['fold', 'line', 'line', 'line', 'line']);
  expect(rows[0]).toMatchObject({ count: 10 });
  expect(compareRows(lines, true, new Set([0])).length).toBe(14);
  expect(compareRows(lines, false, new Set()).length).toBe(14);
  expect(differenceStarts(rows)).toEqual([3]);
  expect(textParts('VRFY ann', [{ start: 5, end: 8 }])).toEqual([
    { text: 'VRFY ', changed: false },
    { text: 'ann', changed: true },
  ]);
});

test('an export says which variables stand for what was masked', () => {
  const all = exportsOf(capturedSession, capturedLines, 'text', { messageUrl: (id) => `http://x/${id}/raw` });
  expect(all.map(({ name }) => name)).toEqual(['text', 'json', 'swaks', 'script', 'curl']);
  const swaks = all.find(({ name }) => name === 'swaks');
  expect(swaks).toMatchObject({ variables: ['SMTP_PASSWORD'], fileName: 's_captured.swaks.sh' });
  expect(swaks?.text).toContain('--auth LOGIN');
  expect(JSON.parse(all[1]!.text)).toMatchObject({ session: { id: 's_captured' } });
});

test('a row of the list says what came of a connection, and of one that failed why', () => {
  const left = { by: 'client', how: 'fin', phase: 'plain', text: 'The client closed it.' } as const;
  const quit = { ...left, how: 'quit' } as const;
  const told = (more: Partial<Session>): string => whatHappened(makeSession(1, { user: null, ...more }));
  expect(told({ outcome: 'captured', messages: 2, user: 'shop', ended: left })).toBe(
    '2 messages, logged in as shop',
  );
  const firstMail = { from: 'shop@a.test', to: 'ann@b.test', recipients: 1 };
  expect(told({ outcome: 'captured', messages: 1, firstMail })).toBe(
    '1 message from shop@a.test to ann@b.test',
  );
  const copied = { ...firstMail, from: '', recipients: 3 };
  expect(told({ outcome: 'captured', messages: 2, user: 'shop', firstMail: copied })).toBe(
    '2 messages, the first from <> to ann@b.test and 2 others, logged in as shop',
  );
  expect(told({ outcome: 'open', messages: 0, commands: 1, ended: null })).toBe('Running: 1 command');
  expect(told({ outcome: 'aborted', ended: left })).toBe('Closed it.');
  expect(told({ outcome: 'refused', messages: 0, commands: 3, ended: quit })).toMatch(/^3 commands, nothing/);
  const refusal = { command: 'RCPT TO', code: 550, enhanced: '5.1.1' };
  expect(told({ outcome: 'refused', messages: 0, ended: quit, refusal })).toBe(
    'RCPT TO was refused with 550 5.1.1; left with QUIT',
  );
  expect(told({ outcome: 'auth-failed', ended: left })).toBe('A login was refused; left without QUIT');
  const login = { mechanism: 'PLAIN', user: 'ann', refusal: { command: 'AUTH', code: 535, enhanced: null } };
  expect(told({ outcome: 'auth-failed', ...login, ended: quit })).toBe(
    'Login by PLAIN as ann was refused with 535; left with QUIT',
  );
  expect(told({ outcome: 'no-command', messages: 0, commands: 2, ended: quit })).toBe(
    '2 commands, no message; left with QUIT',
  );
});

test('a client that leaves without QUIT after its mail was stored is no warning', () => {
  const ended = { by: 'client', how: 'fin', phase: 'plain', text: 'Left.' } as const;
  const of = (id: string, more: Partial<Session>): Session =>
    makeSession(1, { id, ended, commands: 4, anomalies: 1, ...more });
  const rows = [
    of('s_fine', { outcome: 'captured' }),
    of('s_cut', { outcome: 'aborted' }),
    of('s_odd', { outcome: 'captured', anomalies: 3 }),
    of('s_quit', { outcome: 'captured', ended: { ...ended, how: 'quit' } }),
  ];
  expect(rows.map(countWarnings)).toEqual([0, 1, 2, 1]);
  expect([...warningsOf(rows).keys()]).toEqual(['s_cut', 's_odd', 's_quit']);
});

test('a message says how long it took, but not that it took no time', () => {
  expect(summarizeData(48, 204_000, 2)).toBe('Message, 48 B in 204 ms, 2 reads');
  expect(summarizeData(600, 0, 1)).toBe('Message, 600 B, 1 read');
});
