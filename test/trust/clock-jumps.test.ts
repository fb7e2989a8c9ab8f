// R18: the wall clock of a running Mailscope is set back and forth. Mail stays in the order in which it came, none goes, and
// deadlines are as long as ever.
import { describe, expect, test, type ExpectStatic } from 'vitest';
import { listAll } from '../durability/kept.ts';
import { sendOne } from '../load/pour.ts';
import { makeFakeClock, whyNoFakeClock } from '../process/fake-clock.ts';
import { idIn, startMailscope, temporaryFolder, type Mailscope } from '../process/mailscope.ts';
import { whereAllowed } from '../support/allowed.ts';
import { allEvents } from './live-listener.ts';

const dayMs = 86_400_000;
const jumps: [string, number][] = [
  ['+0', 0],
  ['-1d', -1],
  ['+365d', 365],
  ['-1d', -1],
  // Behind 2038-01-19, where 32 bits of seconds end.
  ['+12y', 12 * 365],
  ['+0', 0],
];
const mailsEach = 8;
const kept = jumps.length * mailsEach - 5;

type Clock = ReturnType<typeof makeFakeClock>;

/** The header of an answer has the wall clock as the server sees it. */
async function jump(
  { ready }: Mailscope,
  clock: Clock,
  [offset, days]: [string, number],
  own: ExpectStatic = expect,
): Promise<void> {
  clock.set(offset);
  const daysOff = async (): Promise<number> => {
    const { headers } = await fetch(`${ready.http}/api/ready`);
    return Math.round((Date.parse(headers.get('date')!) - Date.now()) / dayMs) + 0;
  };
  await own.poll(daysOff).toBe(days);
}

const { describe: withClock } = whereAllowed('a wall clock that jumps', whyNoFakeClock);

withClock('a wall clock that jumps', () => {
  test('leaves order and ids of mail, lets none go by its age, and no start minds it', async () => {
    await using folder = await temporaryFolder();
    const clock = makeFakeClock(folder.path);
    const args = ['--max-age', '30d', '--max-messages', String(kept)];
    const sent: string[] = [];
    {
      await using mailscope = await startMailscope(folder.path, args, { env: clock.env });
      const { cursor: start } = await mailscope.client.readStatus();
      await using wire = await mailscope.wire();
      await wire.hello();
      for (const each of jumps) {
        const { cursor: before } = await mailscope.client.readStatus();
        await jump(mailscope, clock, each);
        for (let n = 0; n < mailsEach; n++) {
          const reply = await sendOne(wire, `Subject: mail ${sent.length}\r\n\r\nx\r\n`);
          sent.push(idIn(reply));
        }
        const waited = await mailscope.client.awaitMessages({
          query: { query: '', after: before, count: mailsEach, timeout: '20s' },
        });
        expect(waited.items.map(({ id }) => id).toSorted()).toEqual(sent.slice(-mailsEach).toSorted());
      }
      expect(new Set(sent).size).toBe(jumps.length * mailsEach);
      // What is too many goes, so that the limits were looked at: the oldest, and no other.
      const ids = async (): Promise<string[]> => (await listAll(mailscope.client)).map(({ id }) => id);
      await expect.poll(ids).toEqual(sent.slice(-kept).reverse());
      const events = await allEvents(mailscope, start);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, n) => events[0]!.seq + n));
      const stored = events.filter(({ type }) => type === 'message:stored');
      expect(stored.map(({ payload }) => (payload as { message: { id: string } }).message.id)).toEqual(sent);

      const times = (await listAll(mailscope.client))
        .map(({ receivedAt }) => Date.parse(receivedAt))
        .reverse();
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(times.at(-1)! - Date.now()).toBeGreaterThan(11 * 365 * dayMs);
      await wire.quit();
      const [session] = await mailscope.closedSessions(1);
      expect(session).toMatchObject({ outcome: 'captured', messages: sent.length });
      expect(session!.durationUs).toBeLessThan(120_000_000);
      expect((await mailscope.stop()).err).toBe('');
    }
    clock.set('-1d');
    await using again = await startMailscope(folder.path, args, { env: clock.env });
    await using wire = await again.wire();
    await wire.hello();
    const last = idIn(await wire.mail());
    await expect
      .poll(async () => (await listAll(again.client)).map(({ id }) => id))
      .toEqual([last, ...sent.slice(1 - kept).reverse()]);
    expect(again.err).toBe('');
  });

  test('and is set right again takes no mail', async () => {
    await using folder = await temporaryFolder();
    const clock = makeFakeClock(folder.path);
    await using mailscope = await startMailscope(folder.path, ['--max-age', '10m'], { env: clock.env });
    await using wire = await mailscope.wire();
    await wire.hello();
    const send = async (): Promise<number> => {
      expect(await sendOne(wire, 'Subject: each\r\n\r\nx\r\n')).toMatch(/^250 /);
      return 1;
    };
    let count = await send();
    await jump(mailscope, clock, ['+365d', 365]);
    count += await send();
    await jump(mailscope, clock, ['+0', 0]);
    // The limits are looked at ten times a second while mail comes.
    for (const until = performance.now() + 4000; performance.now() < until;) count += await send();
    expect((await mailscope.client.readStatus()).messages).toBe(count);
  });

  describe.concurrent('changes no deadline', () => {
    test.for(jumps.slice(1, 3))('at %s', async (each, { expect: own }) => {
      await using folder = await temporaryFolder();
      const clock = makeFakeClock(folder.path);
      await using mailscope = await startMailscope(folder.path, ['--idle-timeout', '3s'], { env: clock.env });
      await using silent = await mailscope.wire();
      await silent.hello();
      const silentAt = performance.now();
      const waiting = mailscope.client
        .awaitMessages({ query: { query: 'subject:none', timeout: '1s' } })
        .then(
          () => null,
          (error: unknown) => ({ error, ms: performance.now() - silentAt }),
        );
      await jump(mailscope, clock, each, own);
      // One that begins after it.
      await using talking = await mailscope.wire();
      await talking.hello();
      own(await sendOne(talking, 'Subject: other\r\n\r\nx\r\n')).toMatch(/^250 /);
      const waited = await waiting;
      own(waited).toMatchObject({ error: { code: 'wait_timed_out' } });
      own(waited!.ms).toBeGreaterThan(950);
      own(await silent.reply()).toMatch(/^421 /);
      own(performance.now() - silentAt).toBeGreaterThan(2900);
      const [session] = await mailscope.closedSessions(1);
      own(session!.ended).toMatchObject({ how: 'timeout' });
      own(session!.durationUs).toBeGreaterThan(2_900_000);
      own(session!.durationUs).toBeLessThan(60_000_000);
    });
  });
});
