// Any bytes in any segments on an SMTP connection.
import { setTimeout as delay } from 'node:timers/promises';
import { bytesOfSide, type TestSandbox } from '../support/sandbox.ts';
import type { Random } from '../search/random.ts';
import { randomBytes } from './budget.ts';

const pieces = [
  'EHLO fuzz.test\r\n',
  'HELO fuzz.test\r\n',
  'LHLO fuzz.test\r\n',
  'MAIL FROM:<a@b.test>\r\n',
  'MAIL FROM:<a@b.test> SIZE=10 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=x+2By\r\n',
  'MAIL FROM:<"a b"@[IPv6:::1]> AUTH=<>\r\n',
  'RCPT TO:<c@d.test>\r\n',
  'RCPT TO:<c@d.test> NOTIFY=NEVER ORCPT=rfc822;x\r\n',
  'DATA\r\n',
  'Subject: fuzz\r\n\r\n..stuffed\r\n.not the end\r\n',
  '\r\n.\r\n',
  '.\r\n',
  '\n.\n',
  '\r.\r',
  'BDAT 5\r\nab\r\nc',
  'BDAT 0 LAST\r\n',
  'BDAT 99999999999999999999\r\n',
  'BDAT -1 LAST\r\n',
  'RSET\r\n',
  'NOOP\r\n',
  'VRFY x\r\n',
  'EXPN x\r\n',
  'HELP\r\n',
  'AUTH LOGIN\r\nYQ==\r\nYg==\r\n',
  'AUTH PLAIN AGEAYg==\r\n',
  '*\r\n',
  'STARTTLS now\r\n',
  'XCLIENT NAME=x\r\n',
  'PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n',
  'mail from:a@b\r\n',
  '\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
];
const wellFormed = /^(?:(\d{3})(?:-[ -~]*\r\n\1)*(?: [ -~]*)?\r\n)*$/;

/** The id of the newest session from this port, once it is stored. */
async function closedSessionOf(sandbox: TestSandbox, port: number): Promise<string> {
  for (const end = Date.now() + 40_000; ; await delay(2)) {
    const { items } = await sandbox.client.listSessions({ query: { limit: 20 } });
    const found = items.find(({ peer, outcome }) => peer.port === port && outcome !== 'open');
    if (found !== undefined) return found.id;
    if (Date.now() > end) throw new Error('its session was not closed in time');
  }
}

export async function fuzzFraming(random: Random, sandbox: TestSandbox): Promise<void> {
  await using wire = await sandbox.wire();
  const port = wire.socket.localPort!;
  const parts: Buffer[] = [];
  if (random.chance(0.8)) parts.push(Buffer.from('EHLO fuzz.test\r\n'));
  for (let n = random.below(30); n >= 0; n--)
    parts.push(random.chance(0.85) ? Buffer.from(random.pick(pieces)) : randomBytes(random, 60));
  const bytes = Buffer.concat(parts);
  // An early talker is refused nothing, so that the rest is seen, too.
  await wire.reply();
  for (let at = 0; at < bytes.length;) {
    const size = 1 + random.below(random.pick([1, 5, 80, 2000]));
    wire.send(bytes.subarray(at, at + size));
    at += size;
    if (random.chance(0.3)) await new Promise((resolve) => setImmediate(resolve));
  }
  wire.end();
  await wire.closed();
  const said = Buffer.concat(wire.received).toString('latin1');
  if (!wellFormed.test(said)) throw new Error(`replies are not well formed: ${JSON.stringify(said)}`);
  const lines = await sandbox.lines(await closedSessionOf(sandbox, port));
  const recorded = bytesOfSide(lines, 'client');
  // Where the server closed first, what came behind that was not read.
  const isAll = recorded.equals(bytes);
  if (!isAll && !(said.includes('\n421 ') && bytes.subarray(0, recorded.length).equals(recorded)))
    throw new Error(
      `the transcript has ${JSON.stringify(recorded.toString('latin1'))}, sent was ${JSON.stringify(bytes.toString('latin1'))}`,
    );
  const replied = bytesOfSide(lines, 'server').toString('latin1');
  if (replied !== said)
    throw new Error(`the transcript says ${JSON.stringify(replied)}, said was ${JSON.stringify(said)}`);
}
