// Clients that send a byte now and then, in every phase of SMTP: each is let go at its deadline, and mail goes on.
import { expect, test } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import type { Wire } from '../support/wire.ts';

const each = 8;
const limits = {
  idleMs: 2500,
  partialLineMs: 1500,
  slowAfterMs: 600,
  minRate: 500,
  handshakeMs: 600,
  silentTlsMs: 600,
};
const listen = ['smtp://127.0.0.1:0?proxy=true&name=proxied'];
const [plain, offered, implicit, proxied] = [0, 1, 2, 3];

interface Phase {
  listener: number;
  /** Up to where the slowness begins. */
  open(wire: Wire): Promise<unknown>;
  /** What is then sent byte by byte, over and over. */
  bytes: string;
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
    bytes: '',
    answer: /^421 4\.4\.2 Idle/,
  },
  'a command': { listener: plain, open: (wire) => wire.hello(), bytes: 'x', answer: late },
  'a step of AUTH': {
    listener: plain,
    open: async (wire) => {
      await wire.hello();
      await wire.say('AUTH LOGIN');
    },
    bytes: 'Y',
    answer: late,
  },
  'a line of a message': {
    listener: plain,
    open: async (wire) => {
      await begin(wire);
      await wire.say('DATA');
    },
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
    bytes: 'x\r\n',
    answer: slow,
  },
  'a chunk of BDAT': {
    listener: plain,
    open: async (wire) => {
      await begin(wire);
      wire.send('BDAT 100000 LAST\r\n');
    },
    bytes: 'x\r\n',
    answer: slow,
  },
  'the ClientHello': { listener: implicit, open: async () => {}, bytes: clientHello, answer: null },
  'the ClientHello after STARTTLS': {
    listener: offered,
    open: async (wire) => {
      await wire.hello();
      await wire.say('STARTTLS');
    },
    bytes: clientHello,
    answer: null,
  },
  'a command inside TLS': {
    listener: implicit,
    open: async (wire) => {
      await wire.secure();
      await wire.hello();
    },
    bytes: 'x',
    answer: late,
  },
  'a PROXY header': { listener: proxied, open: async () => {}, bytes: proxyHeader, answer: late },
};

/** Sends the bytes one by one until the server has had enough. Resolves with what it said last. */
async function trickle(sandbox: TestSandbox, { listener, open, bytes }: Phase): Promise<string> {
  await using wire = await sandbox.wire(listener);
  await open(wire);
  const heard = wire.received.length;
  let at = 0;
  const timer = setInterval(
    () => bytes && wire.send(Buffer.from([bytes.charCodeAt(at++ % bytes.length)])),
    40,
  );
  await wire.closed().finally(() => clearInterval(timer));
  return Buffer.concat(wire.received.slice(heard)).toString('latin1');
}

test(
  'each is closed at its deadline and told why, and others send mail meanwhile',
  { timeout: 120_000 },
  async () => {
    await using sandbox = await startTestSandbox({ listen }, { limits });
    let isOver = false;
    const mails = async (): Promise<number> => {
      let sent = 0;
      for (; !isOver; sent++) {
        await using wire = await sandbox.wire();
        await wire.hello();
        expect(await wire.mail()).toMatch(/^250 /);
        expect(await wire.say('QUIT')).toMatch(/^221 /);
      }
      return sent;
    };
    const sending = mails();
    const results = await Promise.all(
      Object.entries(phases).flatMap(([name, phase]) =>
        Array.from({ length: each }, async () => ({ name, phase, said: await trickle(sandbox, phase) })),
      ),
    ).finally(() => (isOver = true));
    expect(await sending).toBeGreaterThan(5);
    for (const { name, phase, said } of results)
      if (phase.answer) expect(said.split('\r\n').at(-2) ?? '', name).toMatch(phase.answer);

    // A session is told a moment after its client has seen the end; of mail there may be hundreds meanwhile.
    const query = 'outcome:timed-out OR outcome:tls-failed';
    const timedOut = async (): Promise<number> =>
      (await sandbox.client.listSessions({ query: { query, limit: 500 } })).items.length;
    await expect.poll(timedOut).toBe(each * Object.keys(phases).length);
  },
);
