// POST /api/sample: Mailscope sends itself a mail, so that there is something to look at.
import { describe, expect, test } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';

describe('a sample', () => {
  test('goes through the plain port by default, and its message and session are named', async () => {
    await using sandbox = await startTestSandbox();
    const { messageId, sessionId } = await sandbox.client.sendSample({ body: {} });
    const message = await sandbox.client.readMessage({ params: { id: messageId } });
    expect(message).toMatchObject({ sessionId, subject: 'A sample message', parse: 'parsed', tls: null });
    expect(message.html).toContain('A square');
    expect(message.links).toContainEqual({
      text: 'Confirm your address',
      href: 'https://example.com/confirm?token=sample',
      purpose: 'confirm',
      source: 'html',
    });
    expect(message.codes[0]).toMatchObject({ code: '482913' });
    expect(message.unsubscribe).toMatchObject({ oneClick: true, problem: null });
    const session = await sandbox.closedSession();
    expect(session).toMatchObject({ id: sessionId, listener: 'smtp', outcome: 'captured', user: null });
    expect(session.ended).toMatchObject({ by: 'client', how: 'quit' });
  });

  test('has nothing wrong with it, nor has its session', async () => {
    await using sandbox = await startTestSandbox();
    for (const kind of ['html', 'text', 'attachment'] as const)
      for (const listener of ['smtp', 'submission', 'smtps'])
        await sandbox.client.sendSample({ body: { kind, listener } });
    await sandbox.closedSessions(9);
    const { items } = await sandbox.client.listMessages();
    for (const { id } of items) await sandbox.client.readMessage({ params: { id } });
    const { items: issues } = await sandbox.client.listIssues();
    expect(issues.map(({ rule, text }) => [rule, text])).toEqual([]);
  });

  test('needs no body in the request', async () => {
    await using sandbox = await startTestSandbox();
    const response = await fetch(`${sandbox.url}/api/sample`, { method: 'POST' });
    expect(response.status).toBe(200);
  });

  test.each([
    ['submission', 'starttls'],
    ['smtps', 'implicit'],
  ] as const)('through %s uses TLS with our certificate, and logs in', async (listener, mode) => {
    await using sandbox = await startTestSandbox();
    await sandbox.client.sendSample({ body: { listener, kind: 'attachment' } });
    const session = await sandbox.closedSession();
    expect(session.handshakes).toMatchObject([{ mode, ok: true }]);
    expect(session).toMatchObject({ listener, mechanism: 'PLAIN', user: 'sample', outcome: 'captured' });
    const message = await sandbox.client.readMessage({ params: { id: 'latest' } });
    expect(message.attachmentList.map(({ filename }) => filename)).toContain('weather.csv');
  });

  test.each(['LOGIN', 'CRAM-MD5'])('logs in by %s with a login that is accepted', async (mechanism) => {
    await using sandbox = await startTestSandbox({
      user: ['ann:s3cret'],
      auth: 'required',
      authMechanisms: [mechanism],
    });
    await sandbox.client.sendSample({ body: { kind: 'text' } });
    expect(await sandbox.closedSession()).toMatchObject({ mechanism, user: 'ann', outcome: 'captured' });
    expect((await sandbox.client.readMessage({ params: { id: 'latest' } })).html).toBeNull();
  });

  test('speaks LMTP and PROXY where the listener wants it', async () => {
    await using sandbox = await startTestSandbox({
      listen: ['lmtp://127.0.0.1:0?name=local&proxy=true'],
    });
    await sandbox.client.sendSample({ body: { listener: 'local' } });
    expect(await sandbox.closedSession()).toMatchObject({ listener: 'local', proxy: { version: 1 } });
  });

  test('that cannot be sent says why', async () => {
    await using sandbox = await startTestSandbox({ authMechanisms: ['XOAUTH2'], auth: 'required' });
    await expect(sandbox.client.sendSample({ body: { listener: 'nowhere' } })).rejects.toMatchObject({
      code: 'not_found',
      hint: 'There are: smtp, submission, smtps.',
    });
    await expect(sandbox.client.sendSample({ body: { listener: 'smtp' } })).rejects.toMatchObject({
      code: 'conflict',
      hint: 'It offers: XOAUTH2.',
    });
  });
});
