// One store with very many messages of 5 KB: start, pages, search, arriving mail, retention, and the deletion of all.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { getJson } from './api.mjs';
import { processorMs, residentMiB } from './machine.mjs';
import { median, percentile } from './numbers.mjs';
import { fillLarge } from './scale-store.mjs';
import { marks } from './search-mails.mjs';
import { withServer } from './servers.mjs';
import { measureRate } from './source.mjs';
import { whileSteady } from './steady.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const limit = 50;
/** So many that what comes once in a while, as a pause of the client's own, is not its p99. */
const pagesMeasured = 1000;
const noLimits = ['--max-messages', '0', '--max-bytes', '0'];
/** Arriving while something else is measured. */
const steady = { perSecond: 200, lanes: 8 };
const mostPruned = 20_000;
/** Seconds. */
const mostSettling = 300;
/** The file begins to shrink when a quarter of it is free: looked at each half second, it has not for so long. */
const settledTimes = 120;

/** The folder goes on being filled as long as its tables are the same. */
function schemaHash() {
  const hash = createHash('sha256');
  for (const name of readdirSync(join(root, 'server', 'store')).sort())
    if (/^(schema|.*-tables|index-message|index-session|grams|joints|pairs|starts)\.ts$/.test(name))
      hash.update(readFileSync(join(root, 'server', 'store', name)));
  return hash.digest('hex').slice(0, 12);
}

const post = (url, body) =>
  new Promise((resolve, reject) => {
    const text = JSON.stringify(body);
    const asked = request(
      url,
      { method: 'POST', headers: { 'content-type': 'application/json', 'content-length': text.length } },
      (response) => {
        response.on('error', reject).resume();
        response.on('end', () =>
          response.statusCode < 300 ? resolve() : reject(new Error(`${url} answered ${response.statusCode}`)),
        );
      },
    );
    asked.on('error', reject);
    asked.end(text);
  });

