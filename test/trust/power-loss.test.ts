// The power goes while mail comes in. What was not synced is lost, or, worse, in part; what was answered 250 is not.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { shim } from '../durability/disk-shim.ts';
import { compare, expectSound } from '../durability/kept.ts';
import { MailStorm } from '../durability/mail-storm.ts';
import { buildForLarge, buildWith, countLogWriter, PoweredDisk } from '../durability/power.ts';
import { startMailscope, temporaryFolder } from '../process/mailscope.ts';
import { whereAllowed } from '../support/allowed.ts';
import { effort, timeFor } from './effort.ts';

const cuts = effort('cuts', 20);
/** Of a very large store, which takes the same way but for who writes the log. */
const largeCuts = Math.ceil(cuts / 4);
const unlimited = ['--max-messages', '0', '--max-bytes', '0'];
const clients = 8;
const least = 20;

interface Outcome {
  acknowledged: number;
  lost: number;
  spare: number;
  /** Starts that found the database damaged, or bytes that were not those that were sent. */
  harmed: number;
}

interface Program {
  main?: string;
  env?: Record<string, string>;
  /** One that is known to lose: that is counted. */
  mayLose?: boolean;
}

async function cutOften(
  count: number,
  modes: ('lost' | 'torn')[],
  { main, env = {}, mayLose = false }: Program = {},
): Promise<Outcome> {
  await using folder = await temporaryFolder();
  const data = join(folder.path, 'data');
  const disk = new PoweredDisk(data, join(folder.path, 'shadow'));
  const options = { env: { ...disk.env, ...env }, ...(main === undefined ? {} : { main }) };
  const storm = new MailStorm();
  const checked = new Set<string>();
  let [spare, lost, harmed] = [0, 0, 0];
  for (let cut = 0; cut <= count; cut++) {
    await using mailscope = await startMailscope(folder.path, unlimited, options);
    const found = await compare(mailscope.client, storm, checked);
    const name = `cut ${cut}, ${modes[(cut + 1) % modes.length]}`;
    if (/damaged/.test(mailscope.err) || found.altered.length + found.doubled.length > 0) harmed++;
    if (!mayLose) {
      expect({ altered: found.altered, doubled: found.doubled }, name).toEqual({ altered: [], doubled: [] });
      expect(found.lost, name).toEqual([]);
      expect(mailscope.err, name).not.toMatch(/damaged/);
      expect(found.spare.length - spare, name).toBeLessThanOrEqual(clients);
    }
    spare = found.spare.length;
    lost = found.lost.length;
    if (cut === count) break;
    const before = storm.acknowledged.size;
    const sending = storm.blow(mailscope.ports[0]!, { clients, name: `p${cut}` });
    for (const end = performance.now() + 20_000; storm.acknowledged.size < before + least; await delay(1))
      expect(performance.now(), 'something is acknowledged in time').toBeLessThan(end);
    await delay(Math.random() * 500);
    await mailscope.stop('SIGKILL');
    await sending;
    disk.cut(modes[cut % modes.length]!);
  }
  if (!mayLose) expectSound(data);
  expect(storm.acknowledged.size).toBeGreaterThanOrEqual(count * least);
  return { acknowledged: storm.acknowledged.size, lost, spare, harmed };
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
  timeFor('cuts', 20, 200_000),
);

test(
  `after ${largeCuts} power cuts while another thread writes the log, as in a very large store, too`,
  async () => {
    await using counted = await temporaryFolder();
    const written = countLogWriter(counted.path);
    const { acknowledged } = await cutOften(largeCuts, ['lost', 'torn'], {
      main: buildForLarge(),
      ...written,
    });
    const { pages, times } = written.read();
    console.log(
      `${largeCuts} cuts of a very large store: 0 of ${acknowledged} lost, the other thread wrote ${pages} pages in ${times} times`,
    );
    expect(times).toBeGreaterThan(3 * largeCuts);
    expect(pages).toBeGreaterThan(100 * largeCuts);
  },
  timeFor('cuts', 20, 200_000),
);

const mostCuts = 10;
// Were nothing lost here, the tests above would prove nothing.
test.each(['NORMAL', 'OFF'] as const)(
  'the test can fail: with synchronous=%s acknowledged messages are lost',
  async (synchronous) => {
    const main = buildWith(synchronous);
    let [acknowledged, lost, cut] = [0, 0, 0];
    // Now and then something else, such as a log that is made longer, syncs just before the cut.
    for (; lost === 0 && cut < mostCuts; cut += 2)
      ({ acknowledged, lost } = await cutOften(2, ['lost'], { main, mayLose: true }));
    console.log(`synchronous=${synchronous}, ${cut} cuts: ${lost} of ${acknowledged} lost`);
    expect(lost).toBeGreaterThan(0);
  },
);

test('the test can fail: where the thread that writes the log does not sync, messages are lost', async () => {
  const main = buildForLarge({ unsafe: true });
  let [lost, harmed, cut] = [0, 0, 0];
  for (; lost + harmed === 0 && cut < mostCuts; cut += 2)
    ({ lost, harmed } = await cutOften(2, ['lost'], { main, mayLose: true }));
  console.log(`a thread that does not sync, ${cut} cuts: ${lost} lost, ${harmed} starts with damage`);
  expect(lost + harmed).toBeGreaterThan(0);
});
