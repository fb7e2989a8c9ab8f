// A signal in each phase of a connection: who waits is told at once, what is under way may finish, and in 10 s all is over.
import { once } from 'node:events';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { openLive, type LiveState } from '../../shared/client/live.ts';
import { compare } from '../durability/kept.ts';
import { MailStorm } from '../durability/mail-storm.ts';
import type { Wire } from '../support/wire.ts';
import { idIn, startMailscope, temporaryFolder, type Mailscope } from '../process/mailscope.ts';
import { beginData, goingDown, startTimed, untilHeard } from '../process/stopping.ts';

const proxied = ['--listen', 'smtp://127.0.0.1:0?proxy=true&name=proxied'];
const slowCommits = {
  NODE_OPTIONS: `--import ${new URL('../load/slow-disk.mjs', import.meta.url).href}`,
  MAILSCOPE_TEST_COMMIT_MS: '500',
  MAILSCOPE_TEST_DISK_MB: '100',
};

interface Phase {
  /** What is said before the signal. */
  reach(wire: Wire, mailscope: Mailscope): Promise<unknown>;
  /** Of the session afterwards, beside what all have. */
  kept?: object;
  listener?: number;
  args?: string[];
  env?: Record<string, string>;
}

const toMail = async (wire: Wire): Promise<void> => {
  await wire.hello();
  expect(await wire.say('MAIL FROM:<ann@example.test>')).toMatch(/^250 /);
};
const toRcpt = async (wire: Wire): Promise<void> => {
  await toMail(wire);
  expect(await wire.say('RCPT TO:<bob@example.test>')).toMatch(/^250 /);
};
const text = 'Subject: chunk\r\n\r\nof two\r\n';
/** Ends with the time of the test. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await nextTurn();
}

/** Of the only session that is open, with what has come of it. */
async function untilSeen({ client }: Mailscope, what: RegExp): Promise<void> {
  const isSeen = async (): Promise<boolean> => {
    const [session] = (await client.listSessions()).items;
    if (session === undefined) return false;
    const { items } = await client.readTranscript({ params: { id: session.id }, query: {} });
    return items.some((line) => what.test(line.text));
  };
  await until(isSeen);
}

const toHalfChunk = async (wire: Wire, mailscope: Mailscope): Promise<void> => {
  await toRcpt(wire);
  wire.send(`BDAT ${text.length} LAST\r\n${text.slice(0, 10)}`);
  // Until then the signal may be there first.
  await untilSeen(mailscope, /BDAT/);
};

