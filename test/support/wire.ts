// A raw SMTP speaker: exact bytes out, replies in, and a record of both.
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';

const replyShape = /^(?:\d{3}-[^\n]*\n)*\d{3}(?: [^\n]*)?\r?\n/;
const deadlineMs = 40_000;

export interface Wire extends AsyncDisposable {
  readonly socket: Socket;
  /** What was sent and received since the start, or since TLS began. */
  readonly sent: Buffer[];
  readonly received: Buffer[];
  send(bytes: string | Buffer): void;
  /** One whole reply; rejects with what did arrive when none comes. */
  reply(patienceMs?: number): Promise<string>;
  /** Sends a line and waits for its reply. */
  say(line: string): Promise<string>;
  /** Waits for the greeting, says EHLO. */
  hello(name?: string): Promise<string>;
  /** MAIL, RCPT, DATA, the message and the final dot; the final reply. */
  mail(message?: string | Buffer, from?: string, to?: string[]): Promise<string>;
  /** TLS on top of this connection. */
  secure(options?: ConnectionOptions): Promise<TLSSocket>;
  /** Waits until the server has closed its side, and closes this one, as clients do: else it would be waited for a second. */
  closed(): Promise<void>;
  /** Says QUIT and waits for the end; the reply. */
  quit(): Promise<string>;
  end(): void;
  reset(): void;
}

export async function openWire(port: number, options: { tls?: ConnectionOptions } = {}): Promise<Wire> {
  const socket = connectTcp({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
  await once(socket, 'connect');
  const sent: Buffer[] = [];
  const received: Buffer[] = [];
  let stream: Duplex = socket;
  let pending = '';
  let isClosed = false;
  let failure: Error | undefined;
  let wake = (): void => {};

  const onData = (bytes: Buffer): void => {
    received.push(bytes);
    pending += bytes.toString('latin1');
    wake();
  };
  const onEnd = (): void => {
    isClosed = true;
    wake();
  };
  const attach = (next: Duplex): void => {
    stream = next;
    next.on('data', onData).on('end', onEnd).on('close', onEnd);
    next.on('error', (error) => {
      failure = error;
      onEnd();
    });
  };
  const until = async <T>(what: string, found: () => T | undefined, patienceMs = deadlineMs): Promise<T> => {
    const deadline = setTimeout(() => {
      failure = new Error(`no ${what} within ${patienceMs} ms`);
      wake();
    }, patienceMs);
    try {
      for (;;) {
        const value = found();
        if (value !== undefined) return value;
        if (failure || isClosed) {
          throw new Error(
            `no ${what}: ${failure?.message ?? 'the server closed'}; received so far: ${JSON.stringify(Buffer.concat(received).toString('latin1'))}`,
          );
        }
        await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      clearTimeout(deadline);
    }
  };

  const wire: Wire = {
    socket,
    sent,
    received,
    send(bytes) {
      const raw = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
      sent.push(raw);
      stream.write(raw);
    },
    reply: (patienceMs) =>
      until(
        'reply',
        () => {
          const found = replyShape.exec(pending)?.[0];
          if (found === undefined) return undefined;
          pending = pending.slice(found.length);
          return found;
        },
        patienceMs,
      ),
    say(line) {
      wire.send(`${line}\r\n`);
      return wire.reply();
    },
    async hello(name = 'client.test') {
      await wire.reply();
      return wire.say(`EHLO ${name}`);
    },
    async mail(
      message = 'Subject: test\r\n\r\nhello\r\n',
      from = 'ann@example.test',
      to = ['bob@example.test'],
    ) {
      await wire.say(`MAIL FROM:<${from}>`);
      for (const address of to) await wire.say(`RCPT TO:<${address}>`);
      const go = await wire.say('DATA');
      if (!go.startsWith('354')) return go;
      wire.send(message);
      return wire.say('.');
    },
    async secure(tls = {}) {
      socket.off('data', onData).off('end', onEnd).off('close', onEnd);
      sent.length = 0;
      received.length = 0;
      const secured = connectTls({ socket, rejectUnauthorized: false, ...tls });
      await once(secured, 'secureConnect');
      attach(secured);
      return secured;
    },
    async closed() {
      await until('close', () => (isClosed ? true : undefined));
      stream.end();
    },
    async quit() {
      const reply = await wire.say('QUIT');
      await wire.closed();
      return reply;
    },
    end: () => void stream.end(),
    reset: () => void socket.resetAndDestroy(),
    async [Symbol.asyncDispose]() {
      socket.destroy();
    },
  };
  if (options.tls) await wire.secure(options.tls);
  else attach(socket);
  return wire;
}
