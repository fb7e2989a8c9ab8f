// What the record tells of a simulated failure: nothing is lost, said too early, or said of the wrong thing.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { simulate } from '../support/simulate.ts';
import type { Session } from '../../shared/session.ts';
import type { TranscriptLine } from '../../shared/transcript.ts';
import type { Wire } from '../support/wire.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox[Symbol.asyncDispose]());

let count = 0;
/** The session of that client, once it is closed as all others. */
async function sessionOf(client: string): Promise<Session> {
  const { session } = await closedOf(client, ++count);
  return session;
}
async function closedOf(client: string, closed: number): Promise<{ session: Session; data: TranscriptLine }> {
  const session = (await sandbox.closedSessions(closed)).find(({ clientName }) => clientName === client)!;
  const lines = await sandbox.lines(session.id);
  return { session, data: lines.find(({ kind }) => kind === 'data')! };
}

const content = 'Subject: x\r\n\r\nx\r\n';
const bytesOf = ({ base64 = '' }: TranscriptLine): string => Buffer.from(base64, 'base64').toString('latin1');

async function openMail(client: string, listener = 0): Promise<Wire> {
  const wire = await sandbox.wire(listener);
  await wire.hello(client);
  await wire.say('MAIL FROM:<ann@a.test>');
  await wire.say('RCPT TO:<bob@b.test>');
  return wire;
}

const sendContent: Record<string, (wire: Wire) => Promise<void>> = {
  async data(wire) {
    await wire.say('DATA');
    wire.send(`${content}.\r\n`);
  },
  async bdat(wire) {
    wire.send(`BDAT ${content.length} LAST\r\n${content}`);
  },
};

/** What happened behind DATA or the first BDAT, in order. */
const orderOf = (lines: TranscriptLine[]): string[] => {
  const start = lines.findIndex(({ kind, text }) => kind === 'command' && /^(DATA|BDAT)/.test(text));
  return lines.slice(start + 1).map(({ kind, code }) => (code ? `${code}` : kind));
};
const running = async (): Promise<Session> => {
  const { items } = await sandbox.client.listSessions({ query: {} });
  return sandbox.client.readSession({ params: { id: items[0]!.id } });
};

describe('during a delay at `message`', () => {
  test.each([
    ['data', undefined],
    ['data', { code: 451 }],
    ['bdat', undefined],
    ['bdat', { code: 451 }],
  ])('by %s with the reply %o the message stands before the failure', async (way, reply) => {
    const given = { stage: 'message', delay: '10m' as never, ...(reply ? { reply } : {}) } as const;
    await using _ = await simulate(sandbox, given);
    await using wire = await openMail('order');
    await sendContent[way]!(wire);
    await expect.poll(async () => (await running()).faults).toBe(1);
    const { id } = await running();
    const before = [...(way === 'data' ? ['354'] : []), 'data', 'event'];
    const live = await sandbox.lines(id);
    expect(orderOf(live)).toEqual(before);
    wire.end();
    count++;
    await sandbox.closedSessions(count);
    const lines = await sandbox.lines(id);
    expect(orderOf(lines)).toEqual([...before, reply ? '451' : '250', 'event']);
    expect(live.findLast(({ kind }) => kind === 'data')!.lost).toBe(reply ? undefined : true);
    expect(lines.findLast(({ kind }) => kind === 'data')!.lost).toBeUndefined();
  });

  test('a running session is saved, and the bytes of the message stay with their line', async () => {
    // Running sessions are looked at each second, and saved when they are older than one.
    const slow = { stage: 'message', delay: '2100ms' as never } as const;
    await using refusing = await simulate(sandbox, {
      ...slow,
      when: { client: 'refused-*' },
      reply: { code: 451 },
    });
    await using passing = await simulate(sandbox, { ...slow, when: { client: 'stored-*' } });
    expect(refusing.id).not.toBe(passing.id);
    const ways = ['refused-bdat', 'stored-bdat', 'refused-data', 'stored-data'];
    await Promise.all(
      ways.map(async (way) => {
        await using wire = await openMail(way);
        await sendContent[way.split('-')[1]!]!(wire);
        expect(await wire.reply()).toMatch(way.startsWith('refused') ? /^451/ : /^250 /);
        await wire.quit();
      }),
    );
    count += ways.length;
    for (const way of ways) {
      const { session, data } = await closedOf(way, count);
      expect(data.lost, way).toBeUndefined();
      expect(bytesOf(data), way).toBe(way.endsWith('data') ? `${content}.\r\n` : content);
      expect(data.messageId, way).toBe(session.messageIds[0]);
      expect(session.messages, way).toBe(way.startsWith('stored') ? 1 : 0);
    }
  });
});

