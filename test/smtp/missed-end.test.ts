// A client that wrote the final dot otherwise than <CRLF>.<CRLF> waits for a reply that never comes: the session says why.
import { expect, test } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';

const rule = 'but only <CRLF>.<CRLF> ends it (RFC 5321 4.1.1.4).';

async function leaveAfter(content: string, options: { bareNewlines?: 'refuse' } = {}) {
  await using sandbox = await startTestSandbox(options);
  await using wire = await sandbox.wire();
  await wire.hello();
  for (const line of ['MAIL FROM:<ann@a.test>', 'RCPT TO:<bob@b.test>', 'DATA']) await wire.say(line);
  wire.send(content);
  wire.end();
  const session = await sandbox.closedSession();
  expect(session).toMatchObject({ outcome: 'aborted', messages: 0 });
  return session;
}

test.each([
  ['Subject: x\n\nbody\n.\n', 'it holds <LF>.<LF>'],
  ['Subject: x\r\n\r\nbody\r\n.\n', 'it holds <CRLF>.<LF>'],
  ['Subject: x\n\nbody\n.\r\n', 'it holds <LF>.<CRLF>'],
  ['Subject: x\r\rbody\r.\rQUIT\r', 'it holds <CR>.<CR>'],
  ['Subject: x\n\nbody\n.\nQUIT\n', 'it holds <LF>.<LF>'],
  ['Subject: x\r\n\r\nbody\r\n.', 'its last line is a dot with nothing behind it'],
  ['.', 'its last line is a dot with nothing behind it'],
  ['Subject: x\r\n\r\nbody\r\n.\r', 'its last line is a dot with <CR> behind it'],
  ['Subject: x\r\n\r\nbody.\r\n', 'it ends with a dot that is not alone in its line'],
  ['Subject: x\r\n\r\nbody\r\n..\r\n', 'it ends with a dot that is not alone in its line'],
])(
  'behind %j the end of the session says what was taken for the end of the content',
  async (content, said) => {
    const { ended } = await leaveAfter(content);
    expect(ended?.text).toBe(
      `The client closed the connection without QUIT while the content of mail 1 was coming; ${said}, ${rule}`,
    );
  },
);

test.each(['', 'Subject: x\r\n\r\nbody', 'Subject: x\r\n\r\nbody\r\n', 'Subject: x\r\n\r\n.body\r\n'])(
  'behind %j nothing is said of an end',
  async (content) => {
    const { ended } = await leaveAfter(content);
    expect(ended?.text).toBe(
      'The client closed the connection without QUIT while the content of mail 1 was coming.',
    );
  },
);

test('the bare line ends of content that did not end are anomalies of the session', async () => {
  const { anomalyList, lines } = await leaveAfter('Subject: x\n\nbody\n.\n');
  expect(anomalyList).toMatchObject([
    { kind: 'bare-lf', count: 4 },
    { kind: 'smuggling-sequence', count: 1 },
    { kind: 'no-quit' },
  ]);
  expect(anomalyList[0]!.line).toBeLessThan(lines);
});

test('who is let go for silence behind such a dot is told so in the record', async () => {
  await using sandbox = await startTestSandbox({ idleTimeout: '1s' });
  await using wire = await sandbox.wire();
  await wire.hello();
  for (const line of ['MAIL FROM:<ann@a.test>', 'RCPT TO:<bob@b.test>', 'DATA']) await wire.say(line);
  wire.send('Subject: x\n\nbody\n.\n');
  expect(await wire.reply()).toMatch(/^421 4\.4\.2 /);
  const { ended } = await sandbox.closedSession();
  expect(ended?.text).toBe(
    `The client sent nothing for 1 s (--idle-timeout) while the content of mail 1 was coming; it holds <LF>.<LF>, ${rule}`,
  );
});
