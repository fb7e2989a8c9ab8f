// What only several sessions together show; the sessions are real, and their times are set.
import { expect, test } from 'vitest';
import { createSeries } from '../../shared/diagnose/series/create-series.ts';
import type { Session } from '../../shared/session.ts';
import { goodMail, holdAll, namesOf, plainLogin, says, type Case, type Talk } from './talk.ts';

const ann = 'MAIL FROM:<ann@example.test>';
const greylisted = 'RCPT TO:<bounce+450-4.2.0+greylisted@example.test>';
const talks: Talk[] = [
  goodMail,
  says(plainLogin('joe', 'wrong')),
  says(ann, greylisted),
  async (wire) => {
    await wire.hello();
    await wire.mail();
    await wire.mail();
    await wire.quit();
  },
];
const cases = talks.map((talk): Case => ({ does: '', finds: [], talk }));
const held = holdAll(cases, { user: ['joe:right'] });
const held1 = async (index: number): Promise<Session> => (await held)[index]!;

/** The same, that many times, so many seconds apart; what is found in all. */
function repeat(session: Session, times: number, seconds: number, peer = session.peer): string[] {
  const series = createSeries();
  return Array.from({ length: times }).flatMap((_, n) =>
    namesOf(
      series.add({ ...session, peer, id: `s_${n}`, openedAtUs: session.openedAtUs + n * seconds * 1e6 }),
    ),
  );
}

test('a connection for each mail of many at once is told once, and of a few now and then not', async () => {
  const one = await held1(0);
  expect(repeat(one, 25, 0.1)).toEqual(['series.connection-per-mail']);
  expect(repeat(one, 15, 0.1)).toEqual([]);
  expect(repeat(one, 100, 10)).toEqual([]);
  // Several mails over each are no such.
  expect(repeat(await held1(3), 25, 0.1)).toEqual([]);
});

test('a login that is refused again and again is told, with the sessions before', async () => {
  const one = await held1(1);
  expect(repeat(one, 5, 2)).toEqual(['series.login-repeated']);
  expect(repeat(one, 4, 2)).toEqual([]);
  expect(repeat(one, 10, 30)).toEqual([]);
  // What was simulated says nothing of the login.
  const faultList = [{ id: 'f_1', name: null, stage: 'auth' as const, line: 3, text: 'answered 535.' }];
  expect(repeat({ ...one, faultList }, 10, 2)).toEqual([]);
  const series = createSeries();
  const all = [1, 2, 3, 4, 5].flatMap((n) => series.add({ ...one, id: `s_${n}` }));
  expect(all[0]!.evidence.slice(1)).toEqual(
    ['s_1', 's_2', 's_3', 's_4'].map((id) => ({ kind: 'session', id })),
  );
  expect(all[0]!.vars).toMatchObject({ user: 'joe', count: 5 });
});

test('a mail that was put off and comes again at once is told, and one that waits is not', async () => {
  const one = await held1(2);
  expect(repeat(one, 4, 1)).toEqual(['series.retried-at-once']);
  expect(repeat(one, 20, 60)).toEqual([]);
});

test('the same mail again after a reply that nobody read was sent twice', async () => {
  const one = await held1(0);
  const line = one.transactions[0]!.lastLine!;
  const unread: Session = {
    ...one,
    id: 's_unread',
    anomalyList: [{ kind: 'reply-not-delivered', line, atUs: 0, count: 1, text: '' }],
  };
  const series = createSeries();
  expect(series.add(unread)).toEqual([]);
  const [found] = series.add({ ...one, openedAtUs: one.openedAtUs + 30e6 });
  expect(found).toMatchObject({ rule: 'series.sent-again', vars: { seconds: 30, to: 'bob@example.test' } });
  expect(found!.evidence).toContainEqual({ kind: 'session', id: 's_unread' });
  // Only once, and not after one whose reply was read.
  expect(series.add(one)).toEqual([]);
  const other = createSeries();
  expect([...other.add(one), ...other.add(one)]).toEqual([]);
});

test('of thousands of clients only the last are remembered', async () => {
  const one = await held1(1);
  const series = createSeries();
  const from = (address: string): string[] => namesOf(series.add({ ...one, peer: { ...one.peer, address } }));
  for (let n = 0; n < 4; n++) from('10.0.0.1');
  for (let n = 0; n < 1000; n++) from(`10.1.${n >> 8}.${n & 255}`);
  expect(from('10.0.0.1')).toEqual([]);
});
