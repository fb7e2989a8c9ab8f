// Messages whose parse takes the parsing thread down, or the whole process: they stay, the others are parsed, and no
// start tries them again for ever.
import { cp, readFile, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { idIn, startMailscope, temporaryFolder, type Mailscope } from '../process/mailscope.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const patience = { timeout: 60_000, interval: 50 };

/** The built program in the folder, with a parser that can be told to fail. */
async function withBadParser(folder: string) {
  await cp(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  await cp(join(root, 'package.json'), join(folder, 'package.json'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const worker = join(folder, 'dist/server/mail-worker.js');
  await rename(worker, join(folder, 'dist/server/good-mail-worker.js'));
  await cp(fileURLToPath(new URL('bad-parser.mjs', import.meta.url)), worker);
  const parses = join(folder, 'parses');
  return {
    start: (): Promise<Mailscope> =>
      startMailscope(folder, [], {
        main: join(folder, 'dist/server/main.js'),
        env: { MAILSCOPE_TEST_PARSES: parses },
      }),
    parses: async (subject: string): Promise<number> =>
      (await readFile(parses, 'utf8')).split('\n').filter((line) => line === subject).length,
  };
}

const mail = (subject: string): string => `From: ann@shop.example\r\nSubject: ${subject}\r\n\r\nHello\r\n`;

async function send(mailscope: Mailscope, subject: string): Promise<string> {
  await using wire = await mailscope.wire();
  await wire.hello();
  return idIn(await wire.mail(mail(subject)));
}

const read = (mailscope: Mailscope, id: string) => mailscope.client.readMessage({ params: { id } });
const parseOf = async (mailscope: Mailscope, id: string): Promise<string> =>
  (await read(mailscope, id)).parse;

test('a message that takes the parsing thread down stays, says why, and is not tried again', async () => {
  await using folder = await temporaryFolder();
  const program = await withBadParser(folder.path);
  const problems = {
    hangs: 'Parsing took longer than 5 s and was stopped.',
    grows: expect.stringMatching(
      /^Parsing (ran out of memory|took longer than 5 s and was stopped)\.$/,
    ) as string,
    throws: 'Parsing failed: a bug',
    exits: 'Parsing ended unexpectedly (exit code 3).',
  };
  const ids = new Map<string, string>();
  {
    await using mailscope = await program.start();
    for (const subject of Object.keys(problems)) {
      ids.set(subject, await send(mailscope, subject));
      ids.set(`after ${subject}`, await send(mailscope, `after ${subject}`));
    }
    for (const [subject, id] of ids) {
      const isBad = subject in problems;
      await expect.poll(() => parseOf(mailscope, id), patience).toBe(isBad ? 'failed' : 'parsed');
    }
    expect((await mailscope.stop()).code).toBe(0);
  }
  await using again = await program.start();
  const last = await send(again, 'last');
  await expect.poll(() => parseOf(again, last), patience).toBe('parsed');
  for (const [subject, problem] of Object.entries(problems)) {
    const id = ids.get(subject)!;
    expect(await read(again, id)).toMatchObject({ parse: 'failed', problem, subject });
    expect(await (await fetch(`${again.ready.http}/api/messages/${id}/raw`)).text()).toBe(mail(subject));
    expect([subject, await program.parses(subject)]).toEqual([subject, 1]);
  }
});

/** What became of the message, or `ended` where the process did first. */
async function outcomeOf(mailscope: Mailscope, subject: string): Promise<string> {
  const { child, client } = mailscope;
  for (; ; await delay(50)) {
    if (child.exitCode !== null || child.signalCode !== null) return 'ended';
    const { items } = await client.listMessages({ query: { limit: 10 } }).catch(() => ({ items: [] }));
    const found = items.find((message) => message.subject === subject);
    if (found && found.parse !== 'pending') return found.parse;
  }
}

test('a message that takes the whole process down is given up after three tries, and the others are parsed', async () => {
  await using folder = await temporaryFolder();
  const program = await withBadParser(folder.path);
  {
    await using first = await program.start();
    // It may end before it says 250.
    await send(first, 'kills').catch(() => undefined);
    expect((await first.ended).signal).toBe('SIGKILL');
  }
  let ended = 1;
  for (let n = 0; n < 6; n++) {
    // Here it may end before it is ready.
    await using mailscope = await program.start().catch(() => undefined);
    if (!mailscope || (await outcomeOf(mailscope, 'kills')) === 'ended') {
      ended += 1;
      continue;
    }
    const { items } = await mailscope.client.listMessages({ query: { limit: 10 } });
    const { id } = items.find(({ subject }) => subject === 'kills')!;
    expect(await read(mailscope, id)).toMatchObject({
      parse: 'failed',
      problem:
        'Mailscope ended each time it parsed this message, so it is kept as it is and not tried again.',
    });
    expect(await (await fetch(`${mailscope.ready.http}/api/messages/${id}/raw`)).text()).toBe(mail('kills'));
    const last = await send(mailscope, 'last');
    await expect.poll(() => parseOf(mailscope, last), patience).toBe('parsed');
    break;
  }
  expect({ ended, tried: await program.parses('kills') }).toEqual({ ended: 3, tried: 3 });
});
