// The status, also where the system has nothing left to give.
import { expect, onTestFinished, test, vi } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';

test('a process without a file descriptor left still tells its status', async () => {
  await using sandbox = await startTestSandbox();
  const usual = await sandbox.client.readStatus();
  // As Node does it where /proc cannot be opened.
  const refused = vi.spyOn(process.memoryUsage, 'rss').mockImplementation(() => {
    throw Object.assign(new Error('EMFILE: uv_resident_set_memory'), { code: 'ERR_SYSTEM_ERROR' });
  });
  onTestFinished(() => refused.mockRestore());
  const status = await sandbox.client.readStatus();
  expect(refused).toHaveBeenCalled();
  expect(status).toMatchObject({ name: usual.name, storeId: usual.storeId, messages: 0 });
  expect(status.memoryBytes).toBeGreaterThan(10_000_000);
});
