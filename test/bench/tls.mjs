// What TLS costs: the same client from several threads, in clear and over implicit TLS, for each number of lanes and
// size.
import { createMail } from './load.mjs';
import { measureThreads } from './load-threads.mjs';
import { repeat, rotate } from './rounds.mjs';
import { withServer } from './servers.mjs';

const cell = (tls, keep, lanes, kib) => ({ tls, keep, lanes, kib });
const both = (keep, lanes, kib) => [cell(false, keep, lanes, kib), cell(true, keep, lanes, kib)];
const keyOf = ({ tls, keep, lanes, kib }) =>
  `${tls ? 'tls' : 'clear'}-${keep ? 'keep' : 'new'}-${lanes}-${kib}`;
/** What the goal is about; the others are measured in the first round only. */
const first = both(true, 10, 10);
const further = [
  ...[both(true, 1, 10), both(true, 100, 10), both(true, 10, 1), both(true, 10, 100)].flat(),
  ...[both(false, 1, 10), both(false, 10, 10)].flat(),
];
/** Every other number of lanes and size over TLS, once and for a shorter time. */
const rest = [true, false]
  .flatMap((keep) => [1, 10, 100].flatMap((lanes) => [1, 10, 100].map((kib) => cell(true, keep, lanes, kib))))
  .filter((each) => ![...first, ...further].some((other) => keyOf(other) === keyOf(each)));
const quickly = [...first, cell(true, false, 1, 10)];

const titleOf = ({ tls, keep, lanes, kib }) =>
  `own client, ${tls ? 'TLS' : 'in clear'}, ${keep ? 'kept' : 'one connection per message'}, ${lanes} ` +
  `${lanes === 1 ? 'lane' : 'lanes'}, ${kib} KB`;

export async function measureTls({ servers, base, results, quick, seconds }) {
  const kind = servers.find(({ name }) => name === 'mailscope');
  const measure = (each, forSeconds) =>
    withServer(
      kind,
      base,
      async ({ port, tlsPort }) => {
        const { tls, keep, lanes, kib } = each;
        const wire = createMail({ size: kib * 1024 });
        const load = { port: tls ? tlsPort : port, tls, lanes, keep, wire };
        const rate = await measureThreads(load, forSeconds);
        results.add(keyOf(each), { title: titleOf(each), unit: 'msg/s', better: 'more' }, kind.name, rate);
      },
      { flags: ['--max-messages', '0', '--max-bytes', '0'] },
    );
  await repeat(quick ? 1 : 3, seconds * 0.67, async (round) => {
    const cells = quick ? quickly : round === 0 ? [...first, ...further] : first;
    for (const each of rotate(cells, round)) await measure(each, quick ? 0.6 : 1);
  });
  if (!quick) for (const each of rest) await measure(each, 0.4);
}
