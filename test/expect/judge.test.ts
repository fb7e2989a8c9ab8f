// What each condition of an expectation says of messages and sessions, apart from any server.
import { expect, test } from 'vitest';
import { selectHtml } from '../../server/mail/select-html.ts';
import { createTools } from '../../server/wait/tools.ts';
import { expectation, type Expectation } from '../../shared/expect/expectation.ts';
import { judgeExpectation, type Judgement } from '../../shared/expect/judge.ts';
import type { Message } from '../../shared/message.ts';
import type { Session } from '../../shared/session.ts';
import type { Transaction } from '../../shared/transaction.ts';
import { createFake } from '../http/fake-parts.ts';
import { noDate, rejected } from '../diagnosis/open-issues.ts';
import { sessionOf } from '../support/records.ts';

type Wanted<K extends 'messages' | 'sessions'> = NonNullable<Expectation[K]>[number];
const tools = createTools(selectHtml);

const judge = (given: Expectation, messages: Message[], sessions: Session[] = []): Judgement[] =>
  judgeExpectation(
    expectation.parse(given),
    {
      messages: [{ items: messages, pending: false }],
      sessions: [{ items: sessions, pending: false }],
    },
    tools,
  );
/** The last condition: the first is always the count. */
const ofMessage = (wanted: Wanted<'messages'>, more: Partial<Message> = {}): Judgement =>
  judge({ messages: [wanted] }, [messageOf(more)]).at(-1)!;
const ofSessions = (wanted: Wanted<'sessions'>, ...sessions: Session[]): Judgement =>
  judge({ sessions: [wanted] }, [], sessions).at(-1)!;

const sha256 = 'a'.repeat(64);
const messageOf = (more: Partial<Message>): Message =>
  createFake().addMessage('m_1', 'x'.repeat(100), {
    subject: 'Reset your password',
    text: 'Hello Ann,\r\nyour code is 482913.\r\n',
    html: '<table><tr><td><a class="button" href="https://shop.test/reset?t=1">Reset\n it</a> <a href="#">x</a></td></tr></table>',
    headers: [{ name: 'X-Mailer', value: 'php 8', raw: '', offset: 0, length: 0 }],
    envelope: {
      from: {
        address: 'bounce@shop.test',
        params: [{ name: 'BODY', value: '8BITMIME' }],
        line: 1,
        reply: null,
      },
      to: ['Ann@x.test', 'bob@x.test'].map((address) => ({ address, params: [], line: 2, reply: null })),
    },
    attachmentList: [
      {
        part: '2',
        filename: 'Invoice.pdf',
        contentType: 'application/pdf',
        size: 9,
        sha256,
        contentId: null,
        inline: false,
      },
    ],
    links: [{ text: 'Reset it', href: 'https://shop.test/reset?t=1', purpose: 'reset', source: 'html' }],
    codes: [{ code: '482913', context: 'your code is 482913.', confidence: 0.9 }],
    findingList: [noDate()],
    ...more,
  });

