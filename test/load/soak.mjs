// `npm run soak`: many mails of a mixed corpus, with API calls, live clients that come and go, and retention, against
// the built program. At the end memory, files and the database must be what they were at a quarter of the way, and
// the counts must add up. `npm run soak -- --mails 5000` does less; 100,000 is the default.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { io } from 'socket.io-client';
import { openSmtp } from '../bench/load.mjs';

const main = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url));
const fixtures = new URL('../fixtures/mail/', import.meta.url);
const asked = process.argv.indexOf('--mails');
const mails = asked < 0 ? 100_000 : Number(process.argv[asked + 1]);
const kept = Math.min(5000, Math.ceil(mails / 20));
const callEvery = 10;
const comeAndGoEvery = 100;
const lanes = 8;
/** A transcript stays as long as its session: at the quarter there are as many of these as are kept, too. */
const mailsPerSession = 5;
const walMB = 64;
/** The database and its log, of what is stored: words and places for the search, and what transcripts have beside the mail. */
const mostOfLive = 2;

/** As on the wire: CRLF, dots stuffed, with the final dot. */
const wireOf = (bytes) => {
  const text = bytes.toString('latin1').replace(/\r?\n/g, '\r\n').replace(/^\./gm, '..');
  return Buffer.from(`${text}${text.endsWith('\r\n') ? '' : '\r\n'}.\r\n`, 'latin1');
};
const corpus = readdirSync(fixtures).map((name) => wireOf(readFileSync(new URL(name, fixtures))));

