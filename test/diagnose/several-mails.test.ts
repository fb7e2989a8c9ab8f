// Sessions with several mails and logins: each is judged by itself, and none is forgotten.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { detectInSession } from '../../shared/diagnose/session/detect.ts';
import type { Session } from '../../shared/session.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { plainLogin, says, type Talk } from './talk.ts';

let sandbox: TestSandbox;
let count = 0;
beforeAll(async () => {
  sandbox = await startTestSandbox({ user: ['joe:secret'], maxRecipients: '2', maxSize: '5000' });
});
afterAll(() => sandbox[Symbol.asyncDispose]());

async function hold(talk: Talk): Promise<Session> {
  {
    await using wire = await sandbox.wire();
    await talk(wire);
  }
  return (await sandbox.closedSessions(++count)).at(-1)!;
}
const rulesOf = ({ findingList = [] }: Session): string[] => findingList.map(({ rule }) => rule);

const ann = 'MAIL FROM:<ann@example.test>';
const to = (name: string): string => `RCPT TO:<${name}@example.test>`;
const content = ['DATA', 'Subject: a\r\n\r\nb\r\n.'];

test('what is wrong with the first of many mails is told, though it left memory long ago', async () => {
  const session = await hold(async (wire) => {
    await wire.hello();
    for (const line of [ann, to('bob'), 'RCPT TO:<@example.test>', ...content]) await wire.say(line);
    for (let n = 0; n < 110; n++) await wire.mail();
    await wire.quit();
  });
  expect(session.messages).toBe(111);
  expect(rulesOf(session)).toEqual(['rcpt.refused-syntax', 'rcpt.partly-refused']);
  const [line] = session.findingList![0]!.evidence;
  const lines = await sandbox.lines(session.id);
  expect(line?.kind === 'line' && lines[line.n]!.text).toBe('RCPT TO:<@example.test>');
});

test('a cause in one mail hides no symptom in another', async () => {
  const several = 'RCPT TO:<bob@example.test,carl@example.test>';
  expect(rulesOf(await hold(says(ann, to('bob'), several, ...content)))).toEqual(['rcpt.several-in-one']);
  const session = await hold(
    says(ann, several, 'RSET', ann, to('bob'), 'RCPT TO:<@example.test>', ...content),
  );
  expect(rulesOf(session)).toEqual(['rcpt.several-in-one', 'rcpt.refused-syntax', 'rcpt.partly-refused']);
});

test('a login that is no base64 hides no other one with a wrong password', async () => {
  const session = await hold(says('AUTH LOGIN', 'joe smith!', plainLogin('joe', 'wrong')));
  expect(rulesOf(session)).toEqual(['auth.failed', 'auth.bad-encoding']);
});

test('recipients over the limit that get a mail of their own have lost nothing', async () => {
  const first = [ann, to('a'), to('b'), to('c'), ...content];
  expect(rulesOf(await hold(says(...first, ann, to('c'), ...content)))).toEqual([]);
  const session = await hold(says(...first));
  expect(session.findingList).toMatchObject([
    { rule: 'rcpt.over-limit', severity: 'notice', vars: { refused: 1, all: 3, address: 'c@example.test' } },
  ]);
});

test('a mail that is given up has no recipient missing because another one was refused', async () => {
  const big = ['DATA', `Subject: a\r\n\r\n${'b\r\n'.repeat(3000)}.`];
  expect(rulesOf(await hold(says(ann, to('bob'), ...big, ann, 'RSET')))).toEqual(['mail.too-big']);
});

test('a size that is no number is not called a sender that is no address', async () => {
  const session = await hold(says(`${ann} SIZE=1e5`));
  expect(session.findingList).toMatchObject([{ rule: 'mail.bad-parameter', vars: { command: 'MAIL FROM' } }]);
});

test('a hundred notices hide nothing that is worse, of whatever is found last', async () => {
  const session = await hold(says(`${ann} XYZZY=1`, 'RCPT TO:<root@web1>', ...content));
  const [mail] = session.transactions;
  const many = Array.from({ length: 300 }, () => mail!.recipients[0]!);
  const odd = { ...mail!.recipients[0]!, address: 'bob@xn--b14cher-xwa2143e.test' };
  const transactions = [
    { ...mail!, recipients: many },
    { ...mail!, n: 2, recipients: [...many, odd] },
  ];
  expect(rulesOf({ ...session, findingList: detectInSession({ ...session, transactions }) })).toEqual([
    'mail.mojibake-domain',
    'mail.parameter-not-offered',
    'rcpt.duplicate',
    'rcpt.unqualified',
  ]);
});

test('of a million recipients only so many are looked at', async () => {
  const session = await hold(says(ann, to('bob'), ...content));
  const [mail] = session.transactions;
  let looked = 0;
  const recipients = Array.from({ length: 10_000 }, (_, n) => ({
    ...mail!.recipients[0]!,
    address: `to${n}@example.test`,
    get reply() {
      looked++;
      return { code: 250, enhanced: null, text: '' };
    },
  }));
  const transactions = Array.from({ length: 100 }, () => ({ ...mail!, recipients, recipientCount: 10_000 }));
  expect(rulesOf({ ...session, findingList: detectInSession({ ...session, transactions }) })).toEqual([
    'rcpt.many',
  ]);
  expect(looked).toBeLessThan(200_000);
});
