// Findings, issues and error texts over the API: who may ask, what is answered, what is told live.
import { expect, test } from 'vitest';
import { connect } from '../../shared/client/client.ts';
import { connectForTests } from '../../shared/client/test-client.ts';
import { openLive } from '../../shared/client/live.ts';
import { rules } from '../../shared/diagnose/catalogue.ts';
import type { DurableEvent, EphemeralEvents } from '../../shared/events.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { rejectCertificate } from '../support/reject-certificate.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';

const rule = 'tls.certificate-rejected';

/** A client that rejects our certificate; resolves with its session. */
async function reject({ client, ports }: TestSandbox): Promise<string> {
  const { cursor } = await client.readStatus();
  await rejectCertificate(ports[2]!);
  const { items } = await client.awaitSessions({
    query: { query: 'outcome:tls-failed', after: cursor, timeout: '8s' },
  });
  return items[0]!.id;
}

test('what is wrong with a session is said with evidence and what to do, and its issue knows it', async () => {
  await using sandbox = await startTestSandbox();
  const { client } = sandbox;
  const id = await reject(sandbox);
  const findings = await client.readSessionFindings({ params: { id } });
  const found = findings.items.find((one) => one.rule === rule)!;
  expect(found).toMatchObject({ severity: 'blocker', stage: 'tls', client: null });
  expect(found.explanation).toContain('unknown_ca');
  expect(found.explanation).not.toContain('{');
  expect(found.fixes[0]!.snippets.map((one) => one.client)).toContain('nodemailer');
  // The evidence is the line of the transcript that says so.
  const [evidence] = found.evidence;
  const { items: lines } = await client.readTranscript({ params: { id } });
  expect(evidence).toMatchObject({ kind: 'line' });
  const line = lines.find(({ n }) => evidence?.kind === 'line' && n === evidence.n);
  expect(line).toMatchObject({ kind: 'tls' });
  const { items: issues } = await client.listIssues({ query: { rule, severity: 'error' } });
  expect(issues).toMatchObject([
    {
      ...{ rule, title: found.title, fingerprint: found.fingerprint, text: `${found.title}.` },
      ...{ state: 'open', count: 1, sessionId: id, messageId: null, subject: '127.0.0.1' },
    },
  ]);
  expect(await client.readIssue({ params: { id: issues[0]!.id } })).toEqual(issues[0]);
});

test('what is wrong with a message is said with the place in its bytes, and its issue counts it once', async () => {
  await using sandbox = await startTestSandbox();
  const { client } = sandbox;
  const mail = ['From: App <app@shop.test>', 'To: ann@shop.test', 'Subject: no date', '', 'hello', ''];
  const bytes = mail.join('\r\n');
  // What is imported was sent by others at another time: it is checked, and makes no issue.
  const imported = await fetch(`${sandbox.url}/api/messages?origin=import`, {
    method: 'POST',
    headers: { 'Content-Type': 'message/rfc822' },
    body: bytes,
  });
  const wire = await sandbox.wire();
  await wire.hello();
  await wire.mail(bytes, 'bounces@shop.test', ['ann@shop.test']);
  await wire.quit();
  const message = await connectForTests(sandbox.url).waitForMessage('to:ann subject:date');
  const { items } = await client.readMessageFindings({ params: { id: message.id } });
  const found = items.find((one) => one.rule === 'header.no-date')!;
  expect(found.evidence).toContainEqual({ kind: 'missing-header', header: 'Date' });
  expect(message.findings?.count).toBe(items.filter(({ severity }) => severity !== 'info').length);
  expect(imported.status).toBe(201);
  const { items: issues } = await client.listIssues({ query: { rule: 'header.no-date' } });
  expect(issues).toMatchObject([
    { subject: 'shop.test', count: 1, messageId: message.id, sessionId: null, text: found.explanation },
  ]);
  await client.readMessage({ params: { id: message.id } });
  expect((await client.readIssue({ params: { id: issues[0]!.id } })).count).toBe(1);
});

