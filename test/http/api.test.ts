import { expect, test } from 'vitest';
import { errorBody } from '../../shared/error-body.ts';
import { partOf } from '../support/records.ts';
import { rawRequest, sayRaw, startTestHttp, statusOf, type TestHttp } from './support.ts';

const post = (
  http: TestHttp,
  path: string,
  body: string | Buffer<ArrayBuffer>,
  type = 'application/json',
): Promise<Response> => fetch(http.url + path, { method: 'POST', headers: { 'Content-Type': type }, body });

async function errorOf(
  response: Response,
): Promise<{ status: number; code: string; message: string; hint: string | null }> {
  const { error } = errorBody.parse(await response.json());
  return { status: response.status, ...error };
}

test('every answer carries the cursor and the headers that keep browsers careful', async () => {
  await using http = await startTestHttp();
  http.fake.announce('messages:restored', { ids: [] });
  for (const path of [
    '/api/status',
    '/api/nothing',
    '/',
    '/mail/m_1',
    '/socket.io/?EIO=4&transport=polling',
    '/api/messages?x=1',
  ]) {
    const { headers } = await fetch(http.url + path);
    expect(headers.get('mailscope-cursor'), path).toBe('store1.1');
    expect(headers.get('x-content-type-options'), path).toBe('nosniff');
    expect(headers.get('referrer-policy'), path).toBe('no-referrer');
    expect(headers.get('cross-origin-resource-policy'), path).toBe('same-origin');
    expect(headers.get('cross-origin-opener-policy'), path).toBe('same-origin');
    expect(headers.get('content-security-policy'), path).toContain("default-src 'none'");
    expect(headers.get('access-control-allow-origin'), path).toBeNull();
    expect(headers.get('x-powered-by'), path).toBeNull();
  }
});

test('a wrong field is named, with what the call takes', async () => {
  await using http = await startTestHttp();
  const wrong = async (path: string): Promise<object> => errorOf(await fetch(http.url + path));
  expect(await wrong('/api/messages?limit=0')).toMatchObject({
    status: 400,
    code: 'invalid_request',
    message: expect.stringContaining('query.limit'),
  });
  expect(await wrong('/api/messages?limt=5')).toMatchObject({
    status: 400,
    message: 'query.limt: is not known',
    hint: 'The query takes: limit, cursor, inbox, query.',
  });
  expect(await wrong('/api/messages?limit=1&limit=2')).toMatchObject({ status: 400 });
  expect(await wrong('/api/messages/nonsense')).toMatchObject({
    status: 400,
    message: expect.stringContaining('path.id'),
  });
  expect(await wrong('/api/ready?x=1')).toMatchObject({
    status: 400,
    message: 'query.x is not taken by this call.',
  });
  const sent = await errorOf(await post(http, '/api/messages/delete', '{"ids":["m_1","?"]}'));
  expect(sent).toMatchObject({
    status: 400,
    message: expect.stringContaining('body.ids.1'),
    hint: 'The body takes: ids, purge, query, all.',
  });
  expect(await errorOf(await post(http, '/api/messages/update', '{"read":true}'))).toMatchObject({
    status: 400,
    message: 'body: needs one of ids, query, all',
  });
  expect(await errorOf(await post(http, '/api/inboxes', '{"name":"A B"}'))).toMatchObject({
    status: 400,
    hint: expect.stringContaining('The body takes: name,'),
  });
  expect(await wrong('/api/messages/wait?count=abc')).toMatchObject({
    message: 'query.count: must be a number',
  });
  expect(await wrong('/api/messages/wait?none=maybe')).toMatchObject({
    message: 'query.none: must be true or false',
  });
  expect(await errorOf(await post(http, '/api/messages/delete', '{"ids":["m_1"],"all":true}'))).toMatchObject(
    { status: 400 },
  );
});

