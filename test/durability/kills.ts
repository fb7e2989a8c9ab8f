// kill -9 in the middle of work, again and again: what a client was promised is there, once and whole.
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { startMailscope, temporaryFolder, type Mailscope } from '../process/mailscope.ts';
import { openWire } from '../support/wire.ts';
import { compare, expectDerived, expectSound } from './kept.ts';
import { MailStorm } from './mail-storm.ts';

const unlimited = ['--max-messages', '0', '--max-bytes', '0'];

interface Kills {
  cycles: number;
  /** At once; of each kill at most so many messages may be stored without having been acknowledged. */
  clients: () => number;
  /** From the first acknowledgement to the kill. */
  longestMs: number;
  /** Of each cycle so many are acknowledged on average, at least. */
  least: number;
  /** Another build of it, and more for its environment. */
  program?: { main: string; env: Record<string, string> };
}

export interface KilledOften {
  told: string;
  /** From start to greeting: 95th percentile after a kill; and the slowest of an empty folder, measured in between. */
  startP95: number;
  emptyStart: number;
}

async function timeStart(folder: string, program: Kills['program']): Promise<[Mailscope, number]> {
  const since = performance.now();
  const mailscope = await startMailscope(folder, unlimited, program);
  await using wire = await openWire(mailscope.ports[0]!);
  expect(await wire.reply()).toMatch(/^220 /);
  return [mailscope, performance.now() - since];
}

/** From start to greeting, on a machine that does nothing else. */
export const quickStartMs = 1500;

async function timeEmptyStart(program: Kills['program']): Promise<number> {
  await using folder = await temporaryFolder();
  const [mailscope, ms] = await timeStart(folder.path, program);
  await using _ = mailscope;
  return ms;
}

export async function killOften({ cycles, clients, longestMs, least, program }: Kills): Promise<KilledOften> {
  await using folder = await temporaryFolder();
  const storm = new MailStorm();
  const checked = new Set<string>();
  const starts: number[] = [];
  let allowed = 0;
  let spare = 0;

  let emptyStart = 0;

  const restart = async (): Promise<Mailscope> => {
    const [mailscope, ms] = await timeStart(folder.path, program);
    // What holds up a machine passes: behind a slow start another one tells whether it is the machine.
    if (starts.length % 10 === 0 || ms > quickStartMs)
      emptyStart = Math.max(emptyStart, await timeEmptyStart(program));
    starts.push(ms);
    return mailscope;
  };
  const check = async ({ client }: Mailscope): Promise<void> => {
    const found = await compare(client, storm, checked);
    expect({ lost: found.lost, doubled: found.doubled, altered: found.altered }).toEqual({
      lost: [],
      doubled: [],
      altered: [],
    });
    expect(found.spare.length - spare).toBeLessThanOrEqual(allowed);
    spare = found.spare.length;
    const { items } = await client.listSessions({ query: { limit: 100 } });
    const cut = items.filter(({ clientName }) => clientName === 'client.test');
    expect(new Set(cut.map(({ outcome }) => outcome))).toEqual(new Set(['interrupted']));
  };

  for (let cycle = 0; cycle < cycles; cycle++) {
    await using mailscope = await restart();
    if (cycle > 0) await check(mailscope);
    allowed = clients();
    const sending = storm.blow(mailscope.ports[0]!, { clients: allowed, name: `k${cycle}` });
    const untilPromised = async (count: number): Promise<void> => {
      for (const end = performance.now() + 60_000; storm.acknowledged.size < count; await delay(1))
        expect(performance.now(), 'so many are acknowledged in time').toBeLessThan(end);
    };
    // At any moment, but not before something was promised, nor before there is enough to be lost.
    await untilPromised(storm.acknowledged.size + 1);
    await delay(50 + Math.random() * (longestMs - 50));
    await untilPromised(least * (cycle + 1));
    expect((await mailscope.stop('SIGKILL')).signal).toBe('SIGKILL');
    await sending;
  }
  expect(storm.refusals).toEqual([]);
  expect(storm.acknowledged.size).toBeGreaterThanOrEqual(cycles * least);

  // A copy, so that what is looked at is what the kill left.
  const copy = join(folder.path, 'copy');
  cpSync(join(folder.path, 'data'), copy, { recursive: true });
  expectSound(copy);
  rmSync(copy, { recursive: true });

  await using mailscope = await restart();
  await check(mailscope);
  await expectDerived(mailscope.client);
  expect(mailscope.err).not.toMatch(/could not|failed|damaged/i);
  expect((await mailscope.stop()).code).toBe(0);
  const times = starts.sort((a, b) => a - b);
  const startP95 = times[Math.ceil(times.length * 0.95) - 1]!;
  const told =
    `${cycles} kills: ${storm.acknowledged.size} acknowledged, 0 lost, 0 twice, ${spare} stored without having been ` +
    `acknowledged; from start to greeting p95 ${Math.round(startP95)} ms, on an empty folder ${Math.round(emptyStart)} ms`;
  return { told, startP95, emptyStart };
}