test('what only several sessions show is told with the last of them, and is an issue', async () => {
  await using sandbox = await startTestSandbox({ user: ['app:secret'] });
  const { client } = sandbox;
  for (let n = 0; n < 5; n += 1) {
    const wire = await sandbox.wire();
    await wire.hello();
    await wire.say(`AUTH PLAIN ${Buffer.from('\0app\0wrong').toString('base64')}`);
    await wire.quit();
  }
  const sessions = await sandbox.closedSessions(5);
  const { items } = await client.listIssues({ query: { rule: 'series.login-repeated' } });
  const last = sessions.at(-1)!;
  expect(items).toMatchObject([{ count: 1, sessionId: last.id }]);
  const { items: findings } = await client.readSessionFindings({ params: { id: last.id } });
  const repeated = findings.find(({ rule }) => rule === 'series.login-repeated')!;
  expect(repeated.fingerprint).toBe(items[0]!.fingerprint);
  const others = sessions.slice(0, -1).map(({ id }) => ({ kind: 'session', id }));
  expect(repeated.evidence).toEqual([expect.objectContaining({ kind: 'line' }), ...others]);
  const wrong = findings.filter(({ severity }) => severity !== 'info').length;
  expect(last.findings?.count).toBe(wrong);
  expect(sessions[0]!.findings?.count).toBe(wrong - 1);
});

test('a session has no findings while it runs, nor once it ended well', async () => {
  await using sandbox = await startTestSandbox();
  const { client } = sandbox;
  const wire = await sandbox.wire();
  await wire.hello();
  const latest = (): Promise<unknown> => client.readSessionFindings({ params: { id: 'latest' } });
  expect(await latest()).toEqual({ items: [] });
  await wire.mail();
  await wire.quit();
  const { id, findings } = await sandbox.closedSession();
  expect(findings).toBeUndefined();
  const { items } = await client.readSessionFindings({ params: { id } });
  expect(items.filter(({ severity }) => severity !== 'info')).toEqual([]);
  // What is wrong with its message is no problem of the session.
  const { items: issues } = await client.listIssues({ query: { severity: 'warning' } });
  expect(issues.filter(({ sessionId }) => sessionId !== null)).toEqual([]);
});

test('an issue is told live when it is found, each time that it is seen, and when a person changes it', async () => {
  await using sandbox = await startTestSandbox();
  const { client } = sandbox;
  const durable: DurableEvent[] = [];
  const seen: EphemeralEvents['issue:seen'][] = [];
  let heard = (): void => undefined;
  let state = '';
  const until = async (enough: () => boolean): Promise<void> => {
    while (!enough()) await new Promise<void>((resolve) => (heard = resolve));
  };
  const live = openLive(sandbox.url, {
    since: (await client.readStatus()).cursor,
    onEvent(event) {
      if (event.type.startsWith('issue')) durable.push(event);
      heard();
    },
    onEphemeral(type, payload) {
      if (type === 'issue:seen') seen.push(payload as EphemeralEvents['issue:seen']);
      heard();
    },
    onState(next) {
      state = next;
      heard();
    },
  });
  await until(() => state === 'connected');
  const first = await reject(sandbox);
  await until(() => durable.length === 1 && seen.length > 0);
  const second = await reject(sandbox);
  await until(() => seen.at(-1)?.count === 2);
  expect(durable).toMatchObject([
    { type: 'issue:changed', payload: { issue: { rule, count: 1, sessionId: first } } },
  ]);
  const { id } = seen[0]!;
  expect(seen.at(-1)).toEqual({
    ...{ id, count: 2, sessionId: second, messageId: null },
    lastSeenAt: expect.any(String) as string,
  });
  await client.changeIssue({ params: { id }, body: { state: 'resolved', note: 'CA is trusted.' } });
  await until(() => durable.length === 2);
  expect(durable[1]).toMatchObject({
    payload: { issue: { id, state: 'resolved', note: 'CA is trusted.', count: 2 } },
  });
  await reject(sandbox);
  await until(() => durable.length === 3);
  expect(durable[2]).toMatchObject({ payload: { issue: { id, state: 'open', reopened: 1, count: 3 } } });
  expect(await client.deleteIssue({ params: { id } })).toEqual({ count: 1 });
  await until(() => durable.length === 4);
  expect(durable[3]).toMatchObject({ type: 'issues:deleted', payload: { ids: [id] } });
  live.close();
});

