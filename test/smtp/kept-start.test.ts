// What a client sends that is carried out nowhere is kept as one piece from its start.
import { expect, test } from 'vitest';
import { KeptStart } from '../../server/smtp/kept-start.ts';
import { startTestSandbox } from '../support/sandbox.ts';
import { simulate } from '../support/simulate.ts';

test('once bytes are lost nothing that came behind them is kept, however little it is', () => {
  const kept = new KeptStart();
  const sizes = [200_000, 100_000, 6, 0, 50_000];
  const sent = sizes.map((size, n) => Buffer.alloc(size, n + 1));
  for (const piece of sent) kept.take(piece);
  const { bytes, lost } = kept;
  expect(bytes.equals(Buffer.concat(sent).subarray(0, bytes.length))).toBe(true);
  expect(bytes).toHaveLength(256 * 1024);
  expect(bytes.length + lost).toBe(350_006);
});

test('what is less is kept whole', () => {
  const kept = new KeptStart();
  kept.take(Buffer.from('NOOP\r\n'));
  kept.take(Buffer.from('QUIT\r\n'));
  expect([kept.bytes.toString(), kept.lost]).toEqual(['NOOP\r\nQUIT\r\n', 0]);
});

test('a record of what came while nothing was answered begins with it and has no gap', async () => {
  await using sandbox = await startTestSandbox();
  await using _ = await simulate(sandbox, { stage: 'mail', then: 'hang' });
  await using wire = await sandbox.wire();
  await wire.hello();
  wire.send('MAIL FROM:<ann@a.test>\r\n');
  const pieces = [250_000, 40_000, 100, 100].map((size, n) => Buffer.alloc(size, 'abcd'[n]));
  for (const piece of pieces) {
    // What was sent before has been read by then.
    await sandbox.client.listSessions({ query: {} });
    wire.send(piece);
  }
  wire.end();
  const lines = await sandbox.lines((await sandbox.closedSession()).id);
  const [kept, lost] = lines.filter(({ kind }) => kind === 'raw');
  const bytes = Buffer.from(kept!.base64!, 'base64');
  expect(bytes.equals(Buffer.concat(pieces).subarray(0, bytes.length))).toBe(true);
  expect(lost).toMatchObject({ lost: true, bytes: 290_200 - bytes.length });
});
