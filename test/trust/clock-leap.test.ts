// By itself, since the clock of the process stays ahead.
import { expect, test, vi } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';

test('a clock that is set forward moves no time within a session, by which it would be idle', async () => {
  const real = Date.now.bind(Date);
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  const [session] = (await sandbox.client.listSessions()).items;
  using _forward = vi.spyOn(Date, 'now').mockImplementation(() => real() + 8 * 3_600_000);
  expect(await wire.mail()).toMatch(/^250 /);
  const [message] = (await sandbox.client.listMessages()).items;
  expect(Date.parse(message!.receivedAt) - Date.parse(session!.openedAt)).toBeGreaterThan(7 * 3_600_000);
  expect((await sandbox.lines(session!.id)).at(-1)!.atUs).toBeLessThan(3_600_000_000);
});
