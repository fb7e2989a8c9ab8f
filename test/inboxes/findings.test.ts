// What is wrong with a session of several inboxes, as each of them sees it.
import { expect, test } from 'vitest';
import { eventInView } from '../../shared/inbox-view.ts';
import { openIn, startWithTwo } from './two-inboxes.ts';

test('an inbox sees what is wrong with a session and with its own mail there, and nothing of the mail of others', async () => {
  await using sandbox = await startWithTwo();
  const wire = await sandbox.wire();
  await wire.hello('not_a_host');
  await wire.mail(undefined, 'app@a.test', ['ann@a.test']);
  await wire.mail(undefined, 'app@b.test', ['ben@b.test', 'ben@b.test']);
  await wire.quit();
  const { id, findingList } = await sandbox.closedSession();
  const whole = (findingList ?? []).map(({ rule }) => rule);
  expect(whole).toEqual(expect.arrayContaining(['ehlo.bad-characters', 'rcpt.duplicate']));
  const seenBy = async (inbox: string) => {
    const client = openIn(sandbox, inbox);
    const session = await client.readSession({ params: { id } });
    const { items } = await client.readSessionFindings({ params: { id } });
    expect(items.map(({ rule }) => rule)).toEqual(session.findingList?.map(({ rule }) => rule));
    const wrong = items.filter(({ severity }) => severity !== 'info');
    expect(session.findings).toEqual({ count: wrong.length, worst: wrong[0]!.severity });
    return { rules: items.map(({ rule }) => rule), text: JSON.stringify([session, items]) };
  };
  const [a, b] = [await seenBy('a'), await seenBy('b')];
  expect(a.rules).toContain('ehlo.bad-characters');
  expect(a.rules).not.toContain('rcpt.duplicate');
  expect(a.text).not.toContain('b.test');
  expect(b.rules).toEqual(expect.arrayContaining(['ehlo.bad-characters', 'rcpt.duplicate']));
});

test('in an inbox a session has what rules found in its mail, and nothing of that of others', async () => {
  await using sandbox = await startWithTwo();
  const wire = await sandbox.wire();
  await wire.hello('localhost');
  for (const [name, other] of [
    ['a', 'ann'],
    ['b', 'ben'],
  ] as const) {
    await wire.say(`MAIL FROM:<root@only-${name}>`);
    await wire.say(`RCPT TO:<${other}@${name}.test>`);
    await wire.say('DATA');
    expect(await wire.say('Subject: x\r\n\r\nx\r\n.')).toMatch(/^250 /);
  }
  await wire.quit();
  const { id, findings } = await sandbox.closedSession();
  expect(findings).toEqual({ count: 3, worst: 'warning' });
  for (const name of ['a', 'b']) {
    const session = await openIn(sandbox, name).readSession({ params: { id } });
    expect(session.findings).toEqual({ count: 2, worst: 'warning' });
    expect(session.findingList?.map(({ rule, vars }) => [rule, vars.address ?? vars.name])).toEqual([
      ['mail.unqualified-sender', `root@only-${name}`],
      ['ehlo.unqualified', 'localhost'],
    ]);
  }
});

test('what is wrong with the mail of two inboxes in the same way is told each of them with its own lines', async () => {
  await using sandbox = await startWithTwo();
  const wire = await sandbox.wire();
  await wire.hello();
  for (const name of ['a', 'b', 'a']) {
    await wire.say('MAIL FROM:<app@only>');
    for (const address of [`${name}@${name}.test`, `x@${name}.test, y@${name}.test`])
      await wire.say(`RCPT TO:<${address}>`);
    await wire.say('RSET');
  }
  await wire.quit();
  const { id } = await sandbox.closedSession();
  for (const [name, count] of [
    ['a', 2],
    ['b', 1],
  ] as const) {
    const client = openIn(sandbox, name);
    const { findingList, transactions } = await client.readSession({ params: { id } });
    expect(findingList?.map(({ rule }) => rule)).toEqual(['rcpt.several-in-one', 'mail.unqualified-sender']);
    const own = transactions.map(({ from, recipients }) => [recipients[1]!.line, from.line]);
    for (const [n, one] of findingList!.entries())
      expect(one.evidence).toEqual(own.map((lines) => ({ kind: 'line', n: lines[n] })));
    expect(own).toHaveLength(count);
    expect(JSON.stringify(findingList)).not.toContain(name === 'a' ? 'b.test' : 'a.test');
  }
});

test('the list and the end of a session tell an inbox nothing of what is wrong with the mail of others', async () => {
  await using sandbox = await startWithTwo();
  const wire = await sandbox.wire();
  await wire.hello();
  await wire.mail(undefined, 'app@a.test', ['ann@a.test']);
  await wire.mail(undefined, 'app@only', ['ben@b.test']);
  await wire.quit();
  const { findings, ...session } = await sandbox.closedSession();
  expect(findings).toEqual({ count: 1, worst: 'warning' });
  const { items } = await openIn(sandbox, 'a').listSessions();
  expect(items).toEqual([expect.not.objectContaining({ findings: expect.anything() as object })]);
  const payload = { session: { ...session, findings } };
  const told = eventInView({ seq: 1, cursor: 'e_1', at: '', type: 'session:closed', payload }, 'a');
  expect(told?.payload).toEqual({ session: expect.not.objectContaining({ findings }) as object });
});

test('what several sessions show together is not told in the view of an inbox', async () => {
  await using sandbox = await startWithTwo();
  const { client } = sandbox;
  for (let n = 0; n < 20; n += 1) {
    const wire = await sandbox.wire();
    await wire.hello();
    await wire.mail(undefined, undefined, [n === 0 ? 'ben@b.test' : 'ann@a.test']);
    await wire.quit();
  }
  await sandbox.closedSessions(20);
  const { items } = await client.listIssues({ query: { rule: 'series.connection-per-mail' } });
  const id = items[0]!.sessionId!;
  const rulesOf = (found: { rule: string }[] = []) => found.map(({ rule }) => rule);
  const whole = await client.readSession({ params: { id } });
  expect(rulesOf(whole.findingList)).toContain('series.connection-per-mail');
  const seen = await openIn(sandbox, 'a').readSession({ params: { id } });
  expect(rulesOf(seen.findingList)).not.toContain('series.connection-per-mail');
});
