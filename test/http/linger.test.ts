// Most clients (Python's requests, Java's, PHP's) read the answer when all of their request is out.
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { startTestHttp, statusOf } from './support.ts';

const bodyBytes = 20_000_000;

/** Reads nothing before everything is sent. */
async function sendThenRead(port: number, line: string, headers: string[]): Promise<number> {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true }).pause();
  await once(socket, 'connect');
  const head = [line, ...headers, `Content-Length: ${bodyBytes}`, '', ''].join('\r\n');
  await new Promise<void>((sent, fail) => {
    socket.once('error', fail);
    socket.write(Buffer.concat([Buffer.from(head), Buffer.alloc(bodyBytes, 'x')]), (error) =>
      error ? fail(error) : sent(),
    );
  });
  const chunks = await socket.toArray();
  return statusOf(Buffer.concat(chunks as Buffer[]).toString('latin1'));
}

test.each([
  ['a call that does not exist', 'POST /api/message HTTP/1.1', 'Host: localhost', 404],
  ['a method that a call does not have', 'PUT /api/messages HTTP/1.1', 'Host: localhost', 405],
  ['a type that the call does not take', 'POST /api/expect HTTP/1.1', 'Host: localhost', 415],
  ['a foreign name', 'POST /api/messages HTTP/1.1', 'Host: evil.example', 421],
])('%s is answered also when 20 MB come with it and are sent first', async (_what, line, host, status) => {
  await using http = await startTestHttp();
  expect(await sendThenRead(http.port, line, [host])).toBe(status);
});

test('the connection of an answer that was given early is closed when its request is over', async () => {
  await using http = await startTestHttp();
  const socket = connect(http.port, '127.0.0.1');
  socket.write('POST /api/message HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\n');
  await once(socket, 'data');
  socket.resume().write('end');
  await once(socket, 'close');
});
