import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { connect } from '../../shared/client/client.ts';
import { MailscopeError } from '../../shared/errors.ts';
import { routes } from '../../shared/routes.ts';
import { lineOf, partOf, sessionOf } from '../support/records.ts';
import { startTestHttp } from '../http/support.ts';

test('every call of the API is a method, and does what it says', async () => {
  await using http = await startTestHttp();
  const client = connect(http.url);
  for (const name of Object.keys(routes)) expect(client).toHaveProperty(name);
  for (const id of ['m_1', 'm_2', 'm_3'])
    http.fake.addMessage(id, 'a\u0000\r\n', { structure: partOf({ bodyLength: 1 }) });
  http.fake.sessions.set('s_1', {
    session: sessionOf('s_1', 1),
    lines: [lineOf(0)],
    chunks: [],
    blobs: new Map(),
  });

  expect((await client.readStatus()).name).toBe('mailscope');
  expect((await client.listMessages({ query: { limit: 2 } })).items.map(({ id }) => id)).toEqual([
    'm_3',
    'm_2',
  ]);
  expect((await client.readMessage({ params: { id: 'latest' } })).id).toBe('m_3');
  expect(await client.readRaw({ params: { id: 'm_1' } })).toEqual(new Uint8Array([97, 0, 13, 10]));
  expect(await client.readPart({ params: { id: 'm_1', part: '1' } })).toEqual(new Uint8Array([97]));
  expect((await client.changeMessage({ params: { id: 'm_1' }, body: { read: true } })).read).toBe(true);
  expect(await client.updateMessages({ body: { all: true, pinned: true } })).toEqual({ count: 3 });
  expect(await client.deleteMessages({ body: { ids: ['m_1'] } })).toEqual({ count: 1 });
  expect(await client.deleteMessage({ params: { id: 'm_2' }, query: { purge: 'true' } })).toEqual({
    count: 1,
  });
  expect(await client.restoreMessages({ body: { ids: ['m_2'] } })).toEqual({ count: 0 });
  expect((await client.listSessions()).items).toHaveLength(1);
  expect((await client.readTranscript({ params: { id: 's_1' } })).items).toHaveLength(1);
  expect(await client.readTranscriptText({ params: { id: 's_1' } })).toContain('C: -> NOOP 0');
  expect(await client.deleteSession({ params: { id: 's_1' } })).toEqual({ count: 1 });
  expect((await client.listEvents({ query: { since: 'store1.0' } })).reset).toBe(false);
  expect(await client.readCa()).toContain('BEGIN CERTIFICATE');
  expect(await client.readReady()).toEqual({ ready: true });
});

test('an error of the server comes back as one, with code, hint and details', async () => {
  await using http = await startTestHttp();
  const client = connect(`${http.url}/`);
  const error = await client.readMessage({ params: { id: 'm_9' } }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(MailscopeError);
  expect(error).toMatchObject({
    code: 'not_found',
    message: 'There is no message m_9.',
    hint: 'It may have been deleted.',
  });
  const invalid = await client.listMessages({ query: { limit: 0 } }).catch((thrown: unknown) => thrown);
  expect(invalid).toMatchObject({ code: 'invalid_request', details: [{ path: 'query.limit' }] });
});

test('where nothing answers, the error says so; a call that was given up throws its reason', async () => {
  const http = await startTestHttp();
  const client = connect(http.url);
  await http[Symbol.asyncDispose]();
  expect(await client.readReady().catch((thrown: unknown) => thrown)).toMatchObject({
    code: 'unavailable',
    hint: expect.stringContaining('mailscope'),
  });
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(client.readReady({ signal })).rejects.toThrow('enough');
});

/** A client of what is no Mailscope. */
async function clientOf(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return { client, [Symbol.asyncDispose]: async () => void server.close() };
}

test.each([
  ['the page of a development server for whatever is asked', 200, 'text/html', '<!doctype html>'],
  ['an error in the form of another API', 404, 'application/json', '{"statusCode":404,"error":"Not Found"}'],
  ['an error in words', 500, 'text/plain', 'Internal Server Error'],
])('another program is not taken for Mailscope: %s', async (_, status, type, body) => {
  await using other = await clientOf((_request, response) => {
    response.writeHead(status, { 'Content-Type': type }).end(body);
  });
  const { client } = other;
  const asked = [
    client.readReady(),
    client.readStatus(),
    client.readCa(),
    client.listMessages(),
    client.readTranscriptText({ params: { id: 's_1' } }),
  ];
  for (const { status: how, ...result } of await Promise.allSettled(asked))
    expect([how, result]).toMatchObject([
      'rejected',
      {
        reason: {
          code: 'unavailable',
          message: `The answer was ${status}, and not from Mailscope.`,
          details: body,
        },
      },
    ]);
});

test('an answer that breaks off is told as such, and not as a fault of the client', async () => {
  await using broken = await clientOf((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 100 });
    response.write('{"items":[', () => response.destroy());
  });
  const { client } = broken;
  for (const asked of [client.listMessages(), client.readRaw({ params: { id: 'm_1' } })])
    expect(await asked.catch((thrown: unknown) => thrown)).toMatchObject({
      ...{ name: 'MailscopeError', code: 'unavailable', message: expect.stringMatching(/ broke off\.$/) },
    });
});

test('addresses for links are built from the same table', () => {
  const client = connect('http://localhost:8025/');
  expect(client.urlOf('readRaw', { params: { id: 'm_1' }, query: { download: 'true' } })).toBe(
    'http://localhost:8025/api/messages/m_1/raw?download=true',
  );
  expect(connect('').urlOf('readPart', { params: { id: 'm_1', part: '1.2' } })).toBe(
    '/api/messages/m_1/parts/1.2',
  );
});
