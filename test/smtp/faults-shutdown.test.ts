// What the record of a session says where we shut down while a simulated failure has its client wait.
import { expect, test } from 'vitest';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { startTestSandbox } from '../support/sandbox.ts';
import { simulate } from '../support/simulate.ts';

test('AUTH is answered 421 for it, and not left without an answer', async () => {
  const data = temporaryFolder();
  {
    await using sandbox = await startTestSandbox({ data });
    await simulate(sandbox, { stage: 'auth', delay: '10m' as never, when: { user: 'ann' } });
    await simulate(sandbox, { stage: 'auth', then: 'hang', when: { user: 'bob' } });
    for (const [n, user] of ['ann', 'bob'].entries()) {
      const wire = await sandbox.wire();
      await wire.hello();
      wire.send(`AUTH PLAIN ${Buffer.from(`\0${user}\0secret`).toString('base64')}\r\n`);
      await expect
        .poll(async () => (await sandbox.client.listFaults({})).items.map(({ applied }) => applied))
        .toEqual([1, n]);
    }
  }
  await using sandbox = await startTestSandbox({ data });
  const sessions = await sandbox.closedSessions(2);
  for (const { auth, ended } of sessions) {
    expect(ended?.how).toBe('shutdown');
    expect(auth).toMatchObject([{ ok: false, code: 421, reason: 'Mailscope was shutting down.' }]);
  }
});