test.each<[Wanted<'messages'>, boolean, string]>([
  [{ subject: 'Reset your password' }, true, 'it is "Reset your password"'],
  [{ subject: { contains: ['reset', 'password'], ignoreCase: true } }, true, 'it is'],
  [{ subject: { contains: 'reset' } }, false, 'it is "Reset your password"'],
  [{ subject: { lacks: 'Reset' } }, false, 'it is'],
  [{ text: { matches: '^your code is \\d{6}\\.$' } }, false, 'it is "Hello Ann, your code is 482913."'],
  [{ text: { matches: '\\nyour code is \\d{6}\\.$' } }, true, 'it is'],
  [{ text: 'Hello Ann,\nyour code is 482913.' }, true, 'it is'],
  [{ envelope: { from: 'bounce@shop.test' } }, true, 'it is'],
  [{ envelope: { to: ['bob@x.test', 'ann@x.test'] } }, true, 'they are Ann@x.test, bob@x.test'],
  [{ envelope: { to: ['bob@x.test'] } }, false, 'they are Ann@x.test, bob@x.test'],
  [{ envelope: { toIncludes: ['bob@x.test'] } }, true, 'they are'],
  [{ envelope: { params: { body: '8BITMIME', RET: null } } }, true, 'BODY=8BITMIME'],
  [{ headers: { 'x-mailer': { contains: 'php' }, Bcc: null } }, true, 'all as expected'],
  [{ headers: { 'X-Mailer': null } }, false, 'X-Mailer is "php 8"'],
  [{ headers: { 'List-Unsubscribe': { contains: 'https' } } }, false, 'there is no List-Unsubscribe'],
  [{ html: [{ selector: 'a.button[href^="https:"]', text: 'Reset it' }] }, true, '1 of 1: <a> "Reset it"'],
  [{ html: [{ selector: 'td > a', count: 2 }] }, true, '2 of 2'],
  [{ html: [{ selector: 'a', attributes: { href: { contains: 't=1' }, target: null } }] }, true, '1 of 2'],
  [{ html: [{ selector: 'img' }] }, false, '0 of 0: nothing is selected'],
  [{ html: { contains: '<table>' } }, true, 'it is'],
  [
    { attachments: [{ sha256: sha256.toUpperCase(), contentType: 'application/pdf', size: { max: 10 } }] },
    true,
    '1 of 1',
  ],
  [
    { attachments: [{ sha256: 'b'.repeat(64) }] },
    false,
    `0 of 1: "Invoice.pdf" application/pdf 9 bytes ${sha256}`,
  ],
  [{ attachments: [{ count: 0 }] }, false, '1 of 1'],
  [{ links: [{ purpose: 'reset', href: { contains: 'shop.test' } }] }, true, '1 of 1'],
  [{ links: [{ purpose: 'unsubscribe' }] }, false, '0 of 1: reset "Reset it"'],
  [{ codes: [{ code: { matches: '^\\d{6}$' }, count: 1 }] }, true, '1 of 1: "482913"'],
  [{ size: { min: 50, max: 200 } }, true, 'it is 100'],
  [{ findings: { below: 'error' } }, true, 'none'],
  [{ findings: { below: 'warning' } }, false, 'warning header.no-date: The message has no Date.'],
])('%j of a message: %s', (wanted, held, found) => {
  const judgement = ofMessage(wanted);
  expect([judgement.held, judgement.pending]).toEqual([held, false]);
  expect(judgement.found).toContain(found);
  expect(judgement.evidence).toMatchObject([{ messageId: 'm_1' }]);
});

test('counts, names and paths tell which condition is meant; of nothing nothing holds', () => {
  const wanted = { name: 'the mail', query: 'to:ann', subject: 'Reset your password' };
  const two = judge({ messages: [{ ...wanted, count: 1 }] }, [messageOf({}), messageOf({ subject: 'x' })]);
  expect(two).toMatchObject([
    {
      path: 'messages.0.count',
      name: 'the mail',
      text: '1 message that matches to:ann',
      held: false,
      found: 'there are 2',
    },
    { path: 'messages.0.subject', held: false, found: 'it is "x", in 1 of 2' },
  ]);
  expect(judge({ messages: [wanted] }, []).map(({ held }) => held)).toEqual([false, false]);
  const texts = (given: object): string[] => judge({ messages: [given] }, []).map(({ text }) => text);
  expect(texts({ query: 'to:ann', links: [{ count: { max: 1 } }], codes: [{}] })).toEqual([
    'at least 1 message that matches to:ann',
    'at most 1 link',
    'at least 1 code',
  ]);
  expect(texts({ query: 'to:ann', count: { min: 1, max: 3 }, attachments: [{ count: 0 }] })).toEqual([
    '1 to 3 messages that match to:ann',
    '0 attachments',
  ]);
  expect(judge({ messages: [{ ...wanted, count: 0 }] }, []).map(({ held }) => held)).toEqual([true, true]);
});

test('what comes from parsing is pending until it is parsed', () => {
  const unparsed: Partial<Message> = { parse: 'pending', text: null };
  expect(ofMessage({ text: 'x' }, unparsed)).toMatchObject({ held: false, pending: true });
  expect(ofMessage({ findings: { below: 'info' } }, unparsed)).toMatchObject({ held: false, pending: true });
  expect(ofMessage({ subject: 'Reset your password' }, unparsed)).toMatchObject({ held: true });
});

const attempt = (more: Partial<Session['auth'][number]>): Session['auth'][number] => ({
  ...{
    mechanism: 'PLAIN',
    line: 4,
    secure: true,
    initialResponse: true,
    steps: [],
    user: 'ann',
    authorizationId: null,
  },
  ...{ secret: null, credential: null, ok: true, code: 235, reason: 'Accepted.', ...more },
});
const quit: Session['ended'] = { by: 'client', how: 'quit', phase: 'quit', text: 'The client said QUIT.' };
const good = sessionOf('s_1', 1, { tls: 'TLSv1.2', auth: [attempt({})], messages: 3, ended: quit });
const open = sessionOf('s_2', 2, { outcome: 'open', anomalyList: [] });
const odd = sessionOf('s_3', 3, {
  outcome: 'aborted',
  ended: { by: 'client', how: 'rst', phase: 'plain', text: 'The client reset the connection.' },
  anomalyList: [{ kind: 'bare-lf', line: 7, atUs: 0, count: 1, text: 'A bare LF.' }],
});
const distrusted = sessionOf('s_4', 4, { ended: quit, findingList: [rejected('')] });

