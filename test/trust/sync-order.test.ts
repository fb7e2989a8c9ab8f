// As the kernel saw it: what a message takes in the write-ahead log was written and synced before its 250 went out.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { idIn, startMailscope, temporaryFolder } from '../process/mailscope.ts';
import { whereAllowed } from '../support/allowed.ts';
import { findTool } from '../support/tools.ts';

const why = ((): string | null => {
  if (findTool('strace') === null) return 'there is no strace';
  const probe = spawnSync('strace', ['-e', 'trace=none', 'true']);
  return probe.status === 0 ? null : `strace says: ${String(probe.stderr).trim()}`;
})();
const count = 100;

whereAllowed('tracing of system calls', why).test(
  `the log is synced between the writing of each of ${count} messages and its 250`,
  async () => {
    await using folder = await temporaryFolder();
    const trace = join(folder.path, 'trace');
    await using mailscope = await startMailscope(folder.path);
    const calls = 'trace=pwrite64,fsync,fdatasync,write,writev';
    const of = ['-p', String(mailscope.child.pid), '-o', trace];
    const strace = spawn('strace', ['-f', '-y', '-s', '4200', '-e', calls, ...of], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await once(strace.stderr, 'data');
    const ids: string[] = [];
    await using wire = await mailscope.wire();
    await wire.hello();
    for (let n = 0; n < count; n++) ids.push(idIn(await wire.mail()));
    strace.kill('SIGINT');
    await once(strace, 'exit');
    const lines = readFileSync(trace, 'latin1').split('\n');
    const find = (from: number, matches: (line: string) => boolean): number => {
      for (let at = from; at < lines.length; at++) if (matches(lines[at]!)) return at;
      return -1;
    };
    const outOfOrder = ids.filter((id) => {
      const told = find(0, (line) => /\bwritev?\(/.test(line) && line.includes(`queued as ${id}`));
      const written = find(
        0,
        (line) => line.includes('pwrite64(') && line.includes('-wal>') && line.includes(id),
      );
      // The end of the call counts, which strace writes as `resumed` where another thread came between.
      const thread = lines[written]?.split(' ')[0];
      const synced = find(
        written,
        (line) =>
          line.startsWith(`${thread} `) &&
          /(fsync|fdatasync)(\(\d+<[^>]*-wal>\)| resumed>\))\s+= 0/.test(line),
      );
      return !(written >= 0 && synced > written && told > synced);
    });
    expect(outOfOrder).toEqual([]);
  },
);