describe.concurrent('a signal', () => {
  const waiting: Record<string, Phase> = {
    'before EHLO': { reach: (wire) => wire.reply() },
    'after MAIL': { reach: toMail },
    'after RCPT': { reach: toRcpt },
    'between two BDAT chunks': {
      reach: async (wire) => {
        await toRcpt(wire);
        wire.send('BDAT 7\r\nSubject');
        expect(await wire.reply()).toMatch(/^250 /);
      },
    },
    'in the middle of a command': {
      reach: async (wire, mailscope) => {
        await toRcpt(wire);
        wire.send('DAT');
        await untilSeen(mailscope, /RCPT/);
      },
    },
    'in the middle of AUTH': {
      reach: async (wire) => {
        await wire.hello();
        expect(await wire.say('AUTH LOGIN')).toMatch(/^334 /);
      },
      kept: { ended: { phase: 'auth' }, auth: [{ code: null }] },
    },
    'in a PROXY header': {
      listener: 3,
      args: proxied,
      reach: async (wire, { client }) => {
        wire.send('PROXY TCP4 192.0.2.1');
        await until(async () => (await client.readStatus()).openSessions === 1);
      },
    },
  };

  test.each(Object.entries(waiting))('%s is told to the client at once', async (_, phase) => {
    await using folder = await temporaryFolder();
    {
      await using mailscope = await startTimed(folder.path, phase.args);
      await using wire = await mailscope.wire(phase.listener);
      await phase.reach(wire, mailscope);
      const ended = mailscope.stop();
      expect(await wire.reply()).toMatch(goingDown);
      const { code, ms, err } = await ended;
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(ms).toBeLessThan(mailscope.atOnceMs);
    }
    await using again = await startMailscope(folder.path);
    expect((await again.client.listMessages()).items).toEqual([]);
    const [session] = await again.closedSessions(1);
    expect(session).toMatchObject({ ended: { by: 'server', how: 'shutdown' }, messages: 0 });
    expect(session).toMatchObject(phase.kept ?? {});
  });

  const underWay: Record<string, Phase & { rest: string; stored: string }> = {
    'in the middle of a message': {
      reach: async (wire) => {
        await toRcpt(wire);
        expect(await wire.say('DATA')).toMatch(/^354 /);
        wire.send('Subject: slow\r\n\r\nfir');
      },
      rest: 'st\r\n.\r\n',
      stored: 'Subject: slow\r\n\r\nfirst\r\n',
    },
    'in the middle of a BDAT chunk': { reach: toHalfChunk, rest: text.slice(10), stored: text },
    'after the final dot, with the commit pending,': {
      env: slowCommits,
      reach: async (wire, mailscope) => {
        await toRcpt(wire);
        expect(await wire.say('DATA')).toMatch(/^354 /);
        wire.send(`${text}.\r\n`);
        await untilSeen(mailscope, /message/);
      },
      rest: '',
      stored: text,
    },
  };

  test.each(Object.entries(underWay))('%s lets it finish, and it is stored', async (_, phase) => {
    await using folder = await temporaryFolder();
    let id: string;
    {
      await using mailscope = await startTimed(folder.path, phase.args, { env: phase.env });
      await using wire = await mailscope.wire(phase.listener);
      await phase.reach(wire, mailscope);
      const ended = mailscope.stop();
      await untilHeard(mailscope);
      expect(Buffer.concat(wire.received).toString()).not.toMatch(/queued as/);
      wire.send(phase.rest);
      id = idIn(await wire.reply());
      expect(await wire.reply()).toMatch(goingDown);
      const { code, ms, err } = await ended;
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(ms).toBeLessThan(phase.env === undefined ? mailscope.atOnceMs : mailscope.drainedMs);
    }
    await using again = await startMailscope(folder.path);
    expect((await again.client.listMessages()).items.map((message) => message.id)).toEqual([id]);
    expect(Buffer.from(await again.client.readRaw({ params: { id } })).toString()).toBe(phase.stored);
    const [session] = await again.closedSessions(1);
    expect(session).toMatchObject({ outcome: 'captured', ended: { by: 'server', how: 'shutdown' } });
  });

  test('in the middle of a BDAT chunk that never ends cuts it after 10 s, and does not store it', async () => {
    await using folder = await temporaryFolder();
    {
      await using mailscope = await startTimed(folder.path);
      await using wire = await mailscope.wire();
      await toHalfChunk(wire, mailscope);
      const ended = mailscope.stop();
      expect(await wire.reply()).toMatch(goingDown);
      const { code, ms, err } = await ended;
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(ms).toBeGreaterThan(9000);
      expect(ms).toBeLessThan(mailscope.drainedMs);
    }
    await using again = await startMailscope(folder.path);
    expect((await again.client.listMessages()).items).toEqual([]);
  });

  test('under load, with several messages half sent: what is acknowledged is stored, and nothing else', async () => {
    await using folder = await temporaryFolder();
    const storm = new MailStorm();
    const halves: string[] = [];
    {
      await using mailscope = await startTimed(folder.path);
      const wires = await Promise.all(
        Array.from({ length: 4 }, (_, n) => beginData(mailscope, `Subject: half ${n}\r\n\r\n`)),
      );
      const sending = storm.blow(mailscope.ports[0]!, { clients: 8, name: 's' });
      await until(() => storm.acknowledged.size > 50);
      const ended = mailscope.stop();
      await untilHeard(mailscope);
      for (const wire of wires) halves.push(idIn(await wire.say('rest\r\n.')));
      for (const wire of wires) expect(await wire.reply()).toMatch(goingDown);
      await sending;
      const { code, ms, err } = await ended;
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(ms).toBeLessThan(mailscope.drainedMs);
    }
    for (const refusal of storm.refusals) expect(refusal).toMatch(goingDown);
    await using again = await startMailscope(folder.path);
    const { stored, lost, doubled, spare } = await compare(again.client, storm);
    expect({ lost, doubled, spare: spare.sort() }).toEqual({ lost: [], doubled: [], spare: halves.sort() });
    expect(stored).toHaveLength(storm.acknowledged.size + halves.length);
  });

  test.each([
    ['', false],
    [' and a message that does not end', true],
  ] as const)('with an open wait, a live client%s ends all of them in time', async (_, isEndless) => {
    await using folder = await temporaryFolder();
    await using mailscope = await startTimed(folder.path);
    const { client, ready } = mailscope;
    const states: LiveState[] = [];
    const live = openLive(ready.http, { onState: (state) => void states.push(state) });
    using _closing = { [Symbol.dispose]: () => live.close() };
    await until(() => states.length === 1);
    const wait = httpGet(`${ready.http}/api/messages/wait?query=subject:never&timeout=60s`, { agent: false });
    await once(wait, 'finish');
    const answer = once(wait, 'response') as Promise<[IncomingMessage]>;
    // Whoever asks later is answered, so the wait was heard before.
    for (let n = 0; n < 2; n++) await client.readStatus();
    await using wire = isEndless ? await beginData(mailscope, 'Subject: endless\r\n\r\n') : null;
    const { code, ms, err } = await mailscope.stop();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [response] = await answer;
    expect(response.statusCode).toBe(503);
    expect((await response.setEncoding('utf8').toArray()).join('')).toContain('Mailscope is stopping');
    await until(() => states.length === 2);
    expect(states).toEqual(['connected', 'lost']);
    expect(ms).toBeLessThan(isEndless ? mailscope.drainedMs : mailscope.atOnceMs);
    await wire?.closed().catch(() => {});
  });
});
