// As the kernel saw it: what a message takes in the write-ahead log, or in a file of its own, was written and synced before
// its 250 went out.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { buildWith } from '../durability/power.ts';
import { sendOne } from '../load/pour.ts';
import { idIn, startMailscope, temporaryFolder } from '../process/mailscope.ts';
import { whereAllowed } from '../support/allowed.ts';
import { findTool } from '../support/tools.ts';

const why = ((): string | null => {
  if (findTool('strace') === null) return 'there is no strace';
  const probe = spawnSync('strace', ['-e', 'trace=none', 'true']);
  return probe.status === 0 ? null : `strace says: ${String(probe.stderr).trim()}`;
})();
const { test } = whereAllowed('tracing of system calls', why);

/** So many bytes are kept in a file of their own. */
const large = 1_200_000;

interface Call {
  thread: string;
  name: string;
  /** Path of the first descriptor, without what the kernel says of sockets. */
  path: string;
  text: string;
  ok: boolean;
  /** Places in the trace: a call that another thread came between takes two lines. */
  began: number;
  ended: number;
}

/** `1234 pwrite64(21</data/mailscope.db-wal>, "..."..., 4096, 0) = 4096`, or that in two lines. */
function readTrace(file: string): Call[] {
  const calls: Call[] = [];
  const open = new Map<string, Call>();
  for (const [at, line] of readFileSync(file, 'latin1').split('\n').entries()) {
    const begun = /^(\d+) +(\w+)\((?:\d+<([^>]*)>)?/.exec(line);
    const resumed = /^(\d+) +<\.\.\. (\w+) resumed>/.exec(line);
    const ok = / = \d+$/.test(line.trimEnd());
    if (begun !== null) {
      const [, thread = '', name = '', path = ''] = begun;
      const call = { thread, name, path, text: line, ok, began: at, ended: at };
      calls.push(call);
      if (line.includes('<unfinished ...>')) open.set(thread, call);
    } else if (resumed !== null) {
      const call = open.get(resumed[1]!);
      if (call === undefined) continue;
      call.text += line;
      call.ok = ok;
      call.ended = at;
      open.delete(resumed[1]!);
    }
  }
  return calls;
}

interface Sent {
  id: string;
  isLarge: boolean;
}

interface Traced {
  sent: Sent[];
  calls: Call[];
}

/** Sends over so many connections at once, of each ten messages `largeOfTen` large ones. */
async function trace(
  { count, lanes, largeOfTen }: { count: number; lanes: number; largeOfTen: number },
  main?: string,
): Promise<Traced> {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'trace');
  await using mailscope = await startMailscope(folder.path, [], main === undefined ? {} : { main });
  // A new log is made long soon after the start, and synced with all that is in it by then.
  const log = join(folder.path, 'data', 'mailscope.db-wal');
  await expect.poll(() => statSync(log).size, { timeout: 30_000 }).toBeGreaterThan(17_000_000);
  const names = 'trace=pwrite64,fsync,fdatasync,write,writev,rename';
  const of = ['-p', String(mailscope.child.pid), '-o', file];
  const strace = spawn('strace', ['-f', '-y', '-s', '4200', '-e', names, ...of], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await once(strace.stderr, 'data');
  const sent: Sent[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      await using wire = await mailscope.wire();
      await wire.hello();
      while (next < count) {
        const isLarge = next++ % 10 < largeOfTen;
        const body = isLarge ? `${'x'.repeat(76)}\r\n`.repeat(large / 78) : 'hello\r\n';
        const reply = await sendOne(wire, `Subject: order\r\n\r\n${body}`);
        sent.push({ id: idIn(reply), isLarge });
      }
    }),
  );
  strace.kill('SIGINT');
  await once(strace, 'exit');
  return { sent, calls: readTrace(file) };
}

/** Those of which something was not safe when their 250 went out, and what. */
function outOfOrder({ sent, calls }: Traced): string[] {
  const syncs = calls.filter(({ name, ok }) => ok && /^f(data)?sync$/.test(name));
  const synced = (path: string, from: Call, to: Call): boolean =>
    syncs.some((sync) => sync.path === path && sync.began > from.ended && sync.ended < to.began);
  const problemOf = ({ id, isLarge }: Sent): string | null => {
    const told = calls.find(({ name, text }) => /^writev?$/.test(name) && text.includes(`queued as ${id}`));
    const row = calls.find(
      ({ name, path, text }) => name === 'pwrite64' && path.endsWith('-wal') && text.includes(id),
    );
    if (told === undefined || row === undefined) return 'was not seen';
    if (!synced(row.path, row, told)) return 'its row was not synced';
    if (!isLarge) return null;
    const move = calls.find(({ name, ok, text }) => name === 'rename' && ok && text.includes(`/${id}"`));
    const [, from = '', to = ''] = /rename\("([^"]*)", "([^"]*)"/.exec(move?.text ?? '') ?? [];
    const written = calls.findLast(({ name, path }) => /^writev?$/.test(name) && path === from);
    if (move === undefined || written === undefined) return 'its file was not seen';
    if (!synced(from, written, move)) return 'its file was not synced';
    if (!synced(to.slice(0, to.lastIndexOf('/')), move, row)) return 'the folder of its file was not synced';
    return null;
  };
  return sent.flatMap((one) => {
    const problem = problemOf(one);
    return problem === null ? [] : [`${one.id}: ${problem}`];
  });
}

test.each([
  ['one after another', { count: 100, lanes: 1, largeOfTen: 0 }],
  ['over 8 connections', { count: 400, lanes: 8, largeOfTen: 0 }],
  ['over 8 connections, half of them as files', { count: 40, lanes: 8, largeOfTen: 5 }],
])('of messages sent %s each is synced before its 250', async (_, load) => {
  const traced = await trace(load);
  expect(traced.sent).toHaveLength(load.count);
  expect(outOfOrder(traced)).toEqual([]);
  if (load.lanes === 1 || load.largeOfTen > 0) return;
  // Of several there is one commit, otherwise this would be the first case again.
  const commits = traced.calls.filter(({ name, path }) => name === 'fdatasync' && path.endsWith('-wal'));
  expect(commits.length).toBeLessThan(load.count);
});

test('the test can fail: with synchronous=NORMAL the row is not synced before the 250', async () => {
  const traced = await trace({ count: 20, lanes: 1, largeOfTen: 0 }, buildWith('NORMAL'));
  expect(outOfOrder(traced)).toHaveLength(20);
});
