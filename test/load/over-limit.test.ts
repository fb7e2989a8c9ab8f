import { expect, test } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';

test('who comes over the limit of connections is told so at once, and the others notice nothing', async () => {
  await using sandbox = await startTestSandbox({ maxConnections: '40' });
  const inside = await Promise.all(Array.from({ length: 40 }, () => sandbox.wire()));
  await Promise.all(inside.map((wire) => wire.hello()));

  const turnedAway = Promise.all(
    Array.from({ length: 40 }, async () => {
      await using wire = await sandbox.wire();
      expect(await wire.reply()).toMatch(/^421 4\.7\.0 .*--max-connections/);
      await wire.closed();
    }),
  );
  const mails = Promise.all(inside.map((wire) => wire.mail()));
  expect((await sandbox.client.readStatus()).openSessions).toBeGreaterThanOrEqual(40);
  await turnedAway;
  for (const reply of await mails) expect(reply).toMatch(/^250 /);

  // The quickest of several: what else the machine does makes some late, what we do all of them.
  const times: number[] = [];
  for (let n = 0; n < 8; n++) {
    const startedAt = performance.now();
    await using wire = await sandbox.wire();
    expect(await wire.reply()).toMatch(/^421 4\.7\.0 /);
    await wire.closed();
    times.push(performance.now() - startedAt);
  }
  expect(Math.min(...times), times.map(Math.round).join()).toBeLessThan(100);
  expect((await fetch(`${sandbox.url}/api/ready`)).status).toBe(200);

  await Promise.all(inside.map((wire) => wire.say('QUIT')));
  for (const wire of inside) wire.end();
  const sessions = await sandbox.closedSessions(88);
  const { length: limited } = sessions.filter(({ ended }) => ended?.how === 'limit');
  expect(limited).toBe(48);
  await using next = await sandbox.wire();
  expect(await next.reply()).toMatch(/^220 /);
});
