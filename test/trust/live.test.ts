// A network that keeps failing while events flow: each client ends with exactly what the server has, in order.
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { LiveState } from '../../shared/client/live.ts';
import { pour } from '../load/pour.ts';
import { startMailscope, temporaryFolder } from '../process/mailscope.ts';
import { startCutProxy } from '../support/cut-proxy.ts';
import { usePages } from '../web/support/page-test.ts';
import { effort, timeFor } from './effort.ts';
import { allEvents, listen } from './live-listener.ts';

const cuts = effort('cuts', 25);
const wanted = 50 * cuts;
const patience = { timeout: 60_000, interval: 50 };
const message = (n: number): string => `From: ann@shop.example\r\nSubject: mail ${n}\r\n\r\nHello ${n}\r\n`;

const isBack =
  (times: number) =>
  ({ states }: { states: LiveState[] }): boolean =>
    states.length === 1 + 2 * times && states.at(-1) === 'connected';

test(
  `of ${wanted} events each client is told each once and in order, though the network fails ${cuts} times`,
  async () => {
    await using folder = await temporaryFolder();
    await using mailscope = await startMailscope(folder.path);
    await using proxy = await startCutProxy(Number(new URL(mailscope.ready.http).port));
    const { cursor } = await mailscope.client.readStatus();
    using first = listen(proxy.url, cursor);
    using second = listen(proxy.url, cursor);
    using straight = listen(mailscope.ready.http, cursor);
    const bothBack = (times: number): Promise<void> =>
      expect.poll(() => [first, second].map(isBack(times)), patience).toEqual([true, true]);
    await bothBack(0);
    // Each mail is at least stored and parsed.
    const count = Math.ceil(wanted / 2 / cuts);
    for (let n = 0; n < cuts; n++) {
      const mail = pour(mailscope.ports[0]!, { lanes: 2, count, message: (m) => message(n * count + m) });
      await delay(Math.random() * 20);
      proxy.cut();
      await bothBack(n + 1);
      await mail;
    }
    // Nothing more is to come: all is parsed, and every session has ended and is stored.
    const isDone = async (): Promise<boolean> => {
      const parsed = (await allEvents(mailscope, cursor)).filter(({ type }) => type === 'message:parsed');
      return parsed.length === cuts * count && (await mailscope.client.readStatus()).openSessions === 0;
    };
    await expect.poll(isDone, patience).toBe(true);
    expect((await allEvents(mailscope, cursor)).length).toBeGreaterThanOrEqual(wanted);
    const end = (await mailscope.client.readStatus()).cursor;
    for (const client of [first, second, straight]) {
      await expect.poll(() => client.live.cursor, patience).toBe(end);
      const told = client.events.map(({ seq, type }) => `${seq} ${type}`);
      expect(told).toEqual((await allEvents(mailscope, cursor)).map(({ seq, type }) => `${seq} ${type}`));
    }
    console.log(`${first.events.length} events for each of three clients, ${cuts} cuts`);
    expect(straight.states).toEqual(['connected']);
  },
  timeFor('cuts', 25, 120_000),
);

usePages()(
  'the page shows what the server has, in its order, though its network fails 12 times',
  { timeout: 150_000, viewport: { width: 1280, height: 900 } },
  async ({ page, keep }) => {
    const folder = keep(await temporaryFolder());
    const mailscope = keep(await startMailscope(folder.path));
    const proxy = keep(await startCutProxy(Number(new URL(mailscope.ready.http).port)));
    await pour(mailscope.ports[0]!, { lanes: 1, count: 1, message: () => message(0) });
    await page.goto(`${proxy.url}/inbox`);
    const rows = page.getByRole('grid', { name: 'Messages' }).getByRole('row');
    await rows.first().waitFor();
    let n = 0;
    // Slowly, so that mail comes while the page is connected, while it is not, and while it comes back.
    const sending = (async () => {
      for (let turn = 0; turn < 25; turn++) {
        await pour(mailscope.ports[0]!, { lanes: 2, count: 10, message: () => message(++n) });
        await delay(100);
      }
    })();
    // With time to come back, or with too little of it.
    for (let cut = 0; cut < 12; cut++) {
      await delay(100 + Math.random() * 700);
      proxy.cut();
    }
    await sending;
    const { items } = await mailscope.client.listMessages({ query: { limit: 500 } });
    expect(items).toHaveLength(251);
    const expected = items.map(({ subject }) => subject);
    const shown = rows.locator('.subject');
    await expect.poll(() => shown.first().textContent(), patience).toBe(expected[0]);
    await expect
      .poll(
        async () => Number(await page.getByRole('grid', { name: 'Messages' }).getAttribute('aria-rowcount')),
        patience,
      )
      .toBe(251);

    // The list shows only what is in sight: down to its end, remembering each row by its place.
    const seen = new Map<number, string>();
    await rows.first().click();
    await page.keyboard.press('Home');
    await expect
      .poll(async () => {
        for (const row of await rows.all()) {
          const place = Number(await row.getAttribute('aria-rowindex'));
          seen.set(place, (await row.locator('.subject').textContent()) ?? '');
        }
        await page.mouse.wheel(0, 600);
        return seen.size;
      }, patience)
      .toBe(251);
    expect([...seen].sort(([a], [b]) => a - b).map(([, subject]) => subject)).toEqual(expected);
  },
);