test.each<[Wanted<'sessions'>, Session, boolean, Partial<Judgement>]>([
  [{ tls: { min: 'TLSv1.2' } }, good, true, { found: 'TLSv1.2' }],
  [{ tls: { min: 'TLSv1.3' } }, good, false, { found: 'TLSv1.2' }],
  [{ tls: { min: 'TLSv1' } }, odd, false, { found: 'there was no TLS' }],
  [{ tls: 'none' }, odd, true, {}],
  [{ mechanism: 'plain' }, good, true, {}],
  [{ user: 'bob' }, good, false, { found: 'PLAIN as "ann" (Accepted.)' }],
  [{ user: 'ann' }, sessionOf('s_4', 4, { auth: [attempt({ ok: false, reason: 'Wrong.' })] }), false, {}],
  [{ messages: 3 }, good, true, {}],
  [{ messages: { min: 4 } }, good, false, { found: '3' }],
  [{ quit: true }, good, true, { found: 'The client said QUIT.' }],
  [{ quit: true }, odd, false, { found: 'The client reset the connection.' }],
  [{ quit: true }, open, false, { pending: true, found: 'the session still runs' }],
  [{ outcome: ['captured', 'open'] }, open, true, {}],
  [{ outcome: 'captured' }, odd, false, { found: 'aborted: The client reset the connection.' }],
  [{ clientName: 'test' }, good, true, {}],
  [{ anomalies: 'none' }, good, true, {}],
  [{ anomalies: 'none' }, odd, false, { found: 'bare-lf: A bare LF.' }],
  [{ anomalies: { not: ['nul'] } }, odd, true, {}],
  [{ anomalies: 'none' }, open, false, { pending: true }],
  [{ findings: { below: 'info' } }, good, true, {}],
  [{ findings: { below: 'error' } }, odd, false, { found: 'error bare-lf: A bare LF.' }],
  [{ findings: { below: 'blocker' } }, odd, true, {}],
  [{ findings: { below: 'error' } }, open, false, { pending: true }],
  [
    { findings: { below: 'blocker' } },
    distrusted,
    false,
    { found: 'blocker tls.certificate-rejected: The client does not accept the certificate.' },
  ],
])('%j of a session', (wanted, session, held, more) => {
  expect(ofSessions(wanted, session)).toMatchObject({ held, ...more, evidence: [{ sessionId: session.id }] });
});

test('evidence names the lines of the transcript', () => {
  expect(ofSessions({ anomalies: 'none' }, odd).evidence[0]!.lines).toEqual([7]);
  expect(ofSessions({ user: 'bob' }, good).evidence[0]!.lines).toEqual([4]);
});

const transaction = (n: number, to: string, code: number): Transaction => ({
  ...{ n, firstLine: n * 10, lastLine: n * 10 + 5, recipientCount: 1, data: null, messageId: null },
  from: { address: 'a@x.test', params: [], line: n * 10, reply: { code: 250, enhanced: null, text: '' } },
  recipients: [{ address: to, params: [], line: n * 10 + 1, reply: { code: 250, enhanced: null, text: '' } }],
  outcome: code === 250 ? 'stored' : 'refused',
  reply: { code, enhanced: null, text: '' },
});

test('a retry counts when the same recipient got the message later, over any connection', () => {
  const first = sessionOf('s_1', 1, { transactions: [transaction(1, 'bob@x.test', 451)] });
  const second = sessionOf('s_2', 2, { transactions: [transaction(1, 'Bob@x.test', 250)] });
  const other = sessionOf('s_3', 3, { transactions: [transaction(1, 'cy@x.test', 250)] });
  const wanted: Wanted<'sessions'> = { retried: { after: 451 } };
  expect(ofSessions(wanted, second, first)).toMatchObject({
    held: true,
    found: '1 of 1 were tried again and stored',
  });
  expect(ofSessions(wanted, first, other)).toMatchObject({
    held: false,
    found: '0 of 1 were tried again and stored',
    evidence: [{ sessionId: 's_1', lines: [10, 15] }],
  });
  expect(ofSessions(wanted, other)).toMatchObject({ held: false, found: 'there was no reply 451' });
  expect(ofSessions(wanted, { ...second, openedAtUs: 0 }, first).held).toBe(false);
});
