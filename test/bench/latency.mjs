// How long a sender waits for its 250, and how long after it the message is seen: in the API, and by a live listener.
import { io } from 'socket.io-client';
import { newestRows } from './api.mjs';
import { createMail, openSmtp } from './load.mjs';
import { median, percentile } from './numbers.mjs';
import { repeat, rotate } from './rounds.mjs';
import { withServer } from './servers.mjs';

const size = 5 * 1024;
const timeoutMs = 10_000;

export async function measureLatency({ servers, base, results, quick, seconds }) {
  await repeat(quick ? 1 : 3, seconds, async (round) => {
    for (const kind of rotate(servers, round))
      await withServer(kind, base, async (server) => {
        const times = await sendOneByOne(
          server,
          quick ? { count: 60, maxMs: 3000 } : { count: 150, maxMs: 6000 },
        );
        for (const [key, title] of Object.entries(titles)) {
          if (times[key].length === 0) continue;
          const add = (suffix, value) =>
            results.add(
              `${key}-${suffix}`,
              { title: `${title}, ${suffix}`, unit: 'ms', better: 'less' },
              kind.name,
              value,
            );
          add('p50', median(times[key]));
          add('p99', percentile(times[key], 0.99));
        }
      });
  });
}

const titles = {
  accept: 'connect to 250',
  list: '250 to row in the API',
  live: '250 to live event (less than 0: before it)',
};

/** Servers that are slow to greet get fewer messages, so that a round stays short. */
async function sendOneByOne(server, { count, maxMs }) {
  const live = server.http ? await listen(server) : null;
  const times = { accept: [], list: [], live: [] };
  const warmUp = 10;
  const startedAt = performance.now();
  try {
    for (let n = 0; n < count + warmUp; n++) {
      if (n >= warmUp + 20 && performance.now() - startedAt > maxMs) break;
      const subject = `Latency ${n}`;
      const mail = createMail({ n, size, subject });
      const heard = live?.next(subject);
      const connectAt = performance.now();
      const client = await openSmtp({ port: server.port });
      await client.send(mail);
      const acceptedAt = performance.now();
      // Both at once would slow each other down.
      const listed = server.http && n % 2 === 0 ? await untilListed(server, subject) : null;
      const heardAt = heard ? await heard : null;
      await client.quit();
      if (n < warmUp) continue;
      times.accept.push(acceptedAt - connectAt);
      if (listed !== null) times.list.push(listed - acceptedAt);
      else if (heardAt !== null) times.live.push(heardAt - acceptedAt);
    }
  } finally {
    live?.close();
  }
  return times;
}

async function untilListed(server, subject) {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const rows = await newestRows(server);
    if (rows[0]?.subject === subject) return performance.now();
    if (performance.now() > deadline) throw new Error(`${server.name} did not list "${subject}"`);
  }
}

/** Listens as the server's own page does; `next` resolves with the time at which a subject was told. */
async function listen(server) {
  const isOurs = server.name === 'mailscope';
  const socket = io(isOurs ? `${server.http}/live` : server.http, {
    transports: ['websocket'],
    reconnection: false,
  });
  const waiting = new Map();
  const tell = (subject) => waiting.get(subject)?.(performance.now());
  const connected = new Promise((resolve, reject) => {
    socket.on('connect_error', reject);
    socket.on(isOurs ? 'start' : 'connect', (_at, done) => {
      done?.();
      resolve();
    });
  });
  socket.on('events', (events, done) => {
    for (const { type, payload } of events) if (type === 'message:stored') tell(payload.message.subject);
    done();
  });
  socket.on('sessions', (_news, done) => done());
  socket.on('newMail', ({ subject }) => tell(subject));
  await connected;
  return {
    next: (subject) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`${server.name} did not tell of "${subject}"`)),
          timeoutMs,
        );
        waiting.set(subject, (at) => {
          clearTimeout(timer);
          waiting.delete(subject);
          resolve(at);
        });
      }),
    close: () => socket.disconnect(),
  };
}
