// What is said of the lines of a message, however it came and ended.
import { expect, test } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';

const cases: { what: string; bytes: string; facts: Record<string, number>; bdatOnly?: boolean }[] = [
  { what: 'an empty line', bytes: '\r\n', facts: { lines: 1, longestLine: 0, bareCr: 0, bareLf: 0 } },
  { what: 'a long line', bytes: `${'a'.repeat(5000)}\r\n`, facts: { lines: 1, longestLine: 5000 } },
  // All octets of a line but its CRLF count (RFC 5321 4.5.3.1.6).
  {
    what: 'bare CRs',
    bytes: `${'a\r'.repeat(600)}\r\n`,
    facts: { lines: 1, longestLine: 1200, bareCr: 600 },
  },
  { what: 'a CR before CRLF', bytes: 'ab\r\r\nc\r\n', facts: { lines: 2, longestLine: 3, bareCr: 1 } },
  { what: 'bare LFs', bytes: 'ab\nc\r\n', facts: { lines: 2, longestLine: 2, bareLf: 1 } },
  { what: 'no end', bytes: 'a'.repeat(5000), facts: { lines: 1, longestLine: 5000 }, bdatOnly: true },
  { what: 'a CR as its end', bytes: 'abc\r', facts: { lines: 1, longestLine: 4, bareCr: 1 }, bdatOnly: true },
  {
    what: 'an LF as its end',
    bytes: 'abc\n',
    facts: { lines: 1, longestLine: 3, bareLf: 1 },
    bdatOnly: true,
  },
];

test('its lines, the longest of them and their ends are counted to the last byte', async () => {
  for (const { what, bytes, facts, bdatOnly } of cases)
    for (const command of bdatOnly ? ['BDAT'] : ['DATA', 'BDAT']) {
      await using sandbox = await startTestSandbox();
      await using wire = await sandbox.wire();
      await wire.hello();
      await wire.say('MAIL FROM:<ann@x.test>');
      await wire.say('RCPT TO:<bob@x.test>');
      if (command === 'DATA') await wire.say('DATA');
      wire.send(command === 'DATA' ? `${bytes}.\r\n` : `BDAT ${bytes.length} LAST\r\n${bytes}`);
      expect(await wire.reply()).toMatch(/^250 /);
      await wire.quit();
      const { transactions, anomalyList } = await sandbox.closedSession();
      expect(transactions[0]!.data, `${what}, by ${command}`).toMatchObject({ command, ...facts });
      const kinds = anomalyList.map(({ kind }) => kind);
      expect(kinds.includes('overlong-line'), what).toBe(facts.longestLine! > 998);
      expect(kinds.includes('bare-cr'), what).toBe((facts.bareCr ?? 0) > 0);
    }
});
