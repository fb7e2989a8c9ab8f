// The power goes while mail comes in. What was not synced is lost, or, worse, in part; what was answered 250 is not.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { shim } from '../durability/disk-shim.ts';
import { compare, expectSound } from '../durability/kept.ts';
import { MailStorm } from '../durability/mail-storm.ts';
import { buildWith, PoweredDisk } from '../durability/power.ts';
import { startMailscope, temporaryFolder } from '../process/mailscope.ts';
import { whereAllowed } from '../support/allowed.ts';
import { effort, timeFor } from './effort.ts';

const cuts = effort('cuts', 12);
const unlimited = ['--max-messages', '0', '--max-bytes', '0'];
const clients = 8;

interface Outcome {
  acknowledged: number;
  lost: number;
  spare: number;
}

async function cutOften(count: number, modes: ('lost' | 'torn')[], main?: string): Promise<Outcome> {
  await using folder = await temporaryFolder();
  const data = join(folder.path, 'data');
  const disk = new PoweredDisk(data, join(folder.path, 'shadow'));
  const options = main === undefined ? { env: disk.env } : { env: disk.env, main };
  const storm = new MailStorm();
  const checked = new Set<string>();
  let spare = 0;
  let lost = 0;
  for (let cut = 0; cut <= count; cut++) {
    await using mailscope = await startMailscope(folder.path, unlimited, options);
    const found = await compare(mailscope.client, storm, checked);
    const name = `cut ${cut}, ${modes[(cut + 1) % modes.length]}`;
    expect({ altered: found.altered, doubled: found.doubled }, name).toEqual({ altered: [], doubled: [] });
    if (main === undefined) {
      expect(found.lost, name).toEqual([]);
      expect(mailscope.err, name).not.toMatch(/damaged/);
      expect(found.spare.length - spare, name).toBeLessThanOrEqual(clients);
    }
    spare = found.spare.length;
    lost = found.lost.length;
    if (cut === count) break;
    const before = storm.acknowledged.size;
    const sending = storm.blow(mailscope.ports[0]!, { clients, name: `p${cut}` });
    for (const end = performance.now() + 20_000; storm.acknowledged.size < before + 20; await delay(1))
      expect(performance.now(), 'something is acknowledged in time').toBeLessThan(end);
    await delay(Math.random() * 500);
    await mailscope.stop('SIGKILL');
    await sending;
    disk.cut(modes[cut % modes.length]!);
  }
  expectSound(data);
  return { acknowledged: storm.acknowledged.size, lost, spare };
}

const { test } = whereAllowed('power loss', shim.why);

test(
  `after ${cuts} power cuts every acknowledged message is there, once, with its bytes`,
  async () => {
    const { acknowledged, spare } = await cutOften(cuts, ['lost', 'torn']);
    console.log(
      `synchronous=FULL, ${cuts} cuts: 0 of ${acknowledged} lost, ${spare} stored without the sender being told`,
    );
  },
  timeFor('cuts', 12, 120_000),
);

const mostCuts = 10;
// Were nothing lost here, the test above would prove nothing.
test.each(['NORMAL', 'OFF'] as const)(
  'the test can fail: with synchronous=%s acknowledged messages are lost',
  async (synchronous) => {
    const main = buildWith(synchronous);
    let [acknowledged, lost, cut] = [0, 0, 0];
    // Now and then something else, such as a log that is made longer, syncs just before the cut.
    for (; lost === 0 && cut < mostCuts; cut += 2)
      ({ acknowledged, lost } = await cutOften(2, ['lost'], main));
    console.log(`synchronous=${synchronous}, ${cut} cuts: ${lost} of ${acknowledged} lost`);
    expect(lost).toBeGreaterThan(0);
  },
);