test('keys that would change prototypes are refused and change nothing', async () => {
  await using http = await startTestHttp();
  for (const body of [
    '{"all":true,"__proto__":{"polluted":1}}',
    '{"all":true,"constructor":{"prototype":{"polluted":1}}}',
  ])
    expect((await post(http, '/api/messages/update', body)).status).toBe(400);
  expect((await fetch(`${http.url}/api/messages?a[__proto__][x]=1`)).status).toBe(400);
  expect((await fetch(`${http.url}/api/messages?__proto__=1`)).status).toBe(400);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test('a body that is not plain JSON is refused', async () => {
  await using http = await startTestHttp();
  http.fake.addMessage('m_1', 'x');
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    '',
  ])
    expect(await errorOf(await post(http, '/api/messages/delete', '{"all":true}', type))).toMatchObject({
      status: 415,
      code: 'unsupported_media_type',
    });
  expect(await errorOf(await post(http, '/api/messages/delete', '{"all":'))).toMatchObject({
    status: 400,
    code: 'invalid_request',
    message: expect.stringContaining('not valid JSON'),
  });
  const latin1 = Buffer.from('{"ids":["m_1"],"note":"caf\u00e9"}', 'latin1');
  expect(await errorOf(await post(http, '/api/messages/delete', latin1))).toMatchObject({
    status: 400,
    message: expect.stringContaining('not valid UTF-8'),
  });
  expect(await errorOf(await fetch(`${http.url}/api/messages/delete`, { method: 'POST' }))).toMatchObject({
    status: 400,
  });
  expect(http.fake.messages.size).toBe(1);
  // PowerShell writes a byte order mark (RFC 8259 8.1).
  for (const body of ['{"all":true}', '\ufeff{"all":true}'])
    expect((await post(http, '/api/messages/delete', body, 'Application/JSON; charset=utf-8')).status).toBe(
      200,
    );
});

test('a body over 1 MiB is answered 413, with and without a length', async () => {
  await using http = await startTestHttp();
  const headers = ['Host: localhost', 'Content-Type: application/json'];
  const large = `{"ids":["${'x'.repeat(2 * 1024 * 1024)}"]}`;
  for (const path of ['/api/messages/delete', '/api/status']) {
    const line = `${path.endsWith('status') ? 'GET' : 'POST'} ${path} HTTP/1.1`;
    const known = rawRequest(line, [...headers, `Content-Length: ${large.length}`], large);
    expect(statusOf(await sayRaw(http.port, known))).toBe(413);
    const chunked = rawRequest(
      line,
      [...headers, 'Transfer-Encoding: chunked'],
      `${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`,
    );
    expect(statusOf(await sayRaw(http.port, chunked))).toBe(413);
  }
  // One that announces far more is not read at all.
  expect(
    statusOf(
      await sayRaw(
        http.port,
        rawRequest('POST /api/messages/delete HTTP/1.1', [...headers, 'Content-Length: 99999999999']),
      ),
    ),
  ).toBe(413);
});

test('a path asked with another method says which are possible', async () => {
  await using http = await startTestHttp();
  const refused = await fetch(`${http.url}/api/messages`, { method: 'PUT' });
  expect(refused.headers.get('allow')).toBe('GET, POST, HEAD');
  expect(await errorOf(refused)).toMatchObject({ status: 405, code: 'method_not_allowed' });
  expect((await fetch(`${http.url}/api/messages/update`)).headers.get('allow')).toBe('POST');
  expect((await fetch(`${http.url}/api/messages/m_1`, { method: 'OPTIONS' })).headers.get('allow')).toBe(
    'GET, PATCH, DELETE, HEAD',
  );
});

test('what is not there is answered 404 with the one error body', async () => {
  await using http = await startTestHttp();
  for (const path of [
    '/api/nothing',
    '/api',
    '/api/messages/m_1',
    '/api/messages/latest',
    '/api/messages/m_1/raw',
    '/api/sessions/s_1',
    '/api/sessions/latest/transcript',
    '/mail/m_1',
    '/mail/x',
    '/cid/m_1.1.x',
    '/.env',
    '/assets/none.js',
  ])
    expect(await errorOf(await fetch(http.url + path)), path).toMatchObject({
      status: 404,
      code: 'not_found',
    });
  expect((await fetch(`${http.url}/api/messages/m_1`, { method: 'DELETE' })).status).toBe(404);
});

test('a fault of our own is answered 500 and tells nothing', async () => {
  await using http = await startTestHttp();
  const logged: unknown[] = [];
  http.fake.store.listMessages = () => Promise.reject(new Error('secret path /var/x'));
  http.fake.log.error = (...all) => void logged.push(...all);
  const answer = await fetch(`${http.url}/api/messages`);
  const text = await answer.text();
  expect([answer.status, text.includes('secret')]).toEqual([500, false]);
  expect(String(logged[1])).toContain('secret path');
});