test.each([
  ['message', 'data', 'after the whole content of mail 1, before an answer to it'],
  ['message', 'bdat', 'after the whole content of mail 1, before an answer to it'],
  ['data', 'data', 'in the middle of mail 1, after DATA'],
  ['data', 'data too soon', 'while the content of mail 1 was coming'],
] as const)('a client that leaves in a delay at %s, by %s, left %s', async (stage, way, where) => {
  const then = stage === 'message' ? 'close' : 'continue';
  await using _ = await simulate(sandbox, { stage, then, delay: '10m' as never });
  await using wire = await openMail('leaves');
  if (stage === 'message') await sendContent[way]!(wire);
  else wire.send(`DATA\r\n${way === 'data' ? '' : 'Subject'}`);
  await expect.poll(async () => (await running()).faults).toBe(1);
  wire.end();
  const session = (await sandbox.closedSessions(++count)).at(-1)!;
  expect(session.ended!.text).toMatch(/ s into the 600 s for which a simulated failure had it wait\.$/);
  expect(session.ended!.text).toContain(`without QUIT ${where}, `);
});

test('during a delay at `stored` the record claims no reply yet', async () => {
  await using _ = await simulate(sandbox, { stage: 'stored', delay: '10m' as never, times: { count: 1 } });
  await using wire = await openMail('waits');
  await sendContent.data!(wire);
  await expect.poll(async () => (await running()).faults).toBe(1);
  const { transactions } = await running();
  expect(transactions).toMatchObject([{ outcome: 'stored', reply: null, lastLine: null }]);
  wire.end();
  const session = await sessionOf('waits');
  expect(session.transactions).toMatchObject([{ outcome: 'stored', reply: { code: 250 } }]);
  const lines = await sandbox.lines(session.id);
  expect(lines[session.transactions[0]!.lastLine!]).toMatchObject({ kind: 'reply', code: 250 });
});

describe('a failure that waits for `afterBytes` is in the record, counted and used up once it is due', () => {
  const long = `${content}${'x'.repeat(500)}\r\n`;
  const ways: Record<string, (wire: Wire) => Promise<unknown>> = {
    'a short message by DATA': (wire) => sendContent.data!(wire).then(() => wire.reply()),
    'a short message by BDAT': (wire) => sendContent.bdat!(wire).then(() => wire.reply()),
    async 'BDAT and RSET'(wire) {
      wire.send('BDAT 5\r\nhello');
      await wire.reply();
      await wire.say('RSET');
    },
    async 'a client that leaves in DATA'(wire) {
      await wire.say('DATA');
      wire.send('x');
    },
    async 'a client that leaves between chunks'(wire) {
      wire.send('BDAT 5\r\nhello');
      await wire.reply();
    },
    async 'a bare newline'(wire) {
      await wire.say('DATA');
      wire.send('a\nb\r\n');
      expect(await wire.say('.')).toMatch(/^5/);
    },
  };

  test.each(['data', 'bdat'])('by %s', async (last) => {
    await using own = await startTestSandbox({ listen: ['smtp://127.0.0.1:0?bare-newlines=refuse'] });
    const { id } = await simulate(own, {
      stage: 'data',
      afterBytes: 200,
      then: 'reset',
      times: { count: 1 },
    });
    const open = async (): Promise<Wire> => {
      const wire = await own.wire(3);
      await wire.hello();
      await wire.say('MAIL FROM:<ann@a.test>');
      await wire.say('RCPT TO:<bob@b.test>');
      return wire;
    };
    const applied = async () => (await own.client.readFault({ params: { id } })).applied;
    let closed = 0;
    for (const [name, way] of Object.entries(ways)) {
      await using wire = await open();
      await way(wire);
      wire.end();
      const session = (await own.closedSessions(++closed)).at(-1)!;
      expect(session.faults, name).toBeUndefined();
      expect(await applied(), name).toBe(0);
    }
    await using wire = await open();
    if (last === 'data') await wire.say('DATA');
    wire.send(last === 'data' ? long : `BDAT ${long.length} LAST\r\n${long}`);
    await expect(wire.reply()).rejects.toThrow('ECONNRESET');
    const session = (await own.closedSessions(++closed)).at(-1)!;
    expect(session).toMatchObject({ faults: 1, ended: { how: 'fault' } });
    expect(await applied()).toBe(1);
    const lines = await own.lines(session.id);
    expect(orderOf(lines)).toEqual([...(last === 'data' ? ['354'] : []), 'data', 'event', 'event']);
    await using next = await open();
    await next.say('DATA');
    next.send(long);
    expect(await next.say('.')).toMatch(/^250 /);
  });
});
