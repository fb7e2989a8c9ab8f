// What TLS costs: the same client from several threads, in clear and over implicit TLS, for each number of lanes and
// size.
import { createMail } from './load.mjs';
import { measureThreads } from './load-threads.mjs';
import { repeat, rotate } from './rounds.mjs';
import { withServer } from './servers.mjs';

const cell = (tls, keep, lanes, kib) => ({ tls, keep, lanes, kib });
const both = (keep, lanes, kib) => [cell(false, keep, lanes, kib), cell(true, keep, lanes, kib)];
/** What the goal is about; the others are measured in the first round only. */
const first = both(true, 10, 10);
const further = [
  ...[both(true, 1, 10), both(true, 100, 10), both(true, 10, 1), both(true, 10, 100)].flat(),
  ...[both(false, 1, 10), both(false, 10, 10)].flat(),
];
const quickly = [...first, cell(true, false, 1, 10)];

const keyOf = ({ tls, keep, lanes, kib }) =>
  `${tls ? 'tls' : 'clear'}-${keep ? 'keep' : 'new'}-${lanes}-${kib}`;
const titleOf = ({ tls, keep, lanes, kib }) =>
  `own client, ${tls ? 'TLS' : 'in clear'}, ${keep ? 'kept' : 'one connection per message'}, ${lanes} ` +
  `${lanes === 1 ? 'lane' : 'lanes'}, ${kib} KB`;

export async function measureTls({ servers, base, results, quick, seconds }) {
  const kind = servers.find(({ name }) => name === 'mailscope');
  await repeat(quick ? 1 : 3, seconds, async (round) => {
    const cells = quick ? quickly : round === 0 ? [...first, ...further] : first;
    for (const each of rotate(cells, round))
      await withServer(
        kind,
        base,
        async ({ port, tlsPort }) => {
          const { tls, keep, lanes, kib } = each;
          const load = {
            port: tls ? tlsPort : port,
            tls,
            lanes,
            keep,
            wire: createMail({ size: kib * 1024 }),
          };
          const rate = await measureThreads(load, quick ? 0.6 : 1);
          results.add(keyOf(each), { title: titleOf(each), unit: 'msg/s', better: 'more' }, kind.name, rate);
        },
        { flags: ['--max-messages', '0', '--max-bytes', '0'] },
      );
  });
}
