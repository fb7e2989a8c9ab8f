// Whether the boundary of a multipart is there, and closed: told from lines of their own, at no cost for what looks alike.
import { expect, test } from 'vitest';
import { findingsOf, mailWith } from '../support/checked-mail.ts';
import { cpuNow } from '../support/cpu-time.ts';
import { hostileMail } from '../support/hostile-mail.ts';

test('a boundary that is not there is told from what stands on lines of their own', async () => {
  const rulesOf = async (body: string): Promise<string[]> =>
    (await findingsOf(mailWith({ 'Content-Type': 'multipart/mixed; boundary=b' }, body))).map(
      ({ rule }) => rule,
    );
  expect(await rulesOf('In a line: --b and --b--\r\n')).toContain('mime.boundary-not-found');
  expect(await rulesOf('--b\r\n\r\nIn a line: --b--\r\n')).toContain('mime.boundary-unclosed');
  expect(await rulesOf('--b--\r\n')).not.toContain('mime.boundary-not-found');
});

test('parts beyond the limit are not told as missing', async () => {
  const inner = 'Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nHi\r\n--c--';
  const body = `${'--b\r\n\r\nHello.\r\n'.repeat(1000)}--b\r\n${inner}\r\n--b--\r\n`;
  const rules = (await findingsOf(mailWith({ 'Content-Type': 'multipart/mixed; boundary=b' }, body))).map(
    ({ rule }) => rule,
  );
  expect(rules.filter((rule) => rule.startsWith('mime.boundary'))).toEqual([]);
});

test('lines that are almost a boundary of 900 bytes cost no more than those without a boundary', async () => {
  const cost = async (raw: Buffer): Promise<number> => {
    const start = cpuNow();
    await findingsOf(raw);
    return cpuNow() - start;
  };
  const { size, make } = hostileMail['lines that are almost the boundary']!;
  const raw = make(size);
  const usual = await cost(
    Buffer.concat([Buffer.from('Content-Type: multipart/mixed; boundary=x; x='), raw]),
  );
  // By a search through the bytes thirty times as much.
  expect(await cost(raw)).toBeLessThan(5 * usual + 500);
});
