// Messages a second: one connection for each message, and kept connections.
import { measureSync, residentMiB } from './machine.mjs';
import { repeat, rotate } from './rounds.mjs';
import { withServer } from './servers.mjs';
import { measureRate } from './source.mjs';
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

const warmSeconds = 4;

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
  if (!quick) await measureWarm({ servers, base, results });
}

/** What a process reaches when it has compiled what it runs. The mail goes on for so long that it is parsed beside, too. */
async function measureWarm({ servers, base, results }) {
  const [, ...tenLanes] = first;
  for (const each of tenLanes)
    for (const kind of servers)
      await withServer(
        kind,
        base,
        async (server) => {
          await measureRate(server.port, each, warmSeconds);
          const rate = await measureRate(server.port, each, warmSeconds);
          const row = {
            title: `${titleOf(each)}, after ${warmSeconds} s of it`,
            unit: 'msg/s',
            better: 'more',
          };
          results.add(`${each.key}-warm`, row, kind.name, rate);
          if (kind.name === 'mailscope') results.note(await tellParsing(server, each));
        },
        { flags: noRetention },
      );
}

async function tellParsing(server, each) {
  const parsed = await waitForParse(server.http, 15_000);
  const when = parsed === null ? 'not parsed 15 s' : `parsed ${(parsed / 1000).toFixed(1)} s`;
  return `The last of ${titleOf(each)}, was ${when} after it came.`;
}