const folder = mkdtempSync(join(tmpdir(), 'mailscope-soak-'));
const ports = ['--smtp-port', '--submission-port', '--smtps-port', '--http-port'].flatMap((flag) => [
  flag,
  '0',
]);
const child = spawn(
  process.execPath,
  ['--expose-gc', '--import', new URL('collect.mjs', import.meta.url).href, main, '--ready-json', ...ports]
    .concat(['--host', '127.0.0.1', '--data', join(folder, 'data'), '--cert-dir', join(folder, 'ca')])
    .concat(['--max-messages', String(kept)]),
  { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
);
process.on('exit', () => child.kill('SIGKILL'));
/** How late another process is that does little more than to wait, on a machine that may be busy. */
const beside = monitorEventLoopDelay({ resolution: 10 });
beside.enable();
let said = '';
let complaints = '';
child.stdout.on('data', (bytes) => (said += bytes));
child.stderr.on('data', (bytes) => (complaints += bytes));
while (!said.includes('\n')) await new Promise((done) => setTimeout(done, 20));
const ready = JSON.parse(said);
const port = Number(new URL(ready.smtp[0]).port);
const getJson = async (path) => {
  const answer = await fetch(ready.http + path);
  if (answer.status >= 500) throw new Error(`${path} was answered ${answer.status}`);
  return answer.json();
};

const events = { stored: 0, deleted: 0 };
let cursor = (await getJson('/api/status')).cursor;
/** From the log, so that nothing is missed. */
async function countEvents() {
  for (;;) {
    const { items, next } = await getJson(`/api/events?since=${cursor}&limit=1000`);
    if (items.length === 0) return;
    for (const { type, payload } of items) {
      if (type === 'message:stored') events.stored += 1;
      if (type === 'messages:deleted') events.deleted += payload.ids?.length ?? payload.count ?? 0;
    }
    cursor = next;
  }
}

/** Comes with an old cursor, hears something and is gone. */
const comeAndGo = () =>
  new Promise((done) => {
    const socket = io(`${ready.http}/live`, {
      transports: ['websocket'],
      forceNew: true,
      auth: { since: cursor },
    });
    const leave = () => {
      socket.disconnect();
      done();
    };
    socket.on('start', (_at, heard) => heard());
    socket.on('events', leave);
    setTimeout(leave, 2000).unref();
  });

const call = async (n) => {
  const { items } = await getJson(['/api/messages?limit=50', '/api/messages?query=order&limit=20'][n % 2]);
  if (items[0]) await getJson(`/api/messages/${items[n % items.length].id}`);
  if (n % 5 === 0) await getJson('/api/sessions?limit=50');
};

let sent = 0;
async function sendUntil(count) {
  const lane = async () => {
    let client = await openSmtp({ port });
    for (let here = 1; sent < count; here++) {
      const n = sent++;
      if (here % mailsPerSession === 0) {
        await client.quit();
        client = await openSmtp({ port });
      }
      await client.send(corpus[n % corpus.length]);
      if (n % callEvery === 0) await call(n / callEvery);
      if (n % comeAndGoEvery === 0) await comeAndGo();
      if (n % 1000 === 0) await countEvents();
    }
    await client.quit();
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

const sizeOf = (name) => {
  try {
    return statSync(join(folder, 'data', name)).size / 1e6;
  } catch {
    return 0;
  }
};

const memoryOf = (kind) => {
  const told = readFileSync(`/proc/${child.pid}/status`, 'latin1');
  return Math.round(Number(new RegExp(`${kind}:\\s+(\\d+)`).exec(told)[1]) / 1000);
};

/** What it takes once all is parsed, pruned and collected. */
async function measure() {
  for (let parsing = true; parsing;) {
    await new Promise((done) => setTimeout(done, 1500));
    const { items } = await getJson('/api/messages?limit=500');
    parsing = items.some(({ parse }) => parse === 'pending');
  }
  child.send('collect');
  const [{ lateMs }] = await once(child, 'message');
  const besideMs = beside.percentile(99) / 1e6;
  beside.reset();
  await countEvents();
  const status = await getJson('/api/status');
  const database = 'mailscope.db';
  // Until the reader has let go of its map of the database.
  await new Promise((done) => setTimeout(done, 6000));
  const figures = {
    sent,
    stored: status.messages,
    memoryMB: memoryOf('RssAnon'),
    residentMB: memoryOf('VmRSS'),
    lateMs: Math.round(lateMs),
    besideMs: Math.round(besideMs),
    files: readdirSync(`/proc/${child.pid}/fd`).length,
    databaseMB: Math.round(sizeOf(database)),
    walMB: Math.round(sizeOf(`${database}-wal`)),
    liveMB: Math.round(status.bytes / 1e6),
    seconds: Math.round(performance.now() / 1000),
  };
  console.log(JSON.stringify(figures));
  return figures;
}

// A short run has hardly warmed up at its quarter.
const warmingMB = mails < 50_000 ? 80 : 0;
const failures = [];
const demand = (holds, what) => holds || failures.push(what);
await sendUntil(Math.ceil(mails / 4));
const quarter = await measure();
await sendUntil(Math.ceil(mails / 2));
const half = await measure();
await sendUntil(mails);
const end = await measure();
demand(
  end.memoryMB <= 1.2 * quarter.memoryMB + warmingMB,
  `memory grew from ${quarter.memoryMB} to ${end.memoryMB} MB`,
);
demand(end.residentMB < 350, `memory is ${end.residentMB} MB`);
demand(end.files <= quarter.files + 3, `open files grew from ${quarter.files} to ${end.files}`);
demand(
  end.databaseMB <= 1.2 * quarter.databaseMB + 20,
  `the database grew from ${quarter.databaseMB} to ${end.databaseMB} MB`,
);
for (const { lateMs, besideMs } of [quarter, half, end])
  demand(lateMs < 100 + besideMs, `the event loop was ${lateMs} ms late, another one ${besideMs} ms`);
demand(
  end.databaseMB + end.walMB <= mostOfLive * end.liveMB + walMB,
  `${end.databaseMB} MB of database and ${end.walMB} MB of log hold ${end.liveMB} MB of mail`,
);
demand(end.walMB < walMB, `the write-ahead log has ${end.walMB} MB`);
demand(events.stored === mails, `${events.stored} of ${mails} mails were announced`);
demand(
  events.stored - events.deleted === end.stored,
  `${events.stored} stored - ${events.deleted} deleted are not ${end.stored}`,
);
demand(complaints === '', `it complained: ${complaints.slice(0, 2000)}`);

const ended = new Promise((done) => child.once('exit', done));
child.kill('SIGTERM');
demand((await ended) === 0, 'it did not end with 0');
rmSync(folder, { recursive: true, force: true });
console.log(failures.length ? `FAILED: ${failures.join('; ')}` : 'The soak holds.');
process.exit(failures.length ? 1 : 0);
