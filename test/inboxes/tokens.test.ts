// What a token may do and see: its own inbox, and of all calls only those that know inboxes.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import { expect, test } from 'vitest';
import { connect } from '../../shared/client/client.ts';
import { routes } from '../../shared/routes.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { sendMail } from './conversation.ts';

const withPart = [
  'MIME-Version: 1.0',
  'Content-Type: multipart/related; boundary=b',
  '',
  '--b',
  'Content-Type: text/html',
  '',
  '<img src="cid:pic">',
  '--b',
  'Content-Type: image/gif',
  'Content-ID: <pic>',
  'Content-Transfer-Encoding: base64',
  '',
  'R0lGODlhAQABAAAAACw=',
  '--b--',
  '',
].join('\r\n');

interface Two {
  sandbox: TestSandbox;
  mine: string;
  theirs: string;
  token: string;
}

async function startWithTwo(): Promise<Two> {
  const sandbox = await startTestSandbox();
  const made = [];
  for (const name of ['mine', 'theirs'])
    made.push(
      await sandbox.client.createInbox({
        body: { name, rules: [{ domain: `${name}.test` }], token: 'write' },
      }),
    );
  const ids = [];
  for (const name of ['mine', 'theirs']) {
    await using wire = await sandbox.wire();
    await wire.hello();
    ids.push(/queued as (\S+)/.exec(await wire.mail(withPart, undefined, [`x@${name}.test`]))![1]!);
    await wire.quit();
  }
  await sandbox.closedSessions(2);
  return { sandbox, mine: ids[0]!, theirs: ids[1]!, token: made[0]!.token! };
}

test('a token sees and changes nothing of another inbox, by any call', async () => {
  const { sandbox, mine, theirs, token } = await startWithTwo();
  await using _ = sandbox;
  const { client } = sandbox;
  const own = connect(sandbox.url, { token });
  const foreignSession = (await client.readMessage({ params: { id: theirs } })).sessionId!;
  const gone = { code: 'not_found' };
  const params = { id: theirs };
  await expect(own.readMessage({ params })).rejects.toMatchObject(gone);
  await expect(own.readRaw({ params })).rejects.toMatchObject(gone);
  await expect(own.readPart({ params: { ...params, part: '1' } })).rejects.toMatchObject(gone);
  await expect(own.changeMessage({ params, body: { read: true } })).rejects.toMatchObject(gone);
  await expect(own.deleteMessage({ params })).rejects.toMatchObject(gone);
  await expect(own.readSession({ params: { id: foreignSession } })).rejects.toMatchObject(gone);
  await expect(own.readTranscript({ params: { id: foreignSession } })).rejects.toMatchObject(gone);
  await expect(own.deleteSession({ params: { id: foreignSession } })).rejects.toMatchObject(gone);
  const ids = [theirs];
  expect(await own.updateMessages({ body: { ids, read: true, tags: ['x'] } })).toEqual({ count: 0 });
  expect(await own.updateMessages({ body: { query: 'rcpt:theirs', read: true } })).toEqual({ count: 0 });
  expect(await own.deleteMessages({ body: { ids, purge: true } })).toEqual({ count: 0 });
  expect(await own.deleteMessages({ body: { query: 'rcpt:theirs' } })).toEqual({ count: 0 });
  expect(await own.deleteSessions({ body: { ids: [foreignSession] } })).toEqual({ count: 0 });
  await client.deleteMessage({ params });
  expect(await own.restoreMessages({ body: { ids } })).toEqual({ count: 0 });
  expect(await own.restoreMessages({ body: { all: true } })).toEqual({ count: 0 });
  await client.restoreMessages({ body: { ids } });
  expect((await own.listMessages({ query: { query: 'rcpt:theirs OR rcpt:mine' } })).items).toHaveLength(1);
  expect((await own.listSessions({ query: { query: 'rcpt:theirs' } })).items).toEqual([]);
  expect((await own.readMessage({ params: { id: 'latest' } })).id).toBe(mine);
  expect(await own.readStatus()).toMatchObject({ messages: 1, unread: 1, sessions: 1, openSessions: 0 });
  expect((await own.listInboxes()).items.map(({ name }) => name)).toEqual(['mine']);
  expect(JSON.stringify(await own.listEvents({ query: { limit: 1000 } }))).not.toMatch(
    new RegExp(`theirs|${theirs}|${foreignSession}`),
  );
  await own.deleteMessages({ body: { all: true, purge: true } });
  await own.deleteSessions({ body: { all: true } });
  expect((await client.readMessage({ params })).read).toBe(false);
  expect((await client.readSession({ params: { id: foreignSession } })).id).toBe(foreignSession);

  const refused = { code: 'not_allowed', message: expect.stringContaining('mine alone') };
  await expect(own.listMessages({ query: { inbox: 'theirs' } })).rejects.toMatchObject(refused);
  await expect(own.listMessages({ query: { inbox: 'default' } })).rejects.toMatchObject(refused);
  await expect(own.listMessages({ query: { inbox: 'nowhere' } })).rejects.toMatchObject(refused);
  for (const name of ['theirs', 'nowhere']) {
    await expect(own.readInbox({ params: { name } })).rejects.toMatchObject(refused);
    await expect(own.deleteInbox({ params: { name } })).rejects.toMatchObject(refused);
  }
  await expect(own.createInbox({ body: {} })).rejects.toMatchObject({ code: 'not_allowed' });
  await expect(
    own.changeInbox({ params: { name: 'mine' }, body: { rules: [{ pattern: '' }] } }),
  ).rejects.toMatchObject({ code: 'not_allowed' });
  await expect(own.sendSample({ body: {} })).rejects.toMatchObject({ code: 'not_allowed' });
  expect(await own.deleteInbox({ params: { name: 'mine' } })).toEqual({ count: 0 });
  await expect(own.readStatus()).rejects.toMatchObject({ code: 'unauthorized' });
});

