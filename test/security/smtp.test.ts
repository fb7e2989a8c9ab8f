// What anyone who can reach the SMTP port may try. More of it stands in test/smtp/hostile.test.ts.
import { expect, test } from 'vitest';
import { bytesOfSide, startTestSandbox } from '../support/sandbox.ts';
import { ambiguousEnds, begin, sendCut, waysToCut } from './data-ends.ts';
import { readRaw, sendDots } from './dots.ts';

const controls = [...Array.from({ length: 32 }, (_, code) => code), 0x7f]
  // They end a line, and so a field.
  .filter((code) => code !== 10 && code !== 13)
  .map((code) => String.fromCharCode(code));
/** As UTF-8: C1 controls, the separators of lines and paragraphs, and what turns text around. */
const beyond = [
  ...Array.from({ length: 32 }, (_, n) => String.fromCharCode(0x80 + n)),
  ...['\u2028', '\u2029'],
].map((char) => Buffer.from(char, 'utf8').toString('latin1'));

test('a control character in any field is refused, and what is stored is what was sent', async () => {
  await using sandbox = await startTestSandbox({}, { limits: { maxErrors: 10_000 } });
  await using wire = await sandbox.wire();
  await wire.reply();
  const refused = async (line: string): Promise<void> => {
    expect([line, await wire.say(line)]).toEqual([line, expect.stringMatching(/^50[014] /)]);
  };
  await wire.say('EHLO client.test');
  for (const char of [...controls, ...beyond]) {
    await refused(`EHLO a${char}b`);
    await refused(`HELO a${char}b`);
    await refused(`MAIL FROM:<a${char}b@x.test> SMTPUTF8`);
    await refused(`MAIL FROM:<a@x${char}.test> SMTPUTF8`);
    await refused(`MAIL FROM:<a@x.test> ENVID=a${char}b`);
  }
  expect(await wire.say('MAIL FROM:<a@x.test> SMTPUTF8')).toMatch(/^250 /);
  for (const char of [...controls, ...beyond]) {
    await refused(`RCPT TO:<a${char}b@x.test>`);
    await refused(`RCPT TO:<a@x.test> ORCPT=rfc822;a${char}b`);
  }
  await wire.say('RSET');
  // A carriage return or line feed in a name that comes encoded: LOGIN and PLAIN.
  for (const name of ['ann\r\nRCPT TO:<evil@x.test>', 'ann\0evil', 'ann\x1b[31m']) {
    expect(await wire.say('AUTH LOGIN')).toMatch(/^334 /);
    await refused(Buffer.from(name).toString('base64'));
    await refused(`AUTH PLAIN ${Buffer.from(`\0${name}\0secret`).toString('base64')}`);
  }
  const raw = 'Subject: exact\r\n\r\nbody\r\n';
  const id = /m_\w+/.exec(await wire.mail(raw))![0];
  const stored = await fetch(`${sandbox.url}/api/messages/${id}/raw`);
  expect(Buffer.from(await stored.arrayBuffer()).toString('latin1')).toBe(raw);
  await wire.quit();
  const session = await sandbox.closedSession();
  expect(session.transactions.at(-1)).toMatchObject({ outcome: 'stored', messageId: id });
  expect(JSON.stringify(session.transactions)).not.toContain('evil');
  // Made into text, each line stays one, and no terminal is driven by it.
  const text = await sandbox.client.readTranscriptText({
    params: { id: session.id },
    query: { limit: 5000 },
  });
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|[\u2028\u2029]/u);
});

test('what comes in clear around STARTTLS never counts inside TLS', async () => {
  await using sandbox = await startTestSandbox();
  const login = `AUTH PLAIN ${Buffer.from('\0evil\0evil').toString('base64')}`;
  for (const injected of [
    'EHLO evil.test\r\nMAIL FROM:<evil@x.test>\r\n',
    `${login}\r\n`,
    'MAIL FROM:<evil@x.test>\r\nRCPT TO:<evil@x.test>\r\nDATA\r\nSubject: evil\r\n\r\n.\r\n',
    'NOOP in',
    '\r\n',
    'R',
  ]) {
    await using wire = await sandbox.wire(1);
    await wire.hello('before.test');
    expect(await wire.say('MAIL FROM:<before@x.test>')).toMatch(/^250 /);
    wire.send(`STARTTLS\r\n${injected}`);
    expect(await wire.reply(), injected).toMatch(/^220 /);
    await wire.secure();
    const reply = await wire.say('EHLO after.test');
    expect(reply, injected).toMatch(/^250-/);
    expect(reply, injected).not.toContain('STARTTLS');
    expect(await wire.say('RCPT TO:<bob@x.test>')).toMatch(/^503 /);
    expect(await wire.say('DATA')).toMatch(/^503 /);
    expect(await wire.say('MAIL FROM:<after@x.test>')).toMatch(/^250 /);
    wire.end();
    await wire.closed();
  }
  expect((await sandbox.client.listMessages()).items).toEqual([]);
  for (const session of await sandbox.closedSessions(6)) expect(session.user).toBeNull();
});

test('a greeting and a login from before STARTTLS are none inside TLS', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire(1);
  const login = `AUTH PLAIN ${Buffer.from('\0ann\0secret').toString('base64')}`;
  await wire.hello();
  expect(await wire.say(login)).toMatch(/^235 /);
  await wire.say('STARTTLS');
  await wire.secure();
  expect(await wire.say(login)).toMatch(/^503 .*EHLO first/);
  expect(await wire.say('MAIL FROM:<ann@x.test>')).toMatch(/^503 .*EHLO first/);
  expect(await wire.say('EHLO after.test')).toMatch(/AUTH .*PLAIN/);
  await wire.mail('Subject: by nobody\r\n\r\nx\r\n');
  expect(await wire.say(login)).toMatch(/^235 /);
  await wire.mail('Subject: by ann\r\n\r\nx\r\n');
  const { items } = await sandbox.client.listMessages();
  expect(items.map(({ subject, user }) => [subject, user])).toEqual([
    ['by ann', 'ann'],
    ['by nobody', null],
  ]);
});

