// Many events while most who listen are stopped, a page in Chromium among them: they cost no memory, the others are told
// all, and they catch up.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { openLive } from '../../shared/client/live.ts';
import { anonymousMB, watchMemory } from '../load/figures.ts';
import { pour } from '../load/pour.ts';
import { startMailscope, temporaryFolder, type Mailscope } from '../process/mailscope.ts';
import type { Told } from './live-clients.ts';
import { openStoppablePage, type StoppablePage } from './storm-page.ts';

const mails = 2000;
const lanes = 4;
/** Beside a page in a browser; with those who are not, 20 listen. */
const stopped = 16;
/** In each event of a mail; kept for each who is stopped, all events would be 300 MB and more. */
const subject = 's'.repeat(5000);
/** Than the same takes while none is stopped. */
const mostMoreMB = 120;
const patience = { timeout: 60_000, interval: 50 };
/** Of the page, from when its renderers go on. */
const catchUpWithin = { timeout: 5000, interval: 20 };
const rowsCompared = 300;
const seqOf = (cursor: string): number => Number(cursor.slice(cursor.lastIndexOf('.') + 1));

/** Another process with clients of the SDK. */
async function startClients(folder: string, url: string, since: string, count: number) {
  const file = join(folder, 'live-clients.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('live-clients.ts', import.meta.url))],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    external: ['bufferutil', 'utf-8-validate'],
  });
  const child = fork(file, [url, since, String(count)], { execArgv: [] });
  await once(child, 'message');
  const answers: Told[][] = [];
  child.on('message', (told: Told[]) => void answers.push(told));
  return {
    answers,
    ask: () => void child.send('tell'),
    stop: () => void child.kill('SIGSTOP'),
    goOn: () => void child.kill('SIGCONT'),
    [Symbol.dispose]: () => void child.kill('SIGKILL'),
  };
}

const keepTold =
  (events: string[]) =>
  ({ seq, type }: { seq: number; type: string }): void =>
    void events.push(`${seq} ${type}`);

/** Resolves with the cursor at which each mail is stored and parsed, each connection closed, and each new issue told. */
async function storm({ client, ports }: Mailscope): Promise<string> {
  const readCursor = async (): Promise<string> => (await client.readStatus()).cursor;
  const countIssues = async (): Promise<number> => (await client.listIssues()).items.length;
  const known = await countIssues();
  const before = seqOf(await readCursor());
  const message = (n: number): string => `Subject: ${n} ${subject}\r\n\r\nHello ${n}\r\n`;
  await pour(ports[0]!, { lanes, count: mails, message });
  await expect
    .poll(async () => seqOf(await readCursor()) - before - ((await countIssues()) - known), patience)
    .toBe(2 * mails + lanes);
  return readCursor();
}

/** It has what the server has, by itself and soon. Resolves with what is to be told of it. */
async function expectPageCaughtUp(
  page: StoppablePage,
  { client }: Mailscope,
  count: number,
): Promise<string> {
  const { items } = await client.listMessages({ query: { limit: rowsCompared } });
  const newest = items.map(({ id }) => id);
  expect(newest).toHaveLength(rowsCompared);
  expect(page.isStopped()).not.toBe(false);
  const wentOnAt = performance.now();
  page.goOn();
  await expect.poll(() => page.readFirst(5), catchUpWithin).toEqual(newest.slice(0, 5));
  await expect.poll(() => page.readCount(), catchUpWithin).toBe(count.toLocaleString('en'));
  const caughtUpMs = performance.now() - wentOnAt;
  expect(await page.readFirst(rowsCompared)).toEqual(newest);
  const { longestTaskMs, rowsInDocument, ...rest } = await page.readState();
  expect(rest).toEqual({ wasReloaded: false, errors: [] });
  expect(rowsInDocument).toBeLessThan(rowsCompared);
  return `the page caught up in ${Math.round(caughtUpMs)} ms, with no task of more than ${Math.round(longestTaskMs)} ms`;
}

test(`${mails * 2} events while ${stopped} clients and a page are stopped: memory stays, others are told all, and they catch up`, async () => {
  await using folder = await temporaryFolder();
  await using mailscope = await startMailscope(folder.path);
  const { http } = mailscope.ready;
  const { cursor: start } = await mailscope.client.readStatus();
  const told: string[][] = [[], [], []];
  const lives = told.map((events) => openLive(http, { since: start, onEvent: keepTold(events) }));
  using _ = { [Symbol.dispose]: () => lives.forEach((live) => live.close()) };
  const areAt = (end: string): Promise<void> =>
    expect.poll(() => lives.map(({ cursor }) => cursor), patience).toEqual(lives.map(() => end));

  using memory = watchMemory(mailscope.child.pid!, anonymousMB);
  const since = await storm(mailscope);
  await areAt(since);
  const usual = memory.most;
  for (const events of told) events.length = 0;

  using clients = await startClients(folder.path, http, since, stopped);
  await using page = await openStoppablePage(http);
  clients.stop();
  page?.stop();
  const stormAt = performance.now();
  const end = await storm(mailscope);
  await areAt(end);
  const stormMs = performance.now() - stormAt;
  const { most } = memory;
  const all: string[] = [];
  for (let at = since; seqOf(at) < seqOf(end);) {
    const { items, next } = await mailscope.client.listEvents({ query: { since: at, limit: 500 } });
    items.forEach(keepTold(all));
    at = next;
  }
  for (const events of told) expect(events).toEqual(all);
  clients.ask();
  // They would have answered long ago.
  expect(clients.answers).toEqual([]);

  const ofPage = page ? await expectPageCaughtUp(page, mailscope, 2 * mails) : 'no page was there';
  const wentOnAt = performance.now();
  clients.goOn();
  await expect
    .poll(() => {
      clients.ask();
      return clients.answers.at(-1)?.map(({ cursor }) => cursor);
    }, patience)
    .toEqual(Array.from({ length: stopped }, () => end));
  const catchUpMs = performance.now() - wentOnAt;
  for (const { events } of clients.answers.at(-1)!) expect(events).toEqual(all);
  console.log(
    `${all.length} events in ${Math.round(stormMs)} ms, at most ${Math.round(most)} MB of memory, ${Math.round(usual)} MB when none was stopped; ` +
      `${stopped} clients caught up in ${Math.round(catchUpMs)} ms; ${ofPage}`,
  );
  expect(most - usual).toBeLessThan(mostMoreMB);
});
