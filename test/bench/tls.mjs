// What TLS costs: the same client over kept connections, in clear and over implicit TLS, and with new connections.
import { createMail, pour } from './load.mjs';
import { repeat, rotate } from './rounds.mjs';
import { withServer } from './servers.mjs';

const cells = [
  { key: 'tls-off', title: 'own client, kept, 10 lanes, 10 KB, in clear', tls: false, lanes: 10, keep: true },
  { key: 'tls-on', title: 'own client, kept, 10 lanes, 10 KB, TLS', tls: true, lanes: 10, keep: true },
  {
    key: 'tls-new',
    title: 'own client, one TLS connection per message, 1 lane, 10 KB',
    tls: true,
    lanes: 1,
    keep: false,
  },
];

export async function measureTls({ servers, base, results, quick, seconds }) {
  const wire = createMail({ size: 10 * 1024 });
  const kind = servers.find(({ name }) => name === 'mailscope');
  await repeat(quick ? 1 : 3, seconds, async (round) => {
    for (const { key, title, tls, lanes, keep } of rotate(cells, round))
      await withServer(kind, base, async ({ port, tlsPort }) => {
        const load = { port: tls ? tlsPort : port, tls, lanes, keep, wire };
        const warmUp = keep ? 200 : 20;
        const rate = warmUp / (await pour({ ...load, messages: warmUp }));
        const messages = Math.max(warmUp, Math.round(rate * (quick ? 0.6 : 1)));
        const took = await pour({ ...load, messages });
        results.add(key, { title, unit: 'msg/s', better: 'more' }, kind.name, messages / took);
      });
  });
}