test('a TLS record that never ends, and commands within the handshake, harm nobody', async () => {
  await using sandbox = await startTestSandbox({}, { limits: { handshakeMs: 200 } });
  for (const bytes of ['1603010200', '16030102000100', 'ffffffffff', '160301ffff']) {
    await using wire = await sandbox.wire(1);
    await wire.hello();
    await wire.say('STARTTLS');
    wire.send(Buffer.concat([Buffer.from(bytes, 'hex'), Buffer.from('MAIL FROM:<a@b.test>\r\n')]));
    await wire.closed();
  }
  expect((await sandbox.closedSessions(4)).map(({ outcome }) => outcome)).toEqual(
    Array(4).fill('tls-failed'),
  );
});

test('no end of data but <CRLF>.<CRLF> is one, byte by byte and cut in any two places', async () => {
  await using sandbox = await startTestSandbox();
  let count = 0;
  await using wire = await sandbox.wire();
  await wire.hello();
  for (const sequence of ambiguousEnds) {
    const text = `Subject: one${sequence}MAIL FROM:<evil@x.test>\r\nx\r\n`;
    const kept = text.replace(/(\r\n)\.(?=[^\r\n])/g, '$1');
    const bytes = Buffer.from(`${text}.\r\n`, 'latin1');
    for (const cuts of waysToCut(bytes, 'Subject: one'.length, sequence.length)) {
      await begin(wire);
      await sendCut(wire, bytes, cuts);
      const reply = await wire.reply();
      count++;
      expect([sequence, cuts, reply.slice(0, 3)]).toEqual([sequence, cuts, '250']);
      expect(await readRaw(sandbox, /m_\w+/.exec(reply)![0])).toBe(kept);
    }
  }
  await wire.say('QUIT');
  expect((await sandbox.client.readStatus()).messages).toBe(count);
});

test('random messages of dots and line ends come out as they went in', async () => {
  await sendDots(100);
});

test('a message in more chunks than any client makes is refused, and nothing of it is stored', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.say('MAIL FROM:<a@b.test>');
  await wire.say('RCPT TO:<c@d.test>');
  wire.send('BDAT 0\r\n'.repeat(20_001));
  await wire.closed();
  const said = Buffer.concat(wire.received).toString();
  expect(said).toMatch(/\r\n421 4\.5\.0 Too many BDAT chunks[^\n]*\n$/);
  expect((await sandbox.client.listMessages()).items).toEqual([]);
});

test('a BDAT whose size is a lie runs nothing and stores nothing', async () => {
  await using sandbox = await startTestSandbox({ maxSize: '1MB' });
  for (const size of ['99999999999', '-1', '0x10', '1e3', '18446744073709551616', '5 LAST extra', '']) {
    await using wire = await sandbox.wire();
    await wire.hello();
    await wire.say('MAIL FROM:<a@b.test>');
    await wire.say('RCPT TO:<c@d.test>');
    wire.send(`BDAT ${size}\r\nRSET\r\nMAIL FROM:<evil@x.test>\r\nRCPT TO:<evil@x.test>\r\n`);
    // A chunk has to come whole before it is answered (RFC 3030 §2), however large it says it is.
    if (size !== '99999999999')
      expect([size, await wire.reply()]).toEqual([size, expect.stringMatching(/^(50[0134]|552|421) /)]);
    wire.end();
    await wire.closed();
  }
  {
    await using wire = await sandbox.wire();
    await wire.hello();
    await wire.say('MAIL FROM:<a@b.test>');
    await wire.say('RCPT TO:<c@d.test>');
    // The command within the chunk is text.
    wire.send('BDAT 30 LAST\r\nRCPT TO:<evil@x.test>\r\nDATA\r\n\r\nNOOP\r\n');
    const id = /m_\w+/.exec(await wire.reply())![0];
    expect(await wire.reply()).toMatch(/^(250|500) /);
    expect((await readRaw(sandbox, id)).length).toBe(30);
    // One that is cut off is nothing.
    wire.send('MAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nBDAT 500 LAST\r\nshort');
    await wire.reply();
    wire.end();
    await wire.closed();
  }
  expect((await sandbox.client.listMessages()).items).toHaveLength(1);
  const sessions = await sandbox.closedSessions(8);
  const accepted = sessions.flatMap(({ transactions }) => transactions).filter(({ messageId }) => messageId);
  expect(accepted).toHaveLength(1);
  expect(accepted[0]!.recipients.map(({ address }) => address)).toEqual(['c@d.test']);
});

test('a thousand commands in one segment are answered in order, and the transcript has each', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  const lines = Array.from({ length: 1000 }, (_, n) => (n % 2 ? `VRFY user${n}` : `NOOP ${n}`));
  wire.send(`${lines.join('\r\n')}\r\n`);
  for (const line of lines)
    expect([line, (await wire.reply()).slice(0, 3)]).toEqual([line, line[0] === 'N' ? '250' : '252']);
  await wire.quit();
  const said = bytesOfSide(await sandbox.lines((await sandbox.closedSession()).id), 'client').toString();
  expect(said).toBe(`EHLO client.test\r\n${lines.join('\r\n')}\r\nQUIT\r\n`);
});
