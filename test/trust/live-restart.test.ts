// A server that is killed and started again while events flow, and a log that no longer reaches back to where a client
// was: each client ends with what the server has, or is told that it has to begin anew.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DERIVED_VERSION } from '../../server/mail/derived.ts';
import { openStore } from '../../server/store/open.ts';
import { pour } from '../load/pour.ts';
import { startMailscope, temporaryFolder } from '../process/mailscope.ts';
import { sampleDerived, save } from '../store/samples.ts';
import { startCutProxy } from '../support/cut-proxy.ts';
import { allEvents, listen } from './live-listener.ts';

const kills = 2;
const patience = { timeout: 60_000, interval: 10 };
const message = (n: number): string => `Subject: mail ${n}\r\n\r\nHello ${n}\r\n`;

test(`each event is told once and in order, though the server is killed ${kills} times meanwhile`, async () => {
  await using folder = await temporaryFolder();
  let mailscope = await startMailscope(folder.path);
  await using proxy = await startCutProxy(() => Number(new URL(mailscope.ready.http).port));
  const { cursor } = await mailscope.client.readStatus();
  using client = listen(proxy.url, cursor);
  try {
    for (let kill = 1; kill <= kills; kill++) {
      const heard = client.events.length;
      // Ends with the server.
      const sending = pour(mailscope.ports[0]!, { lanes: 4, count: 100_000, message }).catch(
        (error: unknown) => error,
      );
      await expect.poll(() => client.events.length, patience).toBeGreaterThan(heard + 50);
      await mailscope.stop('SIGKILL');
      expect(await sending).toBeInstanceOf(Error);
      mailscope = await startMailscope(folder.path);
      await expect
        .poll(
          () => [client.states.filter((state) => state === 'lost').length, client.states.at(-1)],
          patience,
        )
        .toEqual([kill, 'connected']);
    }
    const isDone = async (): Promise<boolean> => {
      const { messages, cursor: end, openSessions } = await mailscope.client.readStatus();
      const parsed = client.events.filter(({ type }) => type === 'message:parsed');
      return openSessions === 0 && parsed.length >= messages && client.live.cursor === end;
    };
    await expect.poll(isDone, patience).toBe(true);
    const all = await allEvents(mailscope, cursor);
    console.log(`${all.length} events, ${kills} kills`);
    expect(all.length).toBeGreaterThan(50 * kills);
    expect(client.events.map((event) => JSON.stringify(event))).toEqual(
      all.map((event) => JSON.stringify(event)),
    );
    // All of it is in the log: nobody has to begin anew.
    expect(client.states).not.toContain('reset');
  } finally {
    await mailscope.stop('SIGKILL');
  }
});

test('who was away for longer than the log reaches back is told so, and goes on from now', async () => {
  await using folder = await temporaryFolder();
  const changes = 22_000;
  const store = await openStore({
    data: join(folder.path, 'data'),
    onEvents: () => undefined,
    onNotice: () => undefined,
  });
  const { id } = await save(store, 'one');
  await store.saveDerived(id, sampleDerived({ version: DERIVED_VERSION }));
  const before = store.cursor();
  await Promise.all(
    Array.from({ length: changes }, (_, n) => store.markMessages({ ids: [id] }, { read: n % 2 === 0 })),
  );
  const end = store.cursor();
  await store[Symbol.asyncDispose]();

  await using mailscope = await startMailscope(folder.path);
  const { http } = mailscope.ready;
  const oldest = (await mailscope.client.listEvents({ query: { limit: 1 } })).items[0]!;
  const seq = oldest.seq - 1;
  expect(seq).toBeGreaterThan(1000);
  const at = (n: number): string => before.replace(/\d+$/, String(n));
  using longAway = listen(http, before);
  using justTooLong = listen(http, at(seq - 1));
  using inTime = listen(http, at(seq));
  const clients = [longAway, justTooLong, inTime];
  await expect.poll(() => clients.map(({ live }) => live.cursor), patience).toEqual([end, end, end]);
  expect(clients.map(({ states }) => states)).toEqual([
    ['reset', 'connected'],
    ['reset', 'connected'],
    ['connected'],
  ]);
  expect(inTime.events.map((event) => event.seq)).toEqual(
    Array.from({ length: changes + 2 - seq }, (_, n) => oldest.seq + n),
  );
  expect(await mailscope.client.listEvents({ query: { since: before } })).toEqual({
    items: [],
    next: end,
    reset: true,
  });

  await pour(mailscope.ports[0]!, { lanes: 1, count: 1, message });
  await expect
    .poll(() => clients.map(({ events }) => events.some(({ type }) => type === 'message:stored')), patience)
    .toEqual([true, true, true]);
  for (const client of [longAway, justTooLong])
    expect(client.events.map((event) => event.seq)).toEqual(client.events.map((_, n) => changes + 3 + n));
});
