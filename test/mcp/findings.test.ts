// What is wrong, and what to do about it, as the tools tell an agent.
import { expect, test } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';
import { callTool, untrustedPart } from './speak.ts';

test('a session says what is wrong with it, where, and how to mend it; lists say how much', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.say('EHLO client.test');
  await wire.say('STARTTLS');
  const running = await callTool(sandbox.url, 'read_session');
  expect(JSON.parse(untrustedPart(running.text))).not.toHaveProperty('findings');
  await wire.quit();
  await sandbox.closedSession();
  const { text } = await callTool(sandbox.url, 'read_session');
  const { findings } = JSON.parse(untrustedPart(text)) as { findings: object[] };
  expect(findings[0]).toMatchObject({
    rule: 'tls.starttls-not-offered',
    what: expect.stringContaining('does not offer it'),
    fixes: expect.arrayContaining([{ do: expect.stringContaining('1587') }]),
    evidence: [expect.stringMatching(/^(?:behind )?line \d+/)],
  });
  const list = await callTool(sandbox.url, 'list_sessions', { query: 'has:finding' });
  expect(JSON.parse(untrustedPart(list.text))).toMatchObject({
    items: [{ found: expect.stringMatching(/^\d+, the worst of them: \w+$/) }],
  });
});

test('a message says what is wrong with it, and where', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.mail('From: a@x.test\r\nDate: tomorrow\r\nSubject: x\r\n\r\nx\r\n');
  const { text } = await callTool(sandbox.url, 'read_message');
  const { findings } = JSON.parse(untrustedPart(text)) as { findings: { rule: string }[] };
  expect(findings.find(({ rule }) => rule === 'header.date-invalid')).toMatchObject({
    what: expect.stringContaining('tomorrow'),
    evidence: [expect.stringMatching(/^byte 1\d of the message, \d+ long, in Date/)],
  });
});

test('an error is explained with the settings of the client that printed it, and nothing is made up', async () => {
  await using sandbox = await startTestSandbox();
  const { text, isError } = await callTool(sandbox.url, 'explain_error', {
    text: 'smtplib.SMTPAuthenticationError: (534, b"5.7.9 Application-specific password required.")',
  });
  expect(isError).toBe(false);
  expect(JSON.parse(untrustedPart(text))).toMatchObject([
    {
      rule: 'auth.failed',
      client: 'Python smtplib',
      simulatedBy: 'gmail/app-password',
      what: expect.stringContaining('app password'),
      fixes: expect.arrayContaining([
        expect.objectContaining({ code: expect.stringContaining('smtp.login(') }),
      ]),
    },
  ]);
  expect((await callTool(sandbox.url, 'explain_error', { text: 'all is well' })).text).toMatch(
    /^Nothing is known/,
  );
  expect((await callTool(sandbox.url, 'explain_error', { text: 'x'.repeat(20_001) })).isError).toBe(true);
});
