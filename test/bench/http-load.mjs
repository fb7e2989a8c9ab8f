// How quickly the API answers while mail comes in at a steady pace: lists and single messages, as a page asks for them.
import { setTimeout as delay } from 'node:timers/promises';
import { getJson, newestRows, waitForParse } from './api.mjs';
import { median, percentile } from './numbers.mjs';
import { repeat, rotate } from './rounds.mjs';
import { withServer } from './servers.mjs';
import { whileSteady } from './steady.mjs';

export const offered = 500;
const size = 5 * 1024;
/** Between two questions: as many people as look at the page. */
const pauseMs = 10;

const listOf = ({ name, http }) =>
  `${http}${name === 'maildev' ? '/api/email/summary?limit=50' : '/api/messages?limit=50'}`;
const messageOf = ({ name, http }, id) =>
  `${http}${name === 'maildev' ? `/api/email/${id}` : `/api/messages/${id}`}`;

export async function measureHttp({ servers, base, results, quick, seconds }) {
  const forMs = quick ? 2500 : 5000;
  await repeat(quick ? 1 : 3, seconds, async (round) => {
    for (const kind of rotate(
      servers.filter(({ name }) => name !== 'smtp-sink'),
      round,
    ))
      await withServer(
        kind,
        base,
        async (server) => {
          const load = { port: server.port, perSecond: offered, lanes: 20, size };
          // What is compiled and cached by then is not measured.
          await whileSteady(load, () => delay(1000));
          const [parsed] = await newestRows(server);
          if (kind.name === 'mailscope') await waitForParse(server.http, 10_000);
          const { value, ...arrived } = await whileSteady(load, () => askFor(server, parsed.id, forMs));
          report(results, server, { ...value, arrived });
        },
        kind.name === 'mailscope' ? { flags: ['--max-messages', '0'] } : {},
      );
  });
}

async function askFor(server, parsed, forMs) {
  const times = { list: [], message: [], newest: [] };
  const until = performance.now() + forMs;
  const timed = async (into, url) => {
    const startedAt = performance.now();
    await getJson(url);
    into.push(performance.now() - startedAt);
    await delay(pauseMs);
  };
  while (performance.now() < until) {
    await timed(times.list, listOf(server));
    await timed(times.message, messageOf(server, parsed));
    const [newest] = await newestRows(server);
    await timed(times.newest, messageOf(server, newest.id));
  }
  return times;
}

const titles = {
  list: 'list of 50',
  message: 'a message',
  newest: 'the newest message, which is parsed for it',
};

function report(results, { name }, { arrived, ...times }) {
  for (const [key, title] of Object.entries(titles))
    for (const [suffix, share] of [
      ['p50', null],
      ['p99', 0.99],
    ]) {
      if (times[key].length === 0) continue;
      const value = share === null ? median(times[key]) : percentile(times[key], share);
      const row = { title: `HTTP at ${offered} mails/s: ${title}, ${suffix}`, unit: 'ms', better: 'less' };
      results.add(`http-${key}-${suffix}`, row, name, value);
    }
  const rate = { title: `HTTP: of ${offered} offered mails/s were taken`, unit: 'msg/s', better: 'more' };
  results.add('http-rate', rate, name, arrived.perSecond);
}
