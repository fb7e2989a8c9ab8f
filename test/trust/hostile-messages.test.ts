// Messages made to hurt, sent to the built program: each is stored byte for byte, each call about it is answered, the
// next mail does not wait for it, and the event loop is not late.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tellEventLoop, watchEventLoop } from '../load/event-loop.ts';
import { quantile } from '../load/figures.ts';
import { hostileAttachments } from '../support/hostile-attachments.ts';
import { hostileMail } from '../support/hostile-mail.ts';
import { startMailscope, temporaryFolder, type Folder, type Mailscope } from '../process/mailscope.ts';

const all: [string, () => Buffer][] = [
  ...Object.entries(hostileMail).map(([name, { size, make }]): [string, () => Buffer] => [
    `${size} ${name}`,
    () => make(size),
  ]),
  ...Object.entries(hostileAttachments),
];

/** Of one call. A machine that is busy with other things takes its time; an answer of ours takes milliseconds. */
const mostMs = 5000;
/** Of a mail that comes while a hostile one is parsed: so much longer than when nothing is. */
const nextMoreMs = 1500;
/** Of the event loop (p99). */
const mostLateMs = 100;
/** Larger than a message may be. Whatever else is refused would not be tried. */
const tooLarge: string[] = [];

let folder: Folder;
let mailscope: Mailscope;
let eventLoop: ReturnType<typeof watchEventLoop>;
beforeAll(async () => {
  folder = await temporaryFolder();
  eventLoop = watchEventLoop(folder.path);
  mailscope = await startMailscope(folder.path, ['--max-messages', '0'], { env: eventLoop.env });
  for (let n = 0; n < 20; n++) alone.push(await timeNext());
});
afterAll(async () => {
  await mailscope[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** By path, where another answer than 200 came. */
const others = new Map<string, Set<number>>();

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** As it goes over the wire, and as it is to be stored. */
function stuffed(message: Buffer): { wire: Buffer; stored: Buffer } {
  const ends = message.subarray(-2).toString('latin1') === '\r\n';
  const stored = ends ? message : Buffer.concat([message, Buffer.from('\r\n')]);
  const dotted = stored.includes('\r\n.') || stored[0] === 0x2e;
  const wire = dotted
    ? Buffer.from(stored.toString('latin1').replace(/(^|\r\n)\./g, '$1..'), 'latin1')
    : stored;
  return { wire, stored };
}

async function send(message: Buffer): Promise<string> {
  await using wire = await mailscope.wire();
  await wire.hello();
  await wire.say('MAIL FROM:<ann@example.test>');
  await wire.say('RCPT TO:<bob@example.test>');
  await wire.say('DATA');
  wire.send(message);
  wire.send('.\r\n');
  const reply = await wire.reply(60_000);
  wire.end();
  return reply;
}

async function timeNext(): Promise<number> {
  const began = performance.now();
  expect(await send(Buffer.from('Subject: next\r\n\r\nx\r\n'))).toMatch(/^250 /);
  return performance.now() - began;
}

let peak = 0;
/** How long a normal mail took: when nothing hostile was there, and beside what is hostile. */
const alone: number[] = [];
const besides: number[] = [];
const slow: string[] = [];
const refused: string[] = [];

test.each(all)('%s: stored as it is, each call answered, no other mail held up', async (name, make) => {
  const { wire, stored } = stuffed(make());
  const reply = await send(wire);
  expect(reply).toMatch(/^(250|552) /);
  if (reply.startsWith('552')) return void refused.push(name);
  const id = /m_\w+/.exec(reply)![0];
  // At once, while it is being parsed.
  const waited = await timeNext();
  besides.push(waited);
  expect(waited - quantile(alone, 0.9)).toBeLessThan(nextMoreMs);

  const url = mailscope.ready.http;
  const raw = Buffer.from(await (await fetch(`${url}/api/messages/${id}/raw`)).arrayBuffer());
  expect(raw.length).toBe(stored.length);
  expect(digest(raw)).toBe(digest(stored));
  for (const path of [
    ...['/api/messages?limit=5', `/api/messages/${id}`, '/api/messages?query=hostile', '/api/events?limit=5'],
    ...[`/api/messages/${id}/parts/1`, `/mail/${id}`, `/api/v1/message/${id}`, `/email/${id}`],
    ...['/api/v2/messages?limit=2', '/api/sessions/latest/transcript?format=text'],
  ]) {
    const start = performance.now();
    const answer = await fetch(url + path);
    await answer.arrayBuffer();
    const ms = performance.now() - start;
    // 503: it is not parsed yet, and says so.
    if (answer.status !== 503)
      expect([path, answer.status]).toEqual([path, expect.toSatisfy((status: number) => status < 500)]);
    if (answer.status !== 200) {
      const shown = path.replace(id, ':id');
      others.set(shown, (others.get(shown) ?? new Set()).add(answer.status));
    }
    if (ms > 1000) slow.push(`${Math.round(ms)} ms ${path.replace(id, ':id')} (${name})`);
    expect([path, ms < mostMs]).toEqual([path, true]);
  }
  const status = await mailscope.client.readStatus();
  peak = Math.max(peak, status.memoryBytes);
});

test('afterwards it goes on as before, within its memory', async () => {
  expect(all.length).toBeGreaterThanOrEqual(60);
  expect(besides.length).toBe(all.length - tooLarge.length);
  expect(refused).toEqual(tooLarge);
  const [usual, median] = [quantile(alone, 0.5), quantile(besides, 0.5)];
  const loop = await eventLoop.read();
  console.log(
    `${all.length} hostile messages; the next mail took ${Math.round(median)} ms (median; alone ${Math.round(usual)} ms), ${Math.round(Math.max(...besides))} ms at most; ` +
      `${refused.length} refused for their size; other answers than 200: ${[...others].map(([path, codes]) => `${path} ${[...codes].join()}`).join('; ') || 'none'}; ` +
      `at most ${Math.round(peak / 1_000_000)} MB of memory; ${tellEventLoop(loop)}${slow.length ? `; slower than 1 s:\n${slow.join('\n')}` : ''}`,
  );
  expect(median - usual).toBeLessThan(250);
  expect(loop.own.p99).toBeLessThan(mostLateMs);
  expect(peak).toBeLessThan(1_200_000_000);
  expect(mailscope.err).not.toMatch(/failed|uncaught|unhandled/i);
  const reply = await send(Buffer.from('Subject: last\r\n\r\nwell\r\n'));
  const id = /m_\w+/.exec(reply)![0];
  await expect
    .poll(async () => (await mailscope.client.readMessage({ params: { id } })).parse, { timeout: 60_000 })
    .toBe('parsed');
});
