// Addresses of the envelope that other servers refuse.
import { expect, test } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';

test('an address that breaks the grammar is taken, and it is said that other servers refuse it', async () => {
  await using sandbox = await startTestSandbox();
  let sessions = 0;
  const anomalyAfter = async (...commands: string[]) => {
    await using wire = await sandbox.wire();
    await wire.reply();
    for (const command of ['EHLO x.test', ...commands]) expect(await wire.say(command)).toMatch(/^250[ -]/);
    await wire.quit();
    return (await sandbox.closedSessions(++sessions)).at(-1)!.anomalyList;
  };
  const mail = 'MAIL FROM:<a@b.test>';
  for (const [address, said] of [
    ['a b@c.test', 'The local part has characters that are allowed in quotes only (RFC 5321 4.1.2)'],
    ['a@b..test', 'The domain has an empty label (a dot too many) (RFC 5321 4.1.2)'],
    ['a..b@c.test', 'The local part has consecutive dots (RFC 5321 4.1.2)'],
    ['a@[1.2.3]', 'The address literal is not [IPv4] or [IPv6:address] (RFC 5321 4.1.3)'],
    ['root', 'The address has no domain (RFC 5321 4.1.2)'],
  ] as const)
    for (const commands of [[mail, `RCPT TO:<${address}>`], [`MAIL FROM:<${address}>`]])
      expect(await anomalyAfter(...commands)).toMatchObject([
        { kind: 'malformed-address', count: 1, text: `${said}; other servers refuse it.` },
      ]);
  expect(await anomalyAfter(mail, 'RCPT TO:<root>', 'RCPT TO:<a b@c.test>')).toMatchObject([{ count: 2 }]);
  const legal = ['<Postmaster>', '<"a b"@c.test>', '<x@[127.0.0.1]>', '<a@b_c.test>', "<o'n@localhost>"];
  expect(await anomalyAfter('MAIL FROM:<>', ...legal.map((path) => `RCPT TO:${path}`))).toEqual([]);
});
