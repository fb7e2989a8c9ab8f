// What cannot be read as HTTP is answered in the one body of errors, with what to do.
import type { ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { usualClocks } from '../../server/http/parts.ts';
import { createTransport } from '../../server/http/transport.ts';
import { errorBody } from '../../shared/error-body.ts';
import { sayRaw, startTestHttp, statusOf } from './support.ts';

const host = 'Host: localhost';
const request = (...lines: string[]): string => [...lines, '', ''].join('\r\n');

async function errorFor(
  port: number,
  said: string,
  status = 400,
): Promise<{ message: string; hint: string | null }> {
  const answer = await sayRaw(port, Buffer.from(said));
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect([said.slice(0, 60), statusOf(answer)]).toEqual([said.slice(0, 60), status]);
  expect(head).toMatch(/^content-type: application\/json; charset=utf-8$/im);
  expect(head).toMatch(/^connection: close$/im);
  expect(Number(/^content-length: (\d+)$/im.exec(head)?.[1])).toBe(body.length);
  const { error } = errorBody.parse(JSON.parse(Buffer.from(body, 'latin1').toString()));
  expect(error.code).toBe(status === 431 ? 'header_too_large' : 'invalid_request');
  return error;
}

/** A request, and where the answer has come to `until` something that is none; all that is heard till the end. */
function conversation(port: number, until: RegExp): Promise<string> {
  return new Promise((done) => {
    let heard = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(request('GET /api/ready HTTP/1.1', host)));
    socket.on('data', (piece) => {
      const before = heard;
      heard += piece.toString();
      if (until.test(heard) && !until.test(before)) socket.write('EHLO client.test\r\n');
    });
    socket.on('error', () => {});
    socket.on('close', () => done(heard));
  });
}

test('an address with letters or spaces that are not encoded says how to encode them', async () => {
  await using http = await startTestHttp();
  for (const address of ['/api/messages?query=subject:grüße', '/api/messages?query=to:ann subject:x']) {
    const error = await errorFor(http.port, request(`GET ${address} HTTP/1.1`, host));
    expect(error).toMatchObject({
      message: expect.stringContaining('encoded') as unknown,
      hint: expect.stringContaining('--data-urlencode') as unknown,
    });
  }
});

test('what is not HTTP, or is broken, is said to be that, and what is wrong with it', async () => {
  await using http = await startTestHttp();
  const post = ['POST /api/messages/update HTTP/1.1', host, 'Content-Type: application/json'];
  for (const [said, what, status] of [
    ['EHLO client.test\r\n', /not HTTP/],
    [request('GET /api/ready HTTP/9.9', host), /not HTTP/],
    ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', /not HTTP/],
    [`${request(...post, 'Transfer-Encoding: chunked')}ZZ\r\n`, /chunk size/i],
    [`${request(...post, 'Content-Length: 2', 'Content-Length: 3')}{}`, /Content-Length/],
    [request('GET /api/ready HTTP/1.1', host, 'X-A : 1'), /header/i],
    [request('GET /api/ready HTTP/1.1'), /Host/],
    [request('GET /api/ready HTTP/1.1', host, `Cookie: a=${'b'.repeat(40_000)}`), /32 KiB/, 431],
    [request(`GET /api/messages?query=${'b'.repeat(40_000)} HTTP/1.1`, host), /32 KiB/, 431],
  ] as const) {
    const { message, hint } = await errorFor(http.port, said, status);
    expect([said.slice(0, 60), message]).toEqual([said.slice(0, 60), expect.stringMatching(what)]);
    expect(hint).toMatch(/\w{3}/);
  }
});

test('an answer that is under way has nothing written into it when what follows cannot be read', async () => {
  const server = createTransport({ allowHosts: [] }, usualClocks);
  server.on('request', (_, response: ServerResponse) => response.writeHead(200).write('half of it'));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const heard = await conversation((server.address() as AddressInfo).port, /half of it/);
  server.close();
  expect(heard).toMatch(/^HTTP\/1\.1 200 [^]*half of it\r\n$/);
});

test('a request behind an answered one that cannot be read has an answer of its own', async () => {
  await using http = await startTestHttp();
  const heard = await conversation(http.port, /\{"ready":true\}$/);
  expect(heard.split(/(?=HTTP\/1\.1 )/).map(statusOf)).toEqual([200, 400]);
});