test('the page of a mail and its pictures are those of the inbox', async () => {
  const { sandbox, mine, theirs, token } = await startWithTwo();
  await using _ = sandbox;
  const get = (path: string, headers = { Authorization: `Bearer ${token}` }) =>
    fetch(sandbox.url + path, { headers });
  expect((await get(`/mail/${theirs}`)).status).toBe(404);
  expect((await get(`/mail/${mine}?inbox=theirs`)).status).toBe(403);
  const page = await (await get(`/mail/${mine}`)).text();
  const picture = /\/cid\/[^"]+/.exec(page)![0];
  expect(picture).toContain('~mine~');
  expect((await fetch(sandbox.url + picture)).status).toBe(200);
  expect((await fetch(sandbox.url + picture.replace('mine', 'theirs'))).status).toBe(404);
  // A part for the sight of all is no part for the sight of one.
  expect((await fetch(sandbox.url + picture.replace('~mine~', ''))).status).toBe(404);
  await sandbox.client.deleteMessages({ body: { ids: [mine] } });
  expect((await fetch(sandbox.url + picture)).status).toBe(404);
});

test('a read token reads, and every change is refused with 403', async () => {
  await using sandbox = await startTestSandbox();
  await sandbox.client.createInbox({ body: { name: 'a' } });
  const { token, id } = await sandbox.client.createInboxToken({
    params: { name: 'a' },
    body: { scope: 'read', label: 'CI' },
  });
  const reader = connect(sandbox.url, { token });
  expect((await reader.listMessages()).items).toEqual([]);
  for (const [name, { method, path }] of Object.entries(routes)) {
    const url =
      sandbox.url +
      path.replace(':name', 'a').replace(/:\w+/g, 'm_1') +
      (path.endsWith('/wait') ? '?timeout=1' : '');
    const response = await fetch(url, {
      method,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      ...(method === 'POST' || method === 'PATCH' ? { body: '{"all":true}' } : {}),
    });
    // An expectation and the meaning of an error change nothing, and anyone may log in and out.
    if (method !== 'GET' && !['checkExpectation', 'explainError', 'logIn', 'logOut'].includes(name))
      expect([name, response.status]).toEqual([name, 403]);
    else expect([200, 400, 403, 404], name).toContain(response.status);
  }
  expect((await sandbox.client.listInboxTokens({ params: { name: 'a' } })).items).toMatchObject([
    { id, scope: 'read', label: 'CI', inbox: 'a' },
  ]);
  await sandbox.client.deleteInboxToken({ params: { name: 'a', id } });
  await expect(reader.listMessages()).rejects.toMatchObject({ code: 'unauthorized' });
  await expect(sandbox.client.deleteInboxToken({ params: { name: 'a', id } })).rejects.toMatchObject({
    code: 'not_found',
  });
});

test('a token that is given is checked, also where none is needed', async () => {
  await using sandbox = await startTestSandbox();
  const status = async (authorization: string) => {
    const response = await fetch(`${sandbox.url}/api/status`, { headers: { Authorization: authorization } });
    return [response.status, ((await response.json()) as { error?: { code: string } }).error?.code];
  };
  expect(await status('Bearer wrong')).toEqual([401, 'unauthorized']);
  expect(await status('bearer msk_wrong')).toEqual([401, 'unauthorized']);
  expect(await status(`Basic ${btoa('x:msk_wrong')}`)).toEqual([401, 'unauthorized']);
  // A password of some other tool that asked for one.
  expect(await status(`Basic ${btoa('admin:admin')}`)).toEqual([200, undefined]);
  expect(await status('Digest x')).toEqual([200, undefined]);
  const { token } = await sandbox.client.createInbox({ body: { token: 'read' } });
  expect(await status(`Basic ${btoa(`any:${token}`)}`)).toEqual([200, undefined]);
  const refused = await fetch(`${sandbox.url}/api/status`, { headers: { Authorization: 'Bearer x' } });
  expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer .*Basic /);
});

