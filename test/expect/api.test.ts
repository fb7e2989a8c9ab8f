// POST /api/expect, with mail that comes over SMTP.
import { expect, test } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';

const login = `AUTH PLAIN ${Buffer.from('\0app\0secret').toString('base64')}`;

test('facts of the protocol are asserted, with the lines of the transcript as evidence', async () => {
  await using sandbox = await startTestSandbox();
  const { client } = sandbox;
  const { cursor: after } = await client.readStatus();
  await using wire = await sandbox.wire(1);
  await wire.hello();
  await wire.say('STARTTLS');
  await wire.secure();
  await wire.say('EHLO shop.test');
  await wire.say(login);
  for (const n of [1, 2, 3]) await wire.mail(`Subject: order ${n}\r\n\r\nThanks.\r\n`);
  await wire.quit();
  const sessions = {
    ...{
      count: 1,
      tls: { min: 'TLSv1.2' as const },
      mechanism: 'PLAIN',
      user: 'app',
      clientName: 'shop.test',
    },
    ...{ messages: 3, quit: true, outcome: 'captured' as const, anomalies: 'none' as const },
  };
  const body = {
    after,
    messages: [{ query: 'subject:order', count: 3, text: 'Thanks.' }],
    sessions: [sessions],
  };
  const report = await client.checkExpectation({ body });
  expect(report.conditions.filter(({ held }) => !held)).toEqual([]);
  expect(report).toMatchObject({ held: true, failedSessions: [] });
  const user = report.conditions.find(({ path }) => path === 'sessions.0.user')!;
  expect(user.evidence[0]!.lines[0]!.text).toMatch(/^AUTH PLAIN \*+$/);

  const wrong = await client.checkExpectation({
    body: { after, timeout: 0, sessions: [{ name: 'one each', messages: 1, user: 'root' }] },
  });
  expect(wrong).toMatchObject({
    held: false,
    conditions: [
      { path: 'sessions.0.count', held: true },
      { path: 'sessions.0.user', name: 'one each', held: false, found: expect.stringContaining('as "app"') },
      { path: 'sessions.0.messages', held: false, found: '3' },
    ],
  });
  const lines = wrong.conditions[2]!.evidence[0]!.lines;
  expect(lines.map(({ from, text }) => [from, text])).toContainEqual([
    'client',
    'MAIL FROM:<ann@example.test>',
  ]);
});

test('with a timeout the answer comes as soon as all holds', async () => {
  await using sandbox = await startTestSandbox();
  const waiting = sandbox.client.checkExpectation({
    body: {
      timeout: '10s',
      messages: [{ query: 'welcome', count: 2, html: [{ selector: 'h1', text: 'Hello' }] }],
      sessions: [{ outcome: 'captured', quit: true }],
    },
  });
  await using wire = await sandbox.wire();
  await wire.hello();
  const mail = 'Subject: Welcome\r\nContent-Type: text/html\r\n\r\n<h1>Hello</h1>\r\n';
  await wire.mail(mail);
  await wire.mail(mail);
  await wire.quit();
  const report = await waiting;
  expect(report.held).toBe(true);
  expect(report.waitedMs).toBeLessThan(9000);
});

test('what fails names the sessions that failed', async () => {
  await using sandbox = await startTestSandbox({ user: ['app:other'] });
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.say(login);
  await wire.quit();
  await sandbox.closedSession();
  const report = await sandbox.client.checkExpectation({ body: { timeout: 0, messages: [{}] } });
  expect(report).toMatchObject({
    held: false,
    failedSessions: [
      { outcome: 'auth-failed', text: expect.stringMatching(/^AUTH PLAIN failed: /) as unknown },
    ],
  });
});

test('what is asked wrongly is refused with its place', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.mail('Content-Type: text/html\r\n\r\n<p>x\r\n');
  const wrong: [unknown, string][] = [
    [{}, 'needs messages or sessions'],
    [[], 'body'],
    [{ messages: [{ subjet: 'x' }] }, 'body.messages.0.subjet'],
    [{ messages: [{ query: 'subjet:x' }] }, 'body.messages.0.query: There is no operator subjet:.'],
    [{ messages: [{ subject: {} }] }, 'body.messages.0.subject'],
    [{ messages: [{ subject: { matches: '(' } }] }, '/(/ is no regular expression'],
    [{ messages: [{ html: [{ selector: 'a[' }] }] }, 'is no CSS selector'],
    // Also where there is nothing yet that it could be tried on.
    [{ messages: [{ query: 'nothing', headers: { 'X-A': { matches: '(' } } }] }, 'no regular expression'],
    [{ messages: [{ query: 'nothing', html: [{ selector: 'a[' }] }] }, 'is no CSS selector'],
    [{ sessions: [{ tls: { min: 'SSLv3' } }] }, 'body.sessions.0.tls.min: '],
    [{ messages: [{ count: { most: 1 } }] }, 'body.messages.0.count.most: is not known'],
    [{ messages: [{ subject: 5 }] }, 'body.messages.0.subject: '],
    [{ sessions: [{}], timeout: '1h' }, 'body.timeout: must be a time from 0 to 5m'],
    [{ sessions: [{}], after: 'x.1.2' }, '`after` is neither'],
    [{ messages: Array.from({ length: 21 }, () => ({})) }, 'body.messages'],
  ];
  for (const [body, message] of wrong) {
    const response = await fetch(`${sandbox.url}/api/expect`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    const { error } = (await response.json()) as { error: { code: string; message: string } };
    expect([response.status, error.code], JSON.stringify(body)).toEqual([400, 'invalid_request']);
    expect(error.message).toContain(message);
  }
});

test('where a condition is not known, those are told that are known there', async () => {
  await using sandbox = await startTestSandbox();
  const hintOf = async (messages: object[]): Promise<string> => {
    const response = await fetch(`${sandbox.url}/api/expect`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ messages }),
    });
    return ((await response.json()) as { error: { hint: string } }).error.hint;
  };
  expect(await hintOf([{}, { subjet: 'x' }])).toMatch(/^messages\.1 takes: .*\bsubject, /);
  expect(await hintOf([{ count: { most: 1 } }])).toBe('messages.0.count takes: min, max.');
  expect(await hintOf([{ query: 5 }])).toMatch(/^The body takes: .*\bmessages\b/);
});
