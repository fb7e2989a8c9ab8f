// The list and the search with 100,000 messages of as many sessions, over the API: what is found everywhere, rarely, at
// the far end alone, or not at all, by every operator.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getJson } from './api.mjs';
import { format, median, percentile } from './numbers.mjs';
import { marks } from './search-mails.mjs';
import { fillStore, loadStore } from './search-store.mjs';
import { withServer } from './servers.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const limit = 50;

const textFields = ['from', 'to', 'cc', 'bcc', 'rcpt', 'subject', 'body', 'header.x-mailer', 'attachment'];
const messageFields = [...textFields, 'filename', 'auth', 'mech', 'client', 'tag'];
const sessionFields = ['from', 'rcpt', 'auth', 'mech', 'client', 'listener'];
const withMark = (fields, mark) => [mark, ...fields.map((field) => `${field}:${mark}`)];

/** By where their hits are. */
const messageQueries = {
  everywhere: [
    ...['hello', 'the', 'e', '"the order"', 'from:example', 'to:e', 'subject:order', 'body:the', 'body:e'],
    ...[
      'body:hello',
      'header.x-mailer:""',
      'code:250',
      'client:internal',
      'mech:plain',
      'tls:1.3',
      'has:html',
    ],
    ...['is:read', 'is:unread', '-is:tagged', 'before:2030-01-01', 'larger:1B', `hello -${marks.never}`],
    ...['hello OR order', `-${marks.seldom}`, '-code:550', 'the -body:hello OR order', 'body:th'],
  ],
  seldom: [
    ...withMark(messageFields, marks.seldom),
    ...['code:598', 'tls:1.2', 'is:pinned', 'has:anomaly', `hello ${marks.seldom} -order`, 'body:zqs'],
  ],
  oldest: [
    ...withMark(messageFields, marks.oldest),
    ...['code:599', 'tls:1.1', 'larger:100kB', 'before:99d larger:100kB', `hello from:${marks.oldest}`],
  ],
  never: [
    ...withMark(messageFields, marks.never),
    ...['code:597', 'tls:9', 'session:s_none', 'larger:1GB', 'before:2001-01-01', 'after:2030-01-01'],
    ...['body:qx', 'body:qz', 'subject:zz', 'client:zz', 'has:problem', '-has:text', 'header.none:""'],
  ],
  combined: [
    ...['the -hello', '-hello', '-(hello OR order)', '-body:hello', '-body:e', 'body:th -body:he'],
    ...[`hello body:${marks.never}`, `${marks.never} OR subject:${marks.never}`, 'is:read is:unread'],
    ...[`client:${marks.never} code:250`, '-code:250', '-code:250 -client:internal', 'is:unread body:qx'],
    ...[`((hello OR order) (the OR from:${marks.never})) subject:${marks.never}`],
    ...[
      'body:tetete',
      'body:"the to and you"',
      'body:the -body:hello',
      'body:your -body:hello',
      'body:and -body:you',
      'body:"hello the"',
      'body:"to you. the"',
      'body:hello.',
      'body:"hello, the"',
      'hello.th',
      'order.q',
    ],
    [`from:${marks.never}`, `to:${marks.never}`, `subject:${marks.never}`, 'cc:zz', 'rcpt:zz'].join(' OR '),
    ...[`NOT (the NOT (order NOT (account NOT (hello))))`, `code:250 client:internal subject:${marks.never}`],
  ],
};
const many = (make, word) =>
  Array.from({ length: 20 }, (_, n) => make(`zq${String.fromCharCode(97 + n)}x`)).join(word);
/** Made to be slow: chains of twenty, and texts whose pieces are everywhere. */
const hostileQueries = [
  ...['from', 'subject', 'body', 'client', 'header.subject'].map((field) =>
    many((value) => `${field}:${value}`, ' OR '),
  ),
  ...[
    many((value) => `-body:${value}`, ' '),
    textFields.map((field) => `${field}:${marks.never}`).join(' OR '),
  ],
  ...['body:tatata', 'body:conconcon', 'the body:tetete', 'the.t', 'hello.th', 'to.you.y'],
  ...[
    '-the -to -and -you -your -of',
    'from:example to:example rcpt:example subject:zz',
    '-client:e',
    '-(from:e to:e)',
  ],
  `((((((the OR to) (and OR you)) OR ((your of) (a OR in))) -${marks.never}) OR ${marks.never}) subject:zz)`,
];
const sessionQueries = [
  ...Object.values(marks).flatMap((mark) => withMark(sessionFields, mark)),
  ...['example', 'peer:127', 'peer:192.0.2', 'outcome:captured', 'outcome:interrupted', 'outcome:aborted'],
  ...['is:open', 'has:anomaly', 'tls:1.1', 'tls:none', 'code:250', 'code:599', 'code:597', 'before:99d'],
  ...['-captured', `example ${marks.never}`, '"said quit"', '"quit said"', `example client:${marks.never}`],
];

