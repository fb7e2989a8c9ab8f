// A client that leaves at any byte of the dialogue: a message is stored whole, once, or not at all.
import { expect, test } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';

const before = 'EHLO client.test\r\nMAIL FROM:<ann@example.test>\r\nRCPT TO:<bob@example.test>\r\nDATA\r\n';

test.each(['closes', 'resets'] as const)(
  'a client that %s after any byte leaves no part of a message',
  async (how) => {
    await using sandbox = await startTestSandbox();
    const bodyOf = (n: number): string => `Subject: cut ${n}\r\n\r\nfirst\r\n..second\r\n`;
    const length = (before + bodyOf(100)).length + 3;
    await Promise.all(
      Array.from({ length: length + 1 }, async (_, n) => {
        await using wire = await sandbox.wire();
        const body = bodyOf(100 + n);
        const all = `${before}${body}.\r\n`;
        await wire.reply();
        if (n > before.length) {
          wire.send(before);
          for (let replies = 0; replies < 4; replies++) await wire.reply();
          wire.send(all.slice(before.length, n));
        } else wire.send(all.slice(0, n));
        if (how === 'closes') wire.end();
        else setImmediate(() => wire.reset());
        await wire.closed().catch(() => {});
      }),
    );
    await expect
      .poll(async () => (await sandbox.client.readStatus()).openSessions, { timeout: 20_000 })
      .toBe(0);
    const { items } = await sandbox.client.listMessages({ query: { limit: 500 } });
    // Only the whole one can be there: its final dot was sent.
    expect(items.map(({ subject }) => subject)).toEqual(items.length === 0 ? [] : [`cut ${100 + length}`]);
    if (how === 'closes') expect(items).toHaveLength(1);
    for (const { id } of items)
      expect(Buffer.from(await sandbox.client.readRaw({ params: { id } })).toString()).toBe(
        bodyOf(100 + length).replace('..', '.'),
      );
  },
);
