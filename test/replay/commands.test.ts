// The swaks and curl commands of a session have it again, as far as those programs can.
import { describe, expect, test } from 'vitest';
import { toCurl } from '../../shared/replay/to-curl.ts';
import { toSwaks } from '../../shared/replay/to-swaks.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { needs } from '../support/tools.ts';
import type { Wire } from '../support/wire.ts';
import { changes, recorded, replay, runShell, urlsOf } from './replayed.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const password = 's3cret $(x)';
const letter = 'From someone\r\nSubject: %DATE% \\n x\r\n\r\n..dot\r\n...\r\ngr\xfc\xdfe\r\n';

async function leave(wire: Wire): Promise<void> {
  await wire.quit();
}

async function recordMail(sandbox: TestSandbox, listener: number, from = 'ann@example.test'): Promise<void> {
  await using wire = await sandbox.wire(listener);
  if (listener === 2) await wire.secure({ servername: 'localhost' });
  await wire.hello();
  if (listener === 1) {
    await wire.say('STARTTLS');
    await wire.secure({ servername: 'localhost' });
    await wire.say('EHLO client.test');
  }
  if (listener !== 0) await wire.say(`AUTH PLAIN ${base64(`\0jo'e\0${password}`)}`);
  await wire.mail(letter, from, ['bob@example.test', "o'neil@example.test"]);
  await leave(wire);
}

describe.each(['smtp', 'submission', 'smtps'])('on the %s port', (name) => {
  const listener = ['smtp', 'submission', 'smtps'].indexOf(name);

  needs('swaks').test('swaks has the session again', async () => {
    await using sandbox = await startTestSandbox();
    await recordMail(sandbox, listener);
    const { compared, end, second } = await replay(sandbox, ({ session, lines }) => {
      const { command, notes } = toSwaks(session, lines, urlsOf(sandbox));
      expect(notes).toEqual([]);
      return runShell(command);
    });
    expect(end.code, end.said).toBe(0);
    expect(changes(compared), end.said).toEqual([]);
    const raw = await sandbox.client.readRaw({ params: { id: second.session.messageIds[0]! } });
    expect(Buffer.from(raw).toString('latin1')).toBe(letter.replace(/^\./gm, ''));
  });

  needs('curl').test('curl has the session again', async () => {
    await using sandbox = await startTestSandbox();
    await recordMail(sandbox, listener);
    const { compared, end, second } = await replay(sandbox, ({ session, lines }) =>
      runShell(toCurl(session, lines, urlsOf(sandbox)).command),
    );
    expect(end.code, end.said).toBe(0);
    const mail = compared.rows.filter(({ left }) => /^(EHLO|AUTH|RCPT|DATA|QUIT)/.test(left?.text ?? ''));
    expect(mail.map(({ kind }) => kind)).toEqual(mail.map(() => 'same'));
    const raw = await sandbox.client.readRaw({ params: { id: second.session.messageIds[0]! } });
    expect(Buffer.from(raw).toString('latin1')).toBe(letter.replace(/^\./gm, ''));
  });
});

describe('swaks', () => {
  const { test: withSwaks } = needs('swaks');

  withSwaks('repeats a null sender, pipelining and CRAM-MD5', async () => {
    await using sandbox = await startTestSandbox({ user: [`joe:${password}`], authMechanisms: ['CRAM-MD5'] });
    {
      await using wire = await sandbox.wire();
      await wire.hello();
      await wire.say('AUTH CRAM-MD5');
      await wire.say(base64(`joe ${'0'.repeat(32)}`));
      wire.send('MAIL FROM:<>\r\nRCPT TO:<c@d.test>\r\n');
      await wire.reply();
      await wire.reply();
      await wire.say('DATA');
      wire.send(letter);
      await wire.say('.');
      await leave(wire);
    }
    const { second, end } = await replay(sandbox, ({ session, lines }) =>
      runShell(toSwaks(session, lines, urlsOf(sandbox)).command),
    );
    expect(end.code, end.said).toBe(0);
    expect(second.session.transactions[0]).toMatchObject({ from: { address: '' }, outcome: 'stored' });
    expect(second.session.auth[0]).toMatchObject({ mechanism: 'CRAM-MD5', ok: true });
    expect(second.lines.some(({ pipelined }) => pipelined)).toBe(true);
  });

  withSwaks.each([
    ['after the greeting', ['QUIT']],
    ['after EHLO', ['EHLO x.test', 'QUIT']],
    ['after MAIL', ['EHLO x.test', 'MAIL FROM:<a@b.test>', 'QUIT']],
    ['after RCPT', ['EHLO x.test', 'MAIL FROM:<a@b.test>', 'RCPT TO:<c@d.test>', 'QUIT']],
  ])('ends %s where the session did', async (_, said) => {
    await using sandbox = await startTestSandbox();
    {
      await using wire = await sandbox.wire();
      await wire.reply();
      for (const line of said) await wire.say(line);
      await wire.closed();
      wire.end();
    }
    const { compared, end } = await replay(sandbox, ({ session, lines }) =>
      runShell(toSwaks(session, lines, urlsOf(sandbox)).command),
    );
    expect(changes(compared), end.said).toEqual([]);
  });

  withSwaks('carries the message itself where its address is not known', async () => {
    await using sandbox = await startTestSandbox();
    await recordMail(sandbox, 0);
    const { first, second, end } = await replay(sandbox, ({ session, lines }) =>
      runShell(toSwaks(session, lines).command),
    );
    expect(end.code, end.said).toBe(0);
    expect(second.session.transactions[0]!.data!.size).toBe(first.session.transactions[0]!.data!.size);
  });
});

test('what a program cannot repeat is said', async () => {
  await using sandbox = await startTestSandbox({ authMechanisms: ['SCRAM-SHA-256'] });
  {
    await using wire = await sandbox.wire();
    await wire.hello();
    await wire.say('AUTH SCRAM-SHA-256');
    await wire.say(base64('n,,n=joe,r=abcdefghijk'));
    await wire.say('*');
    await wire.say('MAIL FROM:<-oops@x.test> BODY=8BITMIME');
    await wire.say('RCPT TO:<"a,b"@x.test>');
    await wire.say('RCPT TO:<ok@x.test>');
    await leave(wire);
  }
  const { session, lines } = await recorded(sandbox, 1);
  const swaks = toSwaks(session, lines);
  expect(swaks.notes).toEqual([
    'swaks cannot repeat AUTH SCRAM-SHA-256.',
    'swaks cannot repeat the sender.',
    'swaks cannot repeat the parameter BODY of MAIL and RCPT.',
    'swaks cannot repeat 1 of 2 recipients.',
  ]);
  expect(swaks.command).not.toContain('oops');
  expect(toCurl(session, lines).command).toContain("--mail-from '-oops@x.test'");
});