const titles = {
  everywhere: 'found everywhere',
  seldom: 'one message in a thousand',
  oldest: 'only the five oldest',
  never: 'nothing found',
  combined: 'OR, NOT, brackets',
};

/** What the folder depends on: another checkout makes another. */
function sourceHash() {
  const hash = createHash('sha256');
  for (const folder of ['server/store', 'shared/search'])
    for (const name of readdirSync(join(root, folder)).sort())
      if (name.endsWith('.ts')) hash.update(readFileSync(join(root, folder, name)));
  for (const name of ['server/mail/derived.ts', 'test/bench/search-mails.mjs', 'test/bench/search-store.mjs'])
    hash.update(readFileSync(join(root, name)));
  return hash.digest('hex').slice(0, 12);
}

/** Made once and kept, as it takes minutes; the searches only read. */
async function openFilled(base, count, results) {
  const cache = join(dirname(base), 'mailscope-bench');
  const name = `search-${count}-`;
  const data = join(cache, `${name}${sourceHash()}`);
  if (existsSync(data)) return data;
  mkdirSync(cache, { recursive: true });
  for (const old of readdirSync(cache))
    if (old.startsWith(name)) rmSync(join(cache, old), { recursive: true });
  const store = await loadStore(join(base, 'store'));
  const { stored, seconds } = await fillStore(store, `${data}.part`, count);
  renameSync(`${data}.part`, data);
  results.note(
    `${data} was made for the searches, and stays: ${count} messages were stored in ${stored.toFixed(0)} s and ` +
      `could all be found after ${seconds.toFixed(0)} s.`,
  );
  return data;
}

export async function measureSearch({ servers, base, results, quick }) {
  const kind = servers.find(({ name }) => name === 'mailscope');
  const count = quick ? 20_000 : 100_000;
  const data = await openFilled(base, count, results);
  const flags = ['--data', data, '--max-messages', '0', '--max-bytes', '0'];
  await withServer(kind, base, (server) => measure(server, { count, results, runs: quick ? 4 : 10 }), {
    flags,
  });
}

async function measure({ http }, { count, results, runs }) {
  const add = (key, title, times) => {
    const row = (suffix) => ({ title: `${title}, ${suffix}`, unit: 'ms', better: 'less' });
    results.add(`${key}-p50`, row('p50'), 'mailscope', median(times));
    results.add(`${key}-p99`, row('p99'), 'mailscope', percentile(times, 0.99));
  };
  const time = async (path) => {
    const startedAt = performance.now();
    const { nextCursor } = await getJson(`${http}/api/${path}`);
    return { ms: performance.now() - startedAt, nextCursor };
  };
  const cursors = [];
  for (let cursor = ''; cursor !== null;) {
    cursor = (await time(`messages?limit=500${cursor && `&cursor=${cursor}`}`)).nextCursor;
    if (cursor) cursors.push(cursor);
  }
  const times = { first: [], deep: [] };
  for (let n = 0; n < runs * 10; n++) {
    times.first.push((await time(`messages?limit=${limit}`)).ms);
    times.deep.push((await time(`messages?limit=${limit}&cursor=${cursors.at(-1 - (n % 10))}`)).ms);
  }
  add('search-list-first', `${count} messages: newest page`, times.first);
  add('search-list-deep', `${count} messages: page at the far end`, times.deep);

  const slowest = [];
  async function group(key, title, path, queries) {
    const all = [];
    for (const query of queries) {
      const own = [];
      for (let n = 0; n < runs; n++)
        own.push((await time(`${path}?limit=${limit}&query=${encodeURIComponent(query)}`)).ms);
      all.push(...own);
      slowest.push({ query: `${query} (${path})`, ms: median(own) });
    }
    add(key, title, all);
  }
  await group('search-hostile', `search in ${count}: made to be slow`, 'messages', hostileQueries);
  for (const [key, queries] of Object.entries(messageQueries))
    await group(`search-${key}`, `search in ${count}: ${titles[key]}`, 'messages', queries);
  await group('search-sessions', `search in ${count} sessions`, 'sessions', sessionQueries);
  slowest.sort((a, b) => b.ms - a.ms);
  const worst = slowest.slice(0, 3).map(({ query, ms }) => `${query} ${format(ms)} ms`);
  results.note(`The slowest of ${slowest.length} searches, by their medians: ${worst.join(', ')}.`);
}

/** Keys of the rows whose p50 and p99 have a goal. */
export const searchRows = [
  ...Object.keys(messageQueries),
  'hostile',
  'sessions',
  'list-first',
  'list-deep',
].map((key) => `search-${key}`);
