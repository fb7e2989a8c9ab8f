// Big messages through DATA: megabytes a second from the first byte of the message to its 250.
import { createDottedMail, createMail, openSmtp } from './load.mjs';
import { residentMiB } from './machine.mjs';
import { repeat, rotate } from './rounds.mjs';
import { withServer } from './servers.mjs';

const mb = 1_000_000;
/** A slow server is sent fewer. */
const slowMs = 2000;

export async function measureBig({ servers, base, results, quick, seconds }) {
  const mails = [
    { key: 'big', title: '25 MB through DATA', wire: createMail({ size: 25 * mb }), count: 4 },
    {
      key: 'dots',
      title: '2 MB through DATA, every line dot-stuffed',
      wire: createDottedMail(2 * mb),
      count: 3,
    },
  ];
  const memory = { title: 'RSS after the 25 MB messages', unit: 'MiB', better: 'less' };
  await repeat(quick ? 1 : 4, seconds, async (round) => {
    for (const { key, title, wire, count } of mails)
      for (const kind of rotate(servers, round))
        await withServer(kind, base, async ({ port, pid }) => {
          const client = await openSmtp({ port });
          let ms = 0;
          let sent = 0;
          try {
            // The first one warms up.
            await client.send(wire);
            for (; sent < count && ms < slowMs; sent++) ms += await client.send(wire);
          } finally {
            client.close();
          }
          const rate = (sent * wire.length) / mb / (ms / 1000);
          results.add(key, { title, unit: 'MB/s', better: 'more' }, kind.name, rate);
          if (key === 'big') results.add('rss-big', memory, kind.name, residentMiB(pid));
        });
  });
}
