// Where the system lets the process have few files open, each connection being one, nobody is closed without a word.
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Wire } from '../support/wire.ts';
import { startMailscope, temporaryFolder } from './mailscope.ts';

test.skipIf(!existsSync('/proc/self/limits'))(
  'with few open files allowed, whoever is over what they bear is told so, and mail and API go on',
  async () => {
    await using folder = await temporaryFolder();
    await using mailscope = await startMailscope(folder.path, [], { openFiles: 128 });
    const inside: Wire[] = [];
    await using _ = {
      [Symbol.asyncDispose]: async () => void (await Promise.all(inside.map((one) => one.end()))),
    };
    let turnedAway = 0;
    for (let n = 0; n < 80; n++) {
      const wire = await mailscope.wire();
      const reply = await wire.reply();
      if (reply.startsWith('220 ')) inside.push(wire);
      else {
        expect(reply).toMatch(/^421 4\.7\.0 Too many connections, .*\(limit: open files, ulimit -n\)\r\n$/);
        await wire.closed();
        turnedAway++;
      }
    }
    expect(inside.length).toBeGreaterThan(3);
    expect(turnedAway).toBeGreaterThan(20);
    expect(await inside[0]!.say('EHLO few.test')).toMatch(/^250/);
    expect(await inside[0]!.mail()).toMatch(/^250 /);
    expect((await mailscope.client.readStatus()).openSessions).toBe(inside.length);
    const [session] = await mailscope.closedSessions(turnedAway);
    expect(session?.ended).toMatchObject({
      how: 'limit',
      text: 'There were too many connections for the files that the system lets Mailscope have open (ulimit -n).',
    });
  },
);
