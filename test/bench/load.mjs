// A minimal SMTP client: for latency, TLS and big messages, and for the rates where smtp-source is missing.
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';

const finalLine = /(?:^|\n)(\d{3}) [^\n]*\n$/;
const timeoutMs = 60_000;

/** Resolves once the server has greeted. Commands go out one at a time, as most clients send them. */
export function openSmtp({ port, tls = false }) {
  const options = { host: '127.0.0.1', port, noDelay: true };
  const socket = tls ? connectTls({ ...options, rejectUnauthorized: false }) : connectTcp(options);
  let text = '';
  let waiting;
  const settle = (error, code) => {
    const call = waiting;
    waiting = undefined;
    if (error) call?.reject(error);
    else call?.resolve(code);
  };
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1');
    const found = finalLine.exec(text);
    if (!found) return;
    const said = text;
    text = '';
    const code = Number(found[1]);
    if (code >= 400) settle(new Error(`the server said: ${said.trim()}`));
    else settle(null, code);
  });
  socket.on('error', (error) => settle(error));
  socket.on('close', () => settle(new Error('the server closed the connection')));
  socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));

  const reply = () => new Promise((resolve, reject) => (waiting = { resolve, reject }));
  const ask = (bytes) => {
    const answered = reply();
    socket.write(bytes);
    return answered;
  };
  const client = {
    ask,
    /** `wire`: stuffed, with the final dot. Resolves with the milliseconds from its first byte to the 250. */
    async send(wire, { from = 'bench@example.com', to = 'inbox@example.com' } = {}) {
      await ask(`MAIL FROM:<${from}>\r\n`);
      await ask(`RCPT TO:<${to}>\r\n`);
      await ask('DATA\r\n');
      const startedAt = performance.now();
      await ask(wire);
      return performance.now() - startedAt;
    },
    async quit() {
      await ask('QUIT\r\n');
      socket.destroy();
    },
    close: () => socket.destroy(),
  };
  return reply()
    .then(() => ask('HELO bench.example.com\r\n'))
    .then(
      () => client,
      (error) => {
        socket.destroy();
        throw error;
      },
    );
}

/** Sends `messages` over `lanes` at once; `keep` keeps the connections. Resolves with the seconds it took. */
export async function pour({ port, tls, lanes, messages, keep, wire }) {
  let next = 0;
  const lane = async () => {
    let client;
    try {
      while (next < messages) {
        const n = next++;
        client ??= await openSmtp({ port, tls });
        await client.send(typeof wire === 'function' ? wire(n) : wire);
        if (keep) continue;
        await client.quit();
        client = undefined;
      }
      await client?.quit();
    } finally {
      client?.close();
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: Math.min(lanes, messages) }, lane));
  return (performance.now() - startedAt) / 1000;
}

const firstDate = Date.UTC(2026, 0, 1);
const line = 'The quick brown fox jumps over the lazy dog while seventy-six bytes go by ...\r\n';

/** A plain mail of about `size` bytes as it goes over the wire. Dates grow with `n`: some servers sort by them. */
export function createMail({ n = 0, size, subject = `Message ${n}` }) {
  const date = new Date(firstDate + n * 1000).toUTCString().replace('GMT', '+0000');
  const head =
    `From: Sender ${n % 97} <sender${n % 97}@example.com>\r\nTo: Inbox <inbox@example.com>\r\n` +
    `Subject: ${subject}\r\nDate: ${date}\r\nMessage-ID: <${n}.bench@example.com>\r\nMIME-Version: 1.0\r\n` +
    'Content-Type: text/plain; charset=utf-8\r\n\r\n';
  const lines = Math.max(1, Math.round((size - head.length) / line.length));
  return Buffer.from(`${head}${line.repeat(lines)}.\r\n`);
}

/** Every line of the body begins with a dot, so that each has to be unstuffed. */
export function createDottedMail(size) {
  const dotted = `..${line.slice(0, 60)}\r\n`;
  const head = 'From: a@example.com\r\nTo: b@example.com\r\nSubject: Dots\r\n\r\n';
  return Buffer.from(`${head}${dotted.repeat(Math.round(size / dotted.length))}.\r\n`);
}
