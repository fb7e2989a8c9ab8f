import { expect, test } from 'vitest';
import { errorBody } from '../../shared/error-body.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { createRandom } from './random.ts';
import { randomJunk, randomQuery } from './random-queries.ts';
import { cpuNow } from '../support/cpu-time.ts';

/** Sends one message by hand and returns its id. */
async function send(
  sandbox: TestSandbox,
  subject: string,
  more: { rcpt?: string; body?: string } = {},
): Promise<string> {
  await using wire = await sandbox.wire();
  await wire.hello('web-1.test');
  const head = `From: Ann <ann@a.test>\r\nTo: Bob <bob@b.test>\r\nSubject: ${subject}\r\nX-Order: 4711\r\n`;
  await wire.mail(`${head}\r\n${more.body ?? 'Hello Bob'}\r\n`, 'ann@a.test', [more.rcpt ?? 'bob@b.test']);
  await wire.say('QUIT');
  const [newest] = (await sandbox.client.listMessages({ query: { limit: 1 } })).items;
  return newest!.id;
}

const subjects = async ({ client }: TestSandbox, query: string): Promise<string[]> =>
  (await client.listMessages({ query: { query } })).items.map(({ subject }) => subject);

async function errorOf(response: Response) {
  return { status: response.status, ...errorBody.parse(await response.json()).error };
}

test('what a client was told is stored is found at once, and by its text once it is parsed', async () => {
  await using sandbox = await startTestSandbox();
  const id = await send(sandbox, 'Reset your password', { rcpt: 'hidden@b.test' });
  expect(await subjects(sandbox, 'reset from:ann rcpt:hidden bcc:hidden client:web-1 tls:none')).toHaveLength(
    1,
  );
  await sandbox.client.readMessage({ params: { id } });
  expect(await subjects(sandbox, '"hello bob" header.x-order:471 has:text -has:html body:LLO')).toHaveLength(
    1,
  );
  expect(await subjects(sandbox, 'welcome')).toEqual([]);
  expect(await subjects(sandbox, ' ')).toHaveLength(1);
});

test('a wrong query is refused with its place, a sentence and a hint', async () => {
  await using sandbox = await startTestSandbox();
  for (const [path, start, end] of [
    ['/api/messages?query=reset%20form:ann', 6, 11],
    ['/api/messages?query=(a', 0, 1],
    ['/api/sessions?query=subject:x', 0, 8],
    [`/api/messages?query=${'a'.repeat(5000)}`, 4096, 5000],
  ] as const) {
    const error = await errorOf(await fetch(sandbox.url + path));
    expect(error).toMatchObject({ status: 400, code: 'invalid_request', details: { start, end } });
    expect(error.message).toMatch(/\.$/);
    expect(error.hint).toMatch(/\.$/);
  }
});

test('all that match are marked, tagged, deleted and restored in one call', async () => {
  await using sandbox = await startTestSandbox();
  const { client } = sandbox;
  for (const subject of ['order 1', 'other', 'order 2']) await send(sandbox, subject);
  const body = { query: 'order is:unread', read: true, addTags: ['shop'] };
  expect(await client.updateMessages({ body })).toEqual({ count: 2 });
  expect(await subjects(sandbox, 'tag:SHOP is:read')).toEqual(['order 2', 'order 1']);
  expect(await client.updateMessages({ body: { query: 'tag:shop', removeTags: ['shop'] } })).toEqual({
    count: 2,
  });
  expect(await client.deleteMessages({ body: { query: 'order' } })).toEqual({ count: 2 });
  expect(await subjects(sandbox, 'order OR other')).toEqual(['other']);
  expect(await client.restoreMessages({ body: { query: 'subject:"order 1"' } })).toEqual({ count: 1 });
  expect(await subjects(sandbox, 'order')).toEqual(['order 1']);
  const { items } = await client.listEvents({ query: { limit: 1000 } });
  expect(items.filter(({ type }) => type === 'messages:changed').map(({ payload }) => payload)).toEqual([
    { ids: [expect.any(String), expect.any(String)], read: true, addTags: ['shop'] },
    { ids: [expect.any(String), expect.any(String)], removeTags: ['shop'] },
  ]);
});

test('a change by a wrong or an empty query changes nothing', async () => {
  await using sandbox = await startTestSandbox();
  await send(sandbox, 'stays');
  for (const query of ['', ' ', 'form:ann', '(']) {
    const response = await fetch(`${sandbox.url}/api/messages/delete`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    expect(await errorOf(response), query).toMatchObject({ status: 400, code: 'invalid_request' });
  }
  expect(await subjects(sandbox, 'stays')).toHaveLength(1);
});

test('one message gets tags, and hostile tags are refused', async () => {
  await using sandbox = await startTestSandbox();
  const { client } = sandbox;
  const params = { id: await send(sandbox, 'a') };
  expect(await client.changeMessage({ params, body: { tags: ['b', ' checkout ', 'a"b'] } })).toMatchObject({
    tags: ['a"b', 'b', 'checkout'],
  });
  expect((await client.readMessage({ params })).tags).toEqual(['a"b', 'b', 'checkout']);
  for (const tags of [
    [''],
    ['a\nb'],
    ['x'.repeat(65)],
    ['\ud800'],
    Array.from({ length: 101 }, (_, n) => `t${n}`),
  ])
    await expect(
      client.changeMessage({ params, body: { tags } }),
      JSON.stringify(tags),
    ).rejects.toMatchObject({ code: 'invalid_request' });
});

test('sessions are found, also while they run', async () => {
  await using sandbox = await startTestSandbox();
  const { client } = sandbox;
  await send(sandbox, 'a');
  await sandbox.closedSession();
  await using wire = await sandbox.wire();
  await wire.hello('app-2.test');
  await wire.say('NONSENSE');
  const found = async (query: string): Promise<(string | null)[]> =>
    (await client.listSessions({ query: { query } })).items.map(({ clientName }) => clientName);
  expect(await found('is:open')).toEqual(['app-2.test']);
  expect(await found('is:closed outcome:captured from:ann rcpt:bob')).toEqual(['web-1.test']);
  expect(await found('app-2 code:500 OR web-1 code:354')).toEqual(['app-2.test', 'web-1.test']);
  expect(await found('code:354')).toEqual(['web-1.test']);
  expect(await found('peer:127.0.0.1 listener:smtp tls:none -has:auth')).toHaveLength(2);
  expect(await found('peer:10.')).toEqual([]);
  await wire.say('QUIT');
});

test(
  'whatever is asked over HTTP, the answer is a list or a place, and comes in time',
  { timeout: 60_000 },
  async () => {
    await using sandbox = await startTestSandbox();
    const id = await send(sandbox, 'a');
    await sandbox.client.readMessage({ params: { id } });
    const random = createRandom(11);
    for (let n = 0; n < 400; n += 1) {
      const scope = random.pick(['messages', 'sessions'] as const);
      const text = random.chance(0.5) ? randomJunk(random) : randomQuery(random, scope, ['s_1']);
      const started = cpuNow();
      const response = await fetch(`${sandbox.url}/api/${scope}?${new URLSearchParams({ query: text })}`);
      expect(cpuNow() - started, text).toBeLessThan(500);
      if (response.status === 200) continue;
      expect(await errorOf(response), text).toMatchObject({
        ...{ status: 400, code: 'invalid_request' },
        details: { start: expect.any(Number), end: expect.any(Number) },
      });
    }
  },
);