const sizeOf = (data) =>
  ['mailscope.db', 'mailscope.db-wal'].reduce(
    (sum, name) => sum + (statSync(join(data, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );

export async function measureScale({ servers, base, results, messages, scaleDir }) {
  const kind = servers.find(({ name }) => name === 'mailscope');
  const folder = scaleDir ?? join(dirname(base), 'mailscope-bench', `scale-${messages}-${schemaHash()}`);
  const data = join(folder, 'data');
  mkdirSync(folder, { recursive: true });
  const add = (key, title, unit, value, better = 'less') =>
    results.add(`scale-${key}`, { title: `scale: ${title}`, unit, better }, 'mailscope', value);

  const filling = performance.now();
  const count = await fillLarge({
    folder: join(base, 'scale'),
    data,
    count: messages,
    onProgress: (n) => {
      if (n % 10_000 === 0) process.stderr.write(`\rfilling ${n} of ${messages} `);
    },
  });
  results.note(
    `scale: ${count} messages of 5 KB and as many sessions, ${(sizeOf(data) / 1e9).toFixed(1)} GB, ` +
      `filled in ${Math.round((performance.now() - filling) / 1000)} s.`,
  );
  add('messages', 'messages in the store', 'count', count);

  await withServer(
    kind,
    base,
    async ({ port, http, pid }) => {
      add('rate-empty', 'empty store: kept, 10 lanes, 5 KB', 'msg/s', await rateOf(port), 'more');
      // What pages take where there is little to look through is the machine's.
      await untilIdle(pid);
      const times = [];
      for (let n = 0; n < pagesMeasured; n++) times.push((await timed(http, `messages?limit=${limit}`)).ms);
      addPages(add, 'first-small', 'among some thousand messages: first page', times);
    },
    { flags: noLimits },
  );
  // The first start may find what the filling left; the file is not in the caches of a new process either way.
  const flags = ['--data', data, ...noLimits];
  for (let n = 0; n < 3; n++)
    await withServer(kind, base, async ({ startMs }) => add('start', 'start to accepting', 'ms', startMs), {
      flags,
    });
  await withServer(
    kind,
    base,
    async (server) => {
      const left = await untilIdle(server.pid);
      results.note(
        `scale: what the filling had left to merge was done ${left.toFixed(0)} s after the start.`,
      );
      await measurePages(server, add);
      await measureSearches(server, add);
      add('rate', 'full store: kept, 10 lanes, 5 KB', 'msg/s', await rateOf(server.port), 'more');
      const arriving = await whileSteady({ port: server.port, ...steady }, () => delay(8000));
      add('stall', '200 mails a second: worst time to the 250', 'ms', Math.max(...arriving.times));
      add('stall-p99', '200 mails a second: time to the 250, p99', 'ms', percentile(arriving.times, 0.99));
      // The newest thousands have none of the words. While they are taken up a search waits for that.
      await untilIdle(server.pid);
      const behind = await timesOfWords(server, searches.common, 15);
      add(
        'search-behind-p50',
        'search for a common word that the newest mail does not have, p50',
        'ms',
        median(behind),
      );
      add('rss', 'RSS after that', 'MiB', residentMiB(server.pid));
    },
    { flags },
  );
  const { messages: held } = await countsOf(kind, base, flags);
  const pruned = Math.min(mostPruned, Math.round(count / 5));
  await withServer(
    kind,
    base,
    (server) => measurePrune(server, add, results, { most: held - pruned, pruned }),
    {
      flags: ['--data', data, '--max-messages', String(held - pruned), '--max-bytes', '0'],
    },
  );
  await withServer(kind, base, (server) => measureDeletion(server, add, results, data), { flags });
  if (scaleDir === undefined) rmSync(folder, { recursive: true, force: true });
}

/** Seconds until it works no more. The filling leaves merging, as no store has that was filled by mail. */
async function untilIdle(pid) {
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;
  for (let idle = 0, before = processorMs(pid); before !== null && idle < 3 && seconds() < mostSettling;) {
    await delay(1000);
    const now = processorMs(pid);
    idle = now - before < 50 ? idle + 1 : 0;
    before = now;
  }
  return seconds();
}

const rateOf = (port) => measureRate(port, { lanes: 10, keep: true, size: 5 * 1024 }, 2);

async function countsOf(kind, base, flags) {
  let counts;
  await withServer(kind, base, async ({ http }) => (counts = await statusOf(http)), { flags });
  return counts;
}

const statusOf = (http) => getJson(`${http}/api/status`);

async function timed(http, path) {
  const startedAt = performance.now();
  const answer = await getJson(`${http}/api/${path}`);
  return { ms: performance.now() - startedAt, answer };
}

async function measurePages({ http }, add) {
  const times = { first: [], deep: [], sessions: [] };
  const cursors = [];
  // Pages all the way down, so that any depth is asked for.
  let cursor = '';
  let depth = 0;
  const until = performance.now() + 90_000;
  while (cursor !== null && performance.now() < until) {
    const { answer } = await timed(http, `messages?limit=500${cursor && `&cursor=${cursor}`}`);
    cursor = answer.nextCursor;
    depth += answer.items.length;
    if (cursor) cursors.push(cursor);
  }
  add('depth', 'messages down to the deepest page', 'count', depth, 'more');
  for (let n = 0; n < pagesMeasured; n++) {
    times.first.push((await timed(http, `messages?limit=${limit}`)).ms);
    const deep = cursors[Math.floor((cursors.length * (n + 1)) / (pagesMeasured + 1))] ?? '';
    times.deep.push((await timed(http, `messages?limit=${limit}${deep && `&cursor=${deep}`}`)).ms);
    times.sessions.push((await timed(http, `sessions?limit=${limit}`)).ms);
  }
  addPages(add, 'first', 'first page', times.first);
  addPages(add, 'deep', 'page at any depth', times.deep);
  addPages(add, 'sessions', 'first page of sessions', times.sessions);
}

function addPages(add, key, title, times) {
  add(`${key}-p50`, `${title} of ${limit}, p50`, 'ms', median(times));
  add(`${key}-p99`, `${title} of ${limit}, p99`, 'ms', percentile(times, 0.99));
}

const searches = {
  common: ['hello', 'order', 'the', 'account'],
  rare: [marks.seldom, marks.oldest, marks.never],
  two: [`hello ${marks.seldom}`, 'order account', 'the order'],
  starts: ['ord', 'acc', marks.seldom.slice(0, 5)],
};

async function timesOfWords({ http }, words, rounds) {
  const times = [];
  for (let n = 0; n < rounds; n++)
    for (const word of words)
      times.push((await timed(http, `messages?limit=${limit}&query=${encodeURIComponent(word)}`)).ms);
  return times;
}

async function measureSearches(server, add) {
  const all = [];
  for (const [key, words] of Object.entries(searches)) {
    const times = await timesOfWords(server, words, 60);
    const title = {
      common: 'a common word',
      rare: 'a rare word',
      two: 'two words',
      starts: 'the start of a word',
    }[key];
    add(`search-${key}-p50`, `search for ${title}, p50`, 'ms', median(times));
    all.push(...times);
  }
  add('search-p99', 'all searches, p99', 'ms', percentile(all, 0.99));
}

async function measurePrune({ http, port }, add, results, { most, pruned }) {
  const startedAt = performance.now();
  const { times, value } = await whileSteady({ port, ...steady }, async () => {
    const until = performance.now() + 120_000;
    for (;;) {
      const { messages } = await statusOf(http);
      if (messages <= most + 2 * steady.perSecond) return performance.now() - startedAt;
      if (performance.now() > until) return null;
      await delay(200);
    }
  });
  if (value === null) results.note('*** scale: retention was not done after 120 s ***');
  else
    add(
      'prune',
      `retention removes ${pruned} messages and sessions, with 200 mails a second`,
      's',
      value / 1000,
    );
  add('prune-stall', 'worst time to the 250 meanwhile', 'ms', Math.max(...times));
}

async function measureDeletion({ http, port }, add, results, data) {
  const load = { port, ...steady };
  const ask = async (body) => {
    const startedAt = performance.now();
    await post(`${http}/api/messages/delete`, body);
    return performance.now() - startedAt;
  };
  const hidden = await whileSteady(load, () => ask({ all: true }));
  add('delete', 'delete all, with 200 mails a second: until answered', 's', hidden.value / 1000);
  add('delete-stall', 'worst time to the 250 meanwhile', 'ms', Math.max(0, ...hidden.times));
  const pages = [];
  for (let n = 0; n < 50; n++) pages.push((await timed(http, `messages?limit=${limit}`)).ms);
  add('deleted-first-p50', 'first page after that, p50', 'ms', median(pages));
  const before = sizeOf(data);
  const purged = await whileSteady(load, () => ask({ all: true, purge: true }));
  add('purge', 'delete all for good: until answered', 's', purged.value / 1000);
  add('purge-stall', 'worst time to the 250 meanwhile', 'ms', Math.max(0, ...purged.times));
  const startedAt = performance.now();
  const after = await whileSteady(load, async () => {
    let same = 0;
    let size = sizeOf(data);
    while (performance.now() - startedAt < 600_000 && same < settledTimes) {
      await delay(500);
      const now = sizeOf(data);
      same = now < size ? 0 : same + 1;
      size = Math.min(size, now);
    }
    return size;
  });
  add(
    'purge-after',
    'until the file is as small as it gets',
    's',
    (performance.now() - startedAt) / 1000 - settledTimes / 2,
  );
  add('purge-after-stall', 'worst time to the 250 meanwhile', 'ms', Math.max(0, ...after.times));
  results.note(
    `scale: the file had ${(before / 1e9).toFixed(2)} GB before the purge and ${(after.value / 1e9).toFixed(2)} GB after it.`,
  );
}