test('with --token nothing is answered without one, live neither', async () => {
  const [all, reading, ofInbox] = ['whole-0123456789', 'reads-0123456789', 'inbox-0123456789'];
  await using sandbox = await startTestSandbox({
    token: [all, `read:${reading}`],
    inbox: [`orders?domain=shop.example&token=${ofInbox}`],
  });
  for (const path of ['/api/status', '/api/messages', '/mail/latest', '/nothing', '/api/v1/messages'])
    expect([path, (await fetch(sandbox.url + path)).status]).toEqual([path, 401]);
  for (const path of ['/api/ready', '/api/ca.pem'])
    expect([path, (await fetch(sandbox.url + path)).status]).toEqual([path, 200]);
  const whole = connect(sandbox.url, { token: all });
  await sendMail(sandbox, { to: ['x@shop.example'] });
  await sendMail(sandbox);
  expect((await whole.listMessages()).items).toHaveLength(2);
  expect((await connect(sandbox.url, { token: ofInbox }).listMessages()).items).toHaveLength(1);
  const reader = connect(sandbox.url, { token: reading });
  expect((await reader.listMessages()).items).toHaveLength(2);
  await expect(reader.deleteMessages({ body: { all: true } })).rejects.toMatchObject({ code: 'not_allowed' });
  await expect(reader.createInbox({ body: {} })).rejects.toMatchObject({ code: 'not_allowed' });

  const answerOf = (auth: object, extraHeaders = {}, namespace = '/live') =>
    new Promise<string>((resolve) => {
      const socket = io(`${sandbox.url}${namespace}`, {
        auth,
        extraHeaders,
        transports: ['websocket'],
        reconnection: false,
        forceNew: true,
      });
      const say = (text: string) => {
        socket.disconnect();
        resolve(text);
      };
      socket.on('connect', () => say('welcome'));
      socket.on('connect_error', ({ message }) => say(message));
    });
  expect(await answerOf({})).toContain('only to who has a password or token');
  expect(await answerOf({ token: 'wrong' })).toContain('not known');
  expect(await answerOf({ token: all })).toBe('welcome');
  expect(await answerOf({ token: ofInbox, inbox: 'default' })).toContain('orders alone');
  expect(await answerOf({ token: ofInbox })).toBe('welcome');
  expect(await answerOf({}, { Authorization: `Bearer ${all}` })).toBe('welcome');
  // Other tools' live events know no inboxes.
  expect(await answerOf({}, {}, '/')).toContain('only to who has a password or token');
  expect(await answerOf({}, { Authorization: `Bearer ${ofInbox}` }, '/')).toContain('orders alone');
  expect(await answerOf({}, { Authorization: `Bearer ${all}` }, '/')).toBe('welcome');
});

test("other tools' calls know no inboxes: a token of one is refused there, and agents see only its inbox", async () => {
  const { sandbox, mine, theirs, token } = await startWithTwo();
  await using _ = sandbox;
  const headers = { Authorization: `Bearer ${token}` };
  for (const path of ['/api/v1/messages', '/api/v2/messages', '/email', '/messages', '/view/latest.html'])
    expect((await fetch(sandbox.url + path, { headers })).status, path).toBe(403);
  const answer = await fetch(`${sandbox.url}/mcp`, {
    method: 'POST',
    headers: {
      ...headers,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'list_messages', arguments: {} },
    }),
  });
  const text = await answer.text();
  expect(text).toContain(mine);
  expect(text).not.toContain(theirs);
});

test('of a token only a hash is kept, and it is good after a restart', async () => {
  const data = temporaryFolder();
  let token: string;
  {
    await using sandbox = await startTestSandbox({ data });
    const made = await sandbox.client.createInbox({
      body: { name: 'a', rules: [{ plus: 'a' }], token: 'read' },
    });
    token = made.token!;
    await sendMail(sandbox, { to: ['x+a@y.test'] });
  }
  const files = ['mailscope.db'].map((name) => readFileSync(join(data, name)).toString('latin1')).join('');
  expect(files).not.toContain(token);
  expect(files).toContain(createHash('sha256').update(token).digest('hex'));
  await using sandbox = await startTestSandbox({ data });
  const reader = connect(sandbox.url, { token });
  expect((await reader.listMessages()).items).toHaveLength(1);
  await sendMail(sandbox, { to: ['x+a@y.test'] });
  expect((await reader.listMessages()).items).toHaveLength(2);
});
