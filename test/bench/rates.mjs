// Messages a second: one connection for each message, and kept connections.
import { measureSync, residentMiB } from './machine.mjs';
import { repeat, rotate } from './rounds.mjs';
import { withServer } from './servers.mjs';
import { measureRate, send } from './source.mjs';
import { waitForParse } from './api.mjs';

/** More than 10,000 messages come in, and none is to be removed meanwhile. */
const noRetention = ['--max-messages', '0', '--max-bytes', '0'];

const cell = (keep, lanes, kib) => ({
  keep,
  lanes,
  size: kib * 1024,
  key: `${keep ? 'keep' : 'single'}-${lanes}-${kib}`,
});
/** What the goals are about; the rest of the matrix is measured in the first round only, and for a shorter time. */
const first = [cell(false, 1, 10), cell(false, 10, 10), cell(true, 10, 10)];
const further = [true, false]
  .flatMap((keep) => [1, 10, 100].flatMap((kib) => [1, 10, 100].map((lanes) => cell(keep, lanes, kib))))
  .filter(({ key }) => !first.some((other) => other.key === key));

const titleOf = ({ keep, lanes, size }) =>
  `${keep ? 'kept connections' : 'one connection per message'}, ${lanes} ${lanes === 1 ? 'lane' : 'lanes'}, ${size / 1024} KB`;

export async function measureRates({ servers, base, results, quick, seconds }) {
  await repeat(quick ? 1 : 5, seconds * 0.9, async (round) => {
    const sync = { title: '4 KiB write and fdatasync, before each round', unit: 'ms' };
    results.add('sync', sync, 'mailscope', measureSync(base, 40).p50);
    for (const each of round === 0 && !quick ? [...first, ...further] : first)
      for (const kind of rotate(servers, round))
        await withServer(
          kind,
          base,
          async (server) => {
            const rate = await measureRate(server.port, each, quick ? 0.6 : first.includes(each) ? 1 : 0.5);
            results.add(each.key, { title: titleOf(each), unit: 'msg/s', better: 'more' }, kind.name, rate);
            const memory = {
              title: 'RSS at the end of the 10 lanes, kept, 10 KB run',
              unit: 'MiB',
              better: 'less',
            };
            if (each.key === 'keep-10-10')
              results.add('rss-load', memory, kind.name, residentMiB(server.pid));
          },
          { flags: noRetention },
        );
  });
  if (!quick) await measureSustained({ servers, base, results });
}

/** Long enough that parsing, which gives way to short bursts, takes its part of the processor. */
async function measureSustained({ servers, base, results }) {
  const load = { lanes: 10, size: 10 * 1024, keep: true };
  const aim = 8;
  for (const kind of servers.filter(({ name }) => name === 'mailscope'))
    await withServer(
      kind,
      base,
      async (server) => {
        const rate = await measureRate(server.port, load, 0.5);
        const messages = Math.round(rate * aim);
        const took = await send(server.port, { ...load, messages });
        const row = {
          title: `kept connections, 10 lanes, 10 KB, for some seconds, with parsing`,
          unit: 'msg/s',
          better: 'more',
        };
        results.add('sustained', row, kind.name, messages / took);
        const parsed = await waitForParse(server.http, 15_000);
        const text =
          parsed === null ? 'was not done after 15 s' : `was done after ${(parsed / 1000).toFixed(1)} s`;
        results.note(`After ${messages} messages in ${took.toFixed(1)} s the rest of the parsing ${text}.`);
      },
      { flags: noRetention },
    );
}
