// Clients that send a byte now and then, in every phase of SMTP: each is let go at its deadline, and mail goes on.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { expect, test } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import type { Wire } from '../support/wire.ts';
import { quantile } from '../load/figures.ts';

const each = 8;
const limits = {
  idleMs: 2500,
  partialLineMs: 1500,
  slowAfterMs: 600,
  minRate: 500,
  handshakeMs: 2000,
  silentTlsMs: 2000,
};
/** Between two bytes. */
const byteMs = 40;
/** The clocks are looked at four times in the shortest of them; how fast a message comes is told from two looks. */
const looksMs = (2 * limits.slowAfterMs) / 4;
const listen = ['smtp://127.0.0.1:0?proxy=true&name=proxied'];
const [plain, offered, implicit, proxied] = [0, 1, 2, 3];

interface Phase {
  listener: number;
  /** Up to where the slowness begins. */
  open(wire: Wire): Promise<unknown>;
  /** What is then sent byte by byte, over and over. */
  bytes: string;
  /** From the first byte on. */
  deadlineMs: number;
  /** The last reply; null where none can be read. */
  answer: RegExp | null;
}

const begin = async (wire: Wire): Promise<void> => {
  await wire.hello();
  await wire.say('MAIL FROM:<a@b.test>');
  await wire.say('RCPT TO:<c@d.test>');
};
const clientHello = '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03';
/** Version 2; 400 bytes are to follow. */
const proxyHeader = '\r\n\r\n\0\r\nQUIT\n\x21\x11\x01\x90';
const late = /^421 4\.4\.2 The line was not finished/;
const slow = /^421 4\.4\.2 The message came too slowly/;

const phases: Record<string, Phase> = {
  'before the greeting ends, silent': {
    listener: plain,
    open: async () => {},
    deadlineMs: limits.idleMs,
    bytes: '',
    answer: /^421 4\.4\.2 Idle/,
  },
  'a command': {
    listener: plain,
    open: (wire) => wire.hello(),
    deadlineMs: limits.partialLineMs,
    bytes: 'x',
    answer: late,
  },
  'a step of AUTH': {
    listener: plain,
    open: async (wire) => {
      await wire.hello();
      await wire.say('AUTH LOGIN');
    },
    deadlineMs: limits.partialLineMs,
    bytes: 'Y',
    answer: late,
  },
  'a line of a message': {
    listener: plain,
    open: async (wire) => {
      await begin(wire);
      await wire.say('DATA');
    },
    deadlineMs: limits.slowAfterMs,
    bytes: 'x',
    // Whichever of the two comes first.
    answer: /^421 4\.4\.2 The (line was not finished|message came too slowly)/,
  },
  'a message, in whole lines': {
    listener: plain,
    open: async (wire) => {
      await begin(wire);
      await wire.say('DATA');
    },
    deadlineMs: limits.slowAfterMs,
    bytes: 'x\r\n',
    answer: slow,
  },
  'a chunk of BDAT': {
    listener: plain,
    open: async (wire) => {
      await begin(wire);
      wire.send('BDAT 100000 LAST\r\n');
    },
    deadlineMs: limits.slowAfterMs,
    bytes: 'x\r\n',
    answer: slow,
  },
  'the ClientHello': {
    listener: implicit,
    open: async () => {},
    deadlineMs: limits.handshakeMs,
    bytes: clientHello,
    answer: null,
  },
  'the ClientHello after STARTTLS': {
    listener: offered,
    open: async (wire) => {
      await wire.hello();
      await wire.say('STARTTLS');
    },
    deadlineMs: limits.handshakeMs,
    bytes: clientHello,
    answer: null,
  },
  'a command inside TLS': {
    listener: implicit,
    open: async (wire) => {
      await wire.secure();
      await wire.hello();
    },
    deadlineMs: limits.partialLineMs,
    bytes: 'x',
    answer: late,
  },
  'a PROXY header': {
    listener: proxied,
    open: async () => {},
    deadlineMs: limits.partialLineMs,
    bytes: proxyHeader,
    answer: /^421 4\.3\.2 A PROXY protocol header was expected/,
  },
};

/** Sends the bytes one by one until the server has had enough. Resolves with what it said last, and when. */
async function trickle(
  sandbox: TestSandbox,
  { listener, open, bytes }: Phase,
): Promise<{ said: string; tookMs: number }> {
  await using wire = await sandbox.wire(listener);
  await open(wire);
  const heard = wire.received.length;
  const startedAt = performance.now();
  let at = 0;
  const timer = setInterval(
    () => bytes && wire.send(Buffer.from([bytes.charCodeAt(at++ % bytes.length)])),
    byteMs,
  );
  await wire.closed().finally(() => clearInterval(timer));
  const tookMs = performance.now() - startedAt;
  return { said: Buffer.concat(wire.received.slice(heard)).toString('latin1'), tookMs };
}

test(
  'each is closed at its deadline and told why, and others send mail meanwhile',
  { timeout: 120_000 },
  async () => {
    await using sandbox = await startTestSandbox({ listen }, { limits });
    // Where nobody is slow.
    await using quiet = await startTestSandbox();
    const mail = async (to: TestSandbox): Promise<number> => {
      const startedAt = performance.now();
      await using wire = await to.wire();
      await wire.hello();
      expect(await wire.mail()).toMatch(/^250 /);
      expect(await wire.say('QUIT')).toMatch(/^221 /);
      return performance.now() - startedAt;
    };
    const before: number[] = [];
    for (let n = 0; n < 20; n++) before.push(await mail(sandbox));
    let isOver = false;
    const beside: number[] = [];
    const elsewhere: number[] = [];
    const sending = (async () => {
      while (!isOver) {
        beside.push(await mail(sandbox));
        elsewhere.push(await mail(quiet));
      }
    })();
    // The server is in this process: what it and the machine are late is late here, too.
    const lateness = monitorEventLoopDelay({ resolution: 10 });
    lateness.enable();
    const results = await Promise.all(
      Object.entries(phases).flatMap(([name, phase]) =>
        Array.from({ length: each }, async () => ({ name, phase, ...(await trickle(sandbox, phase)) })),
      ),
    ).finally(() => (isOver = true));
    lateness.disable();
    await sending;
    const lateMs = lateness.max / 1e6;
    for (const { name, phase, said, tookMs } of results) {
      if (phase.answer) expect(said.split('\r\n').at(-2) ?? '', name).toMatch(phase.answer);
      const told = `${name}, late by ${Math.round(lateMs)} ms`;
      expect(tookMs, told).toBeGreaterThan(0.9 * phase.deadlineMs);
      expect(tookMs, told).toBeLessThan(1.1 * phase.deadlineMs + byteMs + looksMs + lateMs);
    }
    expect(beside.length).toBeGreaterThan(10);
    expect(quantile(beside, 0.5) - quantile(before, 0.5)).toBeLessThan(250);
    expect(quantile(beside, 0.99) - quantile(elsewhere, 0.99)).toBeLessThan(250);

    // A session is told a moment after its client has seen the end; of mail there may be hundreds meanwhile.
    const query = 'outcome:timed-out OR outcome:tls-failed';
    const timedOut = async (): Promise<number> =>
      (await sandbox.client.listSessions({ query: { query, limit: 500 } })).items.length;
    await expect.poll(timedOut).toBe(each * Object.keys(phases).length);
  },
);