test('issues are there after a restart, with what people said, and outlive the sessions that they are about', async () => {
  const data = temporaryFolder();
  const before = await startTestSandbox({ data });
  const { client } = before;
  await reject(before);
  const [{ id } = { id: '' }] = (await client.listIssues()).items;
  await client.changeIssue({ params: { id }, body: { state: 'acknowledged', note: 'We know.' } });
  await reject(before);
  await client.deleteSessions({ body: { all: true, purge: true } });
  await before[Symbol.asyncDispose]();
  await using after = await startTestSandbox({ data });
  const kept = { id, rule, state: 'acknowledged', note: 'We know.', count: 2 };
  expect((await after.client.listIssues()).items).toMatchObject([kept]);
  await reject(after);
  expect((await after.client.listIssues()).items).toMatchObject([{ ...kept, count: 3 }]);
});

test('what is wrong with mail that is first parsed by the next run makes issues there, once', async () => {
  const data = temporaryFolder();
  const stopped = {
    parse: () => Promise.reject(new Error('stopped')),
    pending: 0,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const before = await startTestSandbox({ data }, { parser: stopped });
  const wire = await before.wire();
  await wire.hello();
  await wire.mail('From: App <app@shop.test>\r\nSubject: no date\r\n\r\nhello\r\n');
  await wire.quit();
  await before.closedSession();
  await before[Symbol.asyncDispose]();
  const dateless = { query: { rule: 'header.no-date' } } as const;
  for (let run = 0; run < 2; run += 1) {
    await using after = await startTestSandbox({ data });
    await connectForTests(after.url).waitForMessage('has:finding subject:date');
    expect((await after.client.listIssues(dateless)).items).toMatchObject([
      { subject: 'shop.test', count: 1 },
    ]);
  }
});

test('the token of an inbox reads the findings of what it sees, rules and error texts, and no issues', async () => {
  await using sandbox = await startTestSandbox();
  await sandbox.client.createInbox({ body: { name: 'team', rules: [{ domain: 'team.test' }] } });
  const { token } = await sandbox.client.createInboxToken({
    params: { name: 'team' },
    body: { scope: 'read' },
  });
  const theirs = connect(sandbox.url, { token });
  const hidden = await reject(sandbox);
  const wire = await sandbox.wire();
  await wire.hello();
  await wire.mail(undefined, undefined, ['ann@team.test']);
  await wire.quit();
  await sandbox.closedSessions(2);
  const refused = async (ask: Promise<unknown>): Promise<unknown> =>
    ask.then(
      () => 'answered',
      (error: { code: string }) => error.code,
    );
  expect(await refused(theirs.readSessionFindings({ params: { id: hidden } }))).toBe('not_found');
  expect(await refused(theirs.readSessionFindings({ params: { id: 'latest' } }))).toBe('answered');
  expect(await refused(theirs.readMessageFindings({ params: { id: 'latest' } }))).toBe('answered');
  expect((await theirs.listRules()).items.map(({ id }) => id)).toEqual(rules.map(({ id }) => id));
  expect(await refused(theirs.explainError({ body: { text: 'ECONNREFUSED' } }))).toBe('answered');
  for (const ask of [theirs.listIssues(), theirs.readIssue({ params: { id: 'i_1' } })])
    expect(await refused(ask)).toBe('not_allowed');
  const { items } = await theirs.listEvents();
  expect(items.some(({ type }) => type.startsWith('issue'))).toBe(false);
});
