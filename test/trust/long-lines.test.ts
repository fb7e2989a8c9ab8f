// Clients that send without ever ending a line, as a command or as a message: memory does not grow with what they send.
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { watchMemory } from '../load/figures.ts';
import { sendOne } from '../load/pour.ts';
import { startMailscope, temporaryFolder } from '../process/mailscope.ts';
import type { Wire } from '../support/wire.ts';
import { effort, timeFor } from './effort.ts';

const clients = effort('clients', 100);
const lineMB = 16;
const mostMB = 120;

/** In each place in which a line may be long. */
const places: ((wire: Wire) => Promise<string>)[] = [
  () => Promise.resolve(''),
  () => Promise.resolve('MAIL FROM:<'),
  () => Promise.resolve('AUTH PLAIN '),
  async (wire) => {
    expect(await wire.say('AUTH LOGIN')).toMatch(/^334 /);
    return '';
  },
  async (wire) => {
    await wire.say('MAIL FROM:<ann@example.test>');
    await wire.say('RCPT TO:<bob@example.test>');
    expect(await wire.say('BDAT 3\r\nabc')).toMatch(/^250 /);
    return 'RSET ';
  },
];

test(
  `${clients} clients that send ${lineMB} MB without a line end take less than ${mostMB} MB, and do not hold up mail`,
  async () => {
    await using folder = await temporaryFolder();
    await using mailscope = await startMailscope(folder.path, ['--max-bytes', '0']);
    const wires = await Promise.all(Array.from({ length: clients }, () => mailscope.wire()));
    const starts = await Promise.all(
      wires.map(async (wire, n) => {
        await wire.hello();
        return places[n % places.length]!(wire);
      }),
    );
    await using other = await mailscope.wire();
    await other.hello();
    using memory = watchMemory(mailscope.child.pid!);
    const replies = Promise.all(
      wires.map(async (wire, n) => {
        wire.socket.write(starts[n]!);
        for (let sent = 0; sent < lineMB * 1e6; sent += block.length)
          if (!wire.socket.write(block)) await once(wire.socket, 'drain');
        wire.socket.write('\r\n');
        return wire.reply(300_000);
      }),
    );
    await expect(other.say('NOOP')).resolves.toMatch(/^250 /);
    for (const reply of await replies) expect(reply).toMatch(/^500 5\.5\.[26] /);
    const grown = memory.most - memory.start;
    console.log(`memory: ${Math.round(memory.start)} MB before, ${Math.round(grown)} MB more at most`);
    expect(grown).toBeLessThan(mostMB);
  },
  timeFor('clients', 100, 120_000),
);

const limitMB = 10;
/** More with `--clients`: 2 GB with 700. */
const messageMB = 3 * clients;
const block = Buffer.alloc(64 * 1024, 'a');

/** Writes as fast as the server reads; the last reply. */
async function sendWithoutEnd(wire: Wire, command: 'DATA' | 'BDAT', megabytes: number): Promise<string> {
  const { socket } = wire;
  const blocks = Math.ceil((megabytes * 1e6) / block.length);
  wire.sent.length = wire.received.length = 0;
  await wire.say('MAIL FROM:<ann@example.test>');
  await wire.say('RCPT TO:<bob@example.test>');
  if (command === 'DATA') expect(await wire.say('DATA')).toMatch(/^354 /);
  else socket.write(`BDAT ${blocks * block.length} LAST\r\n`);
  for (let n = 0; n < blocks; n++) if (!socket.write(block)) await once(socket, 'drain');
  if (command === 'DATA') socket.write('\r\n.\r\n');
  return wire.reply(300_000);
}

test.each(['DATA', 'BDAT'] as const)(
  `a message of ${messageMB} MB without a line end by %s is refused and costs the memory of a quarter of it`,
  async (command) => {
    await using folder = await temporaryFolder();
    await using mailscope = await startMailscope(folder.path, ['--max-size', `${limitMB}mb`]);
    await using wire = await mailscope.wire();
    await wire.hello();
    await using other = await mailscope.wire();
    await other.hello();
    expect(await sendOne(other, 'Subject: before\r\n\r\nx\r\n')).toMatch(/^250 /);
    using memory = watchMemory(mailscope.child.pid!);
    let mails = 1;
    let waits: number[] = [];
    async function take(megabytes: number): Promise<void> {
      let isOver = false;
      waits = [];
      const sending = sendWithoutEnd(wire, command, megabytes).finally(() => (isOver = true));
      for (; !isOver; mails++) {
        const sentAt = performance.now();
        expect(await sendOne(other, 'Subject: beside\r\n\r\nx\r\n')).toMatch(/^250 /);
        waits.push(performance.now() - sentAt);
      }
      expect(await sending).toMatch(/^552 5\.3\.4 /);
    }
    expect(await sendWithoutEnd(wire, command, messageMB / 4)).toMatch(/^552 5\.3\.4 /);
    const one = memory.most;
    // What such messages cost whatever their length, with mail beside them; of a single one it is told too low.
    for (let n = 0; n < 12; n++) await take(messageMB / 4);
    const usual = memory.most;
    await take(messageMB);
    const grown = memory.most - usual;
    console.log(
      `${command}: memory ${Math.round(memory.start)} MB, ${Math.round(one)} MB with a quarter, ${Math.round(usual)} MB with many, ${Math.round(grown)} MB more with all; ${waits.length} mails meanwhile, each in ${Math.round(Math.max(...waits))} ms at most`,
    );
    expect(waits.length).toBeGreaterThan(3);
    expect(Math.max(...waits)).toBeLessThan(2000);
    expect(grown).toBeLessThan(2 * limitMB);
    expect(one - memory.start).toBeLessThan(8 * limitMB);
    // The connection goes on, and nothing of it is a message.
    expect(await sendOne(wire, 'Subject: after\r\n\r\nx\r\n')).toMatch(/^250 /);
    expect((await mailscope.client.readStatus()).messages).toBe(mails + 1);
  },
  timeFor('clients', 100, 120_000),
);
