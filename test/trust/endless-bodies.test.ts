// A body that never ends, to every call of the API and of other tools' APIs: each is refused, or answered without it,
// before much of it has come, and memory does not grow with what is sent.
import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openCompat } from '../../server/compat/open-compat.ts';
import type { CompatParts } from '../../server/compat/parts.ts';
import { routes } from '../../shared/routes.ts';
import { statusOf } from '../http/support.ts';
import { watchMemory } from '../load/figures.ts';
import { pour } from '../load/pour.ts';
import { startMailscope, temporaryFolder } from '../process/mailscope.ts';

const own = Object.values(routes);
const theirs = openCompat(
  {
    events: { on: () => () => {} },
    store: { counts: () => Promise.resolve({ messages: 0 }) },
  } as unknown as CompatParts,
  { primary: 'mailhog', maxSize: 1 },
).calls;
/** What is read away so that a client sees its answer, and what is under way. */
const mostSentMB = 100;
/** What Node collects of the buffers of its sockets only at 64 MB, and a little. */
const mostMoreMB = 80;
const block = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x10000, ' '), Buffer.from('\r\n')]);

/** Sends until there is an answer. */
async function sendForever(port: number, line: string, type: string) {
  const socket = connect(port, '127.0.0.1');
  let heard = '';
  let isClosed = false;
  let wake = (): void => {};
  socket
    .on('error', () => {})
    .on('data', (bytes: Buffer) => {
      heard += bytes.toString('latin1');
      wake();
    })
    .on('close', () => {
      isClosed = true;
      wake();
    })
    .on('drain', () => wake());
  await once(socket, 'connect');
  socket.write(
    `${line} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`,
  );
  let sent = 0;
  while (heard === '' && !isClosed && sent < 2 * mostSentMB * 1e6) {
    sent += block.length;
    if (!socket.write(block)) await new Promise<void>((go) => (wake = go));
    // A server that reads as fast as this writes would never be listened to.
    else await setImmediate();
  }
  socket.destroy();
  return { status: statusOf(heard), sentMB: sent / 1e6 };
}

test(`a body without an end is refused by each of ${own.length + theirs.length} calls, or left where it is`, async () => {
  expect(own.length).toBeGreaterThanOrEqual(36);
  expect(theirs.length).toBeGreaterThan(60);
  await using folder = await temporaryFolder();
  await using mailscope = await startMailscope(folder.path, ['--max-size', '5mb']);
  await pour(mailscope.ports[0]!, { lanes: 1, count: 2, message: (n) => `Subject: ${n}\r\n\r\nx\r\n` });
  const port = Number(new URL(mailscope.ready.http).port);
  const fill = ({ method, path }: { method: string; path: string }): string =>
    `${method} ${path.replace(/:\w+/g, '1')}`;
  // What one costs whatever comes after it.
  await sendForever(port, 'POST /api/messages/delete', 'application/json');
  using memory = watchMemory(mailscope.child.pid!);
  let most = 0;
  for (const route of own) {
    const line = fill(route);
    const type = 'bodyType' in route ? route.bodyType : 'application/json';
    const { status, sentMB } = await sendForever(port, line, type);
    expect(status, line).toBe(413);
    expect(sentMB, line).toBeLessThan(mostSentMB);
    most = Math.max(most, sentMB);
  }
  const failing: string[] = [];
  let unread = 0;
  for (const call of theirs) {
    const line = fill(call);
    const { status, sentMB } = await sendForever(port, line, 'application/json');
    expect(status, line).not.toBe(0);
    if (status >= 500) failing.push(line);
    // Of the calls that take no body many answer before it is here, as without one.
    if (status !== 413) unread += 1;
    expect(sentMB, line).toBeLessThan(mostSentMB);
  }
  expect(theirs.length - unread).toBeGreaterThanOrEqual(9);
  // As these tools answer what they cannot do, with a body and without.
  expect(failing).toEqual([
    'POST /api/v1/messages/1/release',
    'DELETE /email/1',
    'POST /api/email/1/relay',
    'POST /api/email/1/relay/1',
  ]);
  const grown = memory.most - memory.start;
  console.log(
    `at most ${Math.round(most)} MB sent to one; memory ${Math.round(memory.start)} MB, at most ${Math.round(grown)} MB more`,
  );
  expect(grown).toBeLessThan(mostMoreMB);
  expect(mailscope.err).toBe('');
  expect((await mailscope.client.readStatus()).version).not.toBe('');
});
