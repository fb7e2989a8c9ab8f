// Clients that send without ever ending a line: the beginning is recorded, and memory does not grow with what they send.
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { watchMemory } from '../load/figures.ts';
import { startMailscope, temporaryFolder } from '../process/mailscope.ts';
import type { Wire } from '../support/wire.ts';
import { effort, timeFor } from './effort.ts';

const clients = effort('clients', 100);
const lineMB = 16;
const mostMB = 150;

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
    const block = Buffer.alloc(64 * 1024, 'a');
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
