// How long after its 250 a wait is answered: `node test/bench/waits.mjs [--data DIR] [--waiters 200] [--rounds 5]`.
// Needs dist/. Each waiter waits for a mail of its own; four connections send. Not part of run.mjs.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const flag = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const data = flag('data', ':memory:');
const waiters = Number(flag('waiters', 200));
const rounds = Number(flag('rounds', 5));
const lanes = 4;

const ports = ['smtp', 'submission', 'smtps', 'http'].flatMap((name) => [`--${name}-port`, '0']);
const server = spawn(
  process.execPath,
  [join(root, 'dist/server/main.js'), '--ready-json', '--data', data, ...ports],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
const [line] = await once(server.stdout, 'data');
const ready = JSON.parse(String(line));
const smtpPort = Number(new URL(ready.smtp[0]).port);
const httpPort = Number(new URL(ready.http).port);

/** One line, or one answer, at a time. */
async function open(port) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  let heard = '';
  let wake = () => {};
  socket.setEncoding('latin1').on('data', (text) => {
    heard += text;
    wake();
  });
  return {
    socket,
    async until(shape) {
      for (;;) {
        const found = shape.exec(heard);
        if (found) {
          heard = heard.slice(found.index + found[0].length);
          return found[0];
        }
        await new Promise((done) => (wake = done));
      }
    },
  };
}

const reply = /^(?:\d{3}-.*\r\n)*\d{3} .*\r\n/m;
async function openSmtp() {
  const wire = await open(smtpPort);
  const say = (text) => {
    wire.socket.write(text);
    return wire.until(reply);
  };
  await wire.until(reply);
  await say('EHLO bench.test\r\n');
  return {
    async send(subject) {
      await say('MAIL FROM:<a@example.test>\r\n');
      await say('RCPT TO:<b@example.test>\r\n');
      await say('DATA\r\n');
      await say(`Subject: ${subject}\r\nTo: b@example.test\r\n\r\nThe words of ${subject}.\r\n.\r\n`);
      return performance.now();
    },
    end: () => wire.socket.destroy(),
  };
}

async function measure(round, queryOf) {
  const ended = new Array(waiters);
  const accepted = new Array(waiters);
  const http = await Promise.all(Array.from({ length: waiters }, () => open(httpPort)));
  const answers = http.map(async ({ socket, until }, n) => {
    const query = encodeURIComponent(queryOf(`mail${round}x${n}`));
    socket.write(`GET /api/messages/wait?timeout=60s&query=${query} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    const head = await until(/^HTTP\/1\.1 200 [^]*?\r\n\r\n/);
    ended[n] = performance.now();
    if (!head) throw new Error('not met');
  });
  // Until all are waiting: they were asked before this one.
  const last = await open(httpPort);
  last.socket.write('GET /api/messages/wait?timeout=300 HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await last.until(/HTTP\/1\.1/);
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      const smtp = await openSmtp();
      for (let n = lane; n < waiters; n += lanes) accepted[n] = await smtp.send(`mail${round}x${n}`);
      smtp.end();
    }),
  );
  await Promise.all(answers);
  for (const { socket } of [...http, last]) socket.destroy();
  return ended.map((at, n) => at - accepted[n]);
}

const ms = (value) => value.toFixed(2).padStart(8);
for (const [name, queryOf] of [
  ['by subject', (subject) => `subject:${subject}`],
  ['by a word of the text', (subject) => `"words of ${subject}"`],
]) {
  const all = [];
  /** On a machine that does other things as well, the best round says most about the server. */
  let best = Infinity;
  // The first one starts the parser and is not counted.
  await measure(`${name.length}w`, queryOf);
  const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  for (let round = 0; round < rounds; round++) {
    const times = await measure(`${name.length}r${round}`, queryOf);
    best = Math.min(
      best,
      at(
        [...times].sort((a, b) => a - b),
        0.99,
      ),
    );
    all.push(...times);
  }
  all.sort((a, b) => a - b);
  console.log(
    `${name.padEnd(24)} ${waiters} waiters, ms after the 250: p50 ${ms(at(all, 0.5))}  p90 ${ms(at(all, 0.9))}  p99 ${ms(at(all, 0.99))} (best round ${ms(best)})  most ${ms(all.at(-1))}`,
  );
}
server.kill();
