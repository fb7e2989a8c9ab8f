// Mail that comes for long: over kept connections the event loop is never late for long, and twice the bytes of a message
// take about twice the time.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tellEventLoop, watchEventLoop } from '../load/event-loop.ts';
import { pour, sendOne } from '../load/pour.ts';
import { startMailscope, temporaryFolder, type Folder, type Mailscope } from '../process/mailscope.ts';
import { whereAllowed } from '../support/allowed.ts';

let folder: Folder;
let eventLoop: ReturnType<typeof watchEventLoop>;
let mailscope: Mailscope;
beforeAll(async () => {
  folder = await temporaryFolder();
  eventLoop = watchEventLoop(folder.path);
  mailscope = await startMailscope(folder.path, ['--max-messages', '0', '--max-bytes', '0'], {
    env: eventLoop.env,
  });
});
afterAll(async () => {
  await mailscope[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const line = 'The quick brown fox jumps over the lazy dog while seventy-six bytes go by ...\r\n';
const mailOf = (bytes: number): Buffer =>
  Buffer.from(`Subject: sustained\r\n\r\n${line.repeat(Math.round(bytes / line.length))}`);

test('over 20 kept connections the event loop is less than 50 ms late (p99)', async () => {
  const message = mailOf(4096);
  // For seconds: of fewer the start of the program, in which all is compiled, would be the hundredth.
  await pour(mailscope.ports[0]!, { lanes: 20, count: 15_000, message: () => message });
  const loop = await eventLoop.read();
  console.log(tellEventLoop(loop));
  expect(loop.own.p99, tellEventLoop(loop)).toBeLessThan(50);
});

const tasksOf = (pid: number): string => `/proc/${pid}/task`;
/** Of each thread, also of those that are gone. */
const usedMs = new Map<string, number>();
/** Of all threads: what else the machine does takes no part of it. */
function processorMs(pid: number): number {
  for (const task of readdirSync(tasksOf(pid)))
    try {
      const told = readFileSync(`${tasksOf(pid)}/${task}/schedstat`, 'latin1');
      usedMs.set(task, Number(told.split(' ')[0]) / 1e6);
    } catch {
      // It ended just now.
    }
  return [...usedMs.values()].reduce((sum, ms) => sum + ms, 0);
}
const countsProcessor = whereAllowed(
  'the processor time of another process',
  existsSync(`${tasksOf(process.pid)}/${process.pid}/schedstat`)
    ? null
    : 'the system does not say it (schedstat)',
);

/** What was begun before is done: hardly any processor is used. */
async function untilQuiet(pid: number): Promise<void> {
  for (let before = -Infinity; processorMs(pid) - before > 5; await delay(60)) before = processorMs(pid);
}

const doublings = 4;
const mostPerDoubling = 2.3;
countsProcessor.test(
  `twice the bytes take less than ${mostPerDoubling} times as long until they are acknowledged`,
  async () => {
    const pid = mailscope.child.pid!;
    await using wire = await mailscope.wire();
    await wire.hello();
    async function take(message: Buffer): Promise<number> {
      await untilQuiet(pid);
      const before = processorMs(pid);
      expect(await sendOne(wire, message, 60_000)).toMatch(/^250 /);
      return processorMs(pid) - before;
    }
    // Over four doublings: in one alone, a collection of garbage that falls to one of the two sizes decides.
    const messages = [1000, 3e6, 3e6 * 2 ** doublings].map(mailOf);
    const times: number[][] = messages.map(() => []);
    // What else is done only ever adds.
    const least = (): number[] => times.map((ms) => Math.min(...ms));
    const most = mostPerDoubling ** doublings;
    const ratio = (): number => least()[2]! / least()[1]!;
    for (const message of messages) await take(message);
    for (let n = 0; n < 15 && (n < 4 || ratio() >= most); n++)
      for (const [which, message] of messages.entries()) times[which]!.push(await take(message));
    const told = times.map((ms) => ms.map(Math.round).join()).join('; ');
    console.log(`ms of processor for 1 KB, 3 and 48 MB: ${told}`);
    const [tiny, once] = least();
    expect(once, told).toBeGreaterThan(2 * tiny!);
    expect(ratio(), told).toBeLessThan(most);
  },
);
