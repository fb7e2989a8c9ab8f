// The web port under clients that break off, ask for ranges, or all ask at once.
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { startMailscope, temporaryFolder } from '../process/mailscope.ts';
import { openFiles } from '../load/figures.ts';

test(
  'downloads that are broken off, ranges, and a crowd leave no file open and end in no 5xx',
  { timeout: 240_000 },
  async () => {
    await using folder = await temporaryFolder();
    await using mailscope = await startMailscope(folder.path);
    const { http } = mailscope.ready;
    const port = Number(new URL(http).port);
    await using wire = await mailscope.wire();
    await wire.hello();
    // Large enough to be a file, and not to fit into the buffers of a socket.
    const body = `Subject: large\r\n\r\n${`${'x'.repeat(70)}\r\n`.repeat(40_000)}`;
    const id = /m_\w+/.exec(await wire.mail(body))![0];
    const raw = `/api/messages/${id}/raw`;
    await fetch(http + raw).then((answer) => answer.arrayBuffer());
    const pid = mailscope.child.pid!;
    const before = openFiles(pid);

    const breakOff = (n: number): Promise<void> =>
      new Promise((done) => {
        const socket = connect(port, '127.0.0.1', () =>
          socket.write(`GET ${raw} HTTP/1.1\r\nHost: localhost\r\n\r\n`),
        );
        // Before the answer, at its beginning, or in the middle.
        if (n % 3 === 0) socket.on('connect', () => setImmediate(() => socket.resetAndDestroy()));
        let heard = 0;
        socket.on('data', (bytes) => {
          heard += bytes.length;
          if (n % 3 === 1 || heard > 300_000) socket.resetAndDestroy();
        });
        socket.on('error', () => {}).on('close', () => done());
      });
    for (let round = 0; round < 50; round++)
      await Promise.all(Array.from({ length: 20 }, (_, n) => breakOff(n)));

    for (const range of [
      'bytes=0-9',
      'bytes=-5',
      'bytes=999999999-',
      'bytes=5-1',
      'bytes=0-1,4-5',
      'lines=1-2',
      'bytes=',
    ]) {
      const answer = await fetch(http + raw, { headers: { Range: range } });
      // Ranges may be passed over (RFC 9110 14.2): then the whole is given, and said to be the whole.
      expect(answer.status, range).toBe(200);
      expect((await answer.arrayBuffer()).byteLength).toBe(body.length);
    }
    if (before !== null) await expect.poll(() => openFiles(pid)! - before).toBeLessThanOrEqual(5);

    const agent = new Agent({ keepAlive: true, maxSockets: 100 });
    const paths = ['/api/messages', '/api/sessions', '/', `/api/messages/${id}`];
    const crowd = await Promise.all(
      Array.from({ length: 2000 }, async (_, n) => {
        const asked = get(http + paths[n % paths.length]!, { agent });
        const [answer] = (await once(asked, 'response')) as [IncomingMessage];
        await once(answer.resume(), 'end');
        return answer.statusCode;
      }),
    );
    agent.destroy();
    expect(crowd).toHaveLength(2000);
    expect(new Set(crowd)).toEqual(new Set([200]));
    if (before !== null)
      await expect.poll(() => openFiles(pid)! - before, { timeout: 20_000 }).toBeLessThanOrEqual(5);
    expect(mailscope.err).toBe('');
  },
);