test('the raw message is served byte for byte and is not sent twice', async () => {
  await using http = await startTestHttp();
  const bytes = Buffer.concat([Buffer.from('Subject: x\r\n\r\n'), Buffer.from([0, 255, 10, 13, 46])]);
  http.fake.addMessage('m_1', bytes);
  const answer = await fetch(`${http.url}/api/messages/latest/raw`);
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
  expect(answer.headers.get('content-type')).toBe('message/rfc822');
  expect(answer.headers.get('content-length')).toBe(String(bytes.length));
  expect(answer.headers.get('content-security-policy')).toContain('sandbox');
  const etag = answer.headers.get('etag')!;
  const again = (known: string) =>
    fetch(`${http.url}/api/messages/m_1/raw`, { headers: { 'If-None-Match': known } });
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const answered = await again(known);
    expect([known, answered.status, await answered.text()]).toEqual([known, 304, '']);
  }
  expect((await again('"other"')).status).toBe(200);
  const download = await fetch(`${http.url}/api/messages/m_1/raw?download=true`, { method: 'HEAD' });
  expect(download.headers.get('content-disposition')).toBe('attachment; filename="m_1.eml"');
  expect(await download.text()).toBe('');
});

test('a part is a download, unless its bytes are those of an image', async () => {
  await using http = await startTestHttp();
  const raw = '<script>x</script>\x89PNG....';
  http.fake.addMessage('m_1', Buffer.from(raw, 'latin1'), {
    structure: partOf({
      path: '0',
      contentType: 'multipart/mixed',
      children: [
        partOf({ path: '1', contentType: 'text/html', filename: 'a\r\nX: 1.html', bodyLength: 18 }),
        partOf({ path: '2', contentType: 'text/html', bodyOffset: 18, bodyLength: 8 }),
      ],
    }),
  });
  const page = await fetch(`${http.url}/api/messages/m_1/parts/1`);
  expect(await page.text()).toBe('<script>x</script>');
  expect(page.headers.get('content-type')).toBe('application/octet-stream');
  expect(page.headers.get('content-disposition')).toMatch(/^attachment; filename="[^"]*"$/);
  expect(page.headers.get('content-security-policy')).toContain('sandbox');
  const image = await fetch(`${http.url}/api/messages/m_1/parts/2`);
  expect(image.headers.get('content-type')).toBe('image/png');
  expect(image.headers.get('content-disposition')).toMatch(/^inline/);
  expect((await fetch(`${http.url}/api/messages/m_1/parts/3`)).status).toBe(404);
  http.fake.addMessage('m_2', 'x', { parse: 'pending', structure: null });
  expect(await errorOf(await fetch(`${http.url}/api/messages/m_2/parts/1`))).toMatchObject({
    status: 503,
    code: 'unavailable',
  });
});

test('messages are marked, deleted and listed as asked', async () => {
  await using http = await startTestHttp();
  for (const id of ['m_1', 'm_2', 'm_3']) http.fake.addMessage(id, 'x');
  const change = await fetch(`${http.url}/api/messages/m_1`, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/json' },
    body: '{"read":true}',
  });
  expect(await change.json()).toMatchObject({ id: 'm_1', read: true });
  expect(await (await post(http, '/api/messages/update', '{"all":true,"pinned":true}')).json()).toEqual({
    count: 3,
  });
  expect(await (await fetch(`${http.url}/api/messages/m_3`, { method: 'DELETE' })).json()).toEqual({
    count: 1,
  });
  const first = (await (await fetch(`${http.url}/api/messages?limit=1`)).json()) as {
    items: { id: string }[];
    nextCursor: string;
  };
  expect(first).toMatchObject({ items: [{ id: 'm_2' }] });
  const second = await (await fetch(`${http.url}/api/messages?limit=1&cursor=${first.nextCursor}`)).json();
  expect(second).toMatchObject({ items: [{ id: 'm_1' }], nextCursor: null });
  expect(await (await fetch(`${http.url}/api/ca.pem`)).text()).toContain('BEGIN CERTIFICATE');
  expect(await (await fetch(`${http.url}/api/ready`)).json()).toEqual({ ready: true });
});

test('detail waits for the parse of its message', async () => {
  await using http = await startTestHttp();
  http.fake.addMessage('m_1', 'x', { parse: 'pending' });
  http.fake.settled = async (id) =>
    void Object.assign(http.fake.messages.get(id)!.message, { parse: 'parsed' });
  await using again = await startTestHttp({}, http.fake);
  expect(await (await fetch(`${again.url}/api/messages/m_1`)).json()).toMatchObject({ parse: 'parsed' });
});
