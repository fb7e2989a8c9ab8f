// What is wrong with a session of several inboxes, as each of them sees it.
import { expect, test } from 'vitest';
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
