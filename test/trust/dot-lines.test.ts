// Messages that are nothing but lines beginning with a dot: each costs a byte or two of memory, and none when refused.
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { watchMemory } from '../load/figures.ts';
import { idIn, startMailscope, temporaryFolder } from '../process/mailscope.ts';
import type { Wire } from '../support/wire.ts';

const line = '..\r\n';
const block = line.repeat(16_384);
const sentMB = 100;
const mostMB = 100;

async function sendDotLines(wire: Wire, bytes: number): Promise<string> {
  await wire.hello();
  await wire.say('MAIL FROM:<ann@example.test>');
  await wire.say('RCPT TO:<bob@example.test>');
  expect(await wire.say('DATA')).toMatch(/^354 /);
  for (let sent = 0; sent < bytes; sent += block.length)
    if (!wire.socket.write(block)) await once(wire.socket, 'drain');
  wire.send('.\r\n');
  return wire.reply(120_000);
}

test(
  `of ${sentMB} MB of such lines, over the limit, nothing stays, and a message of them comes back as it was sent`,
  { timeout: 200_000 },
  async () => {
    await using folder = await temporaryFolder();
    await using mailscope = await startMailscope(folder.path, ['--max-size', '10MB']);
    await using first = await mailscope.wire();
    const stored = await sendDotLines(first, 8 * block.length);
    expect(stored).toMatch(/^250 /);
    const raw = await fetch(`${mailscope.ready.http}/api/messages/${idIn(stored)}/raw`);
    expect(await raw.text()).toBe('.\r\n'.repeat(8 * 16_384));
    using memory = watchMemory(mailscope.child.pid!);
    await using second = await mailscope.wire();
    expect(await sendDotLines(second, sentMB * 1e6)).toMatch(/^552 /);
    const grown = memory.most - memory.start;
    console.log(`${Math.round(grown)} MB more at most`);
    expect(grown).toBeLessThan(mostMB);
    await using third = await mailscope.wire();
    await third.hello();
    expect(await third.mail('Subject: after\r\n\r\nx\r\n')).toMatch(/^250 /);
  },
);
