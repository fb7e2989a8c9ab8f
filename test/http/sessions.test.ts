import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bdatChunk, rebuildWire } from '../../server/wire-bytes.ts';
import type { TranscriptLine } from '../../shared/transcript.ts';
import type { Fake } from './fake-parts.ts';
import { packDots } from '../support/pack-dots.ts';
import { lineOf, sessionOf } from '../support/records.ts';
import { startTestHttp } from './support.ts';

const addSession = (fake: Fake, id: string, n: number, lines: TranscriptLine[] = []): void =>
  void fake.sessions.set(id, { session: sessionOf(id, n), lines, chunks: [], blobs: new Map() });
const addRunning = (fake: Fake, id: string, n: number, lines: TranscriptLine[] = []): void =>
  void fake.open.set(id, {
    session: sessionOf(id, n, { outcome: 'open' }),
    lines,
    chunks: [],
    codes: lines.flatMap(({ code }) => code ?? []),
    blob: () => undefined,
  });
const json = async <T>(url: string): Promise<T> => (await (await fetch(url)).json()) as T;

test('sessions are listed newest first, running ones included and none twice', async () => {
  await using http = await startTestHttp();
  for (let n = 1; n <= 6; n++) addSession(http.fake, `s_${n}`, n);
  addRunning(http.fake, 's_6', 6);
  addRunning(http.fake, 's_8', 8);
  addRunning(http.fake, 's_7', 7);
  for (const limit of [1, 2, 3, 4, 20]) {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { items: { id: string; outcome: string }[]; nextCursor: string | null } = await json(
        `${http.url}/api/sessions?limit=${limit}${cursor && `&cursor=${cursor}`}`,
      );
      expect(page.items.length).toBeLessThanOrEqual(limit);
      seen.push(...page.items.map(({ id, outcome }) => `${id} ${outcome}`));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual([
      's_8 open',
      's_7 open',
      's_6 open',
      's_5 captured',
      's_4 captured',
      's_3 captured',
      's_2 captured',
      's_1 captured',
    ]);
  }
  expect(await json(`${http.url}/api/sessions/latest`)).toMatchObject({ id: 's_8', outcome: 'open' });
});

test('a running session can be read but not deleted', async () => {
  await using http = await startTestHttp();
  addRunning(http.fake, 's_1', 1, [lineOf(0)]);
  addSession(http.fake, 's_2', 2);
  const remove = (path: string, init: RequestInit): Promise<Response> =>
    fetch(`${http.url}/api/sessions${path}`, init);
  expect((await remove('/s_1', { method: 'DELETE' })).status).toBe(409);
  const some = {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"ids":["s_1","s_2"]}',
  };
  expect(await (await remove('/delete', some)).json()).toEqual({ count: 1 });
  expect(await json(`${http.url}/api/sessions/s_1/transcript`)).toMatchObject({
    sessionId: 's_1',
    items: [{ n: 0 }],
    nextCursor: null,
  });
});

test('a transcript is paged, with the chunks that its lines name', async () => {
  await using http = await startTestHttp();
  const lines = Array.from({ length: 5 }, (_, n) => lineOf(n, { chunk: n * 2, chunks: 2 }));
  const chunks = Array.from({ length: 10 }, (_, n) => ({
    n,
    atUs: n,
    from: 'client' as const,
    bytes: 1,
    secure: false,
  }));
  http.fake.open.set('s_1', {
    session: sessionOf('s_1', 1),
    lines,
    chunks,
    codes: [],
    blob: () => undefined,
  });
  const first = await json(`${http.url}/api/sessions/s_1/transcript?limit=2`);
  expect(first).toMatchObject({ items: [{ n: 0 }, { n: 1 }], nextCursor: '2' });
  const last = await json<{ chunks: { n: number }[] }>(
    `${http.url}/api/sessions/s_1/transcript?limit=2&cursor=4`,
  );
  expect(last).toMatchObject({ items: [{ n: 4 }], nextCursor: null });
  expect(last.chunks.map(({ n }) => n)).toEqual([8, 9]);
});

const dataSession: TranscriptLine[] = [
  lineOf(0, { from: 'server', kind: 'reply', text: '220 mailscope ESMTP', code: 220, atUs: 512 }),
  lineOf(1, { text: 'AUTH PLAIN ***', masked: true, kind: 'auth', atUs: 1204 }),
  lineOf(2, { text: 'RCPT TO:<b@x.test>', pipelined: true, chunks: 3, phase: 'transaction 1', secure: true }),
  lineOf(3, {
    kind: 'data',
    text: '',
    eol: '',
    bytes: 12,
    messageId: 'm_1',
    phase: 'transaction 1',
    secure: true,
  }),
  lineOf(4, {
    from: null,
    kind: 'event',
    text: 'stored \u009b2J',
    phase: 'transaction 1',
    secure: true,
    bytes: 0,
    eol: '',
  }),
  lineOf(5, { text: 'QUIT', eol: 'LF', phase: 'quit' }),
];

test('an IPv6 address is told from its port in the transcript as text', async () => {
  await using http = await startTestHttp();
  const peer = { address: '2001:db8::1', port: 4242 };
  const session = sessionOf('s_1', 1, { peer, local: { address: '::1', port: 1025 } });
  http.fake.sessions.set('s_1', { session, lines: [], chunks: [], blobs: new Map() });
  const text = await (await fetch(`${http.url}/api/sessions/s_1/transcript?format=text`)).text();
  expect(text).toMatch(/^Session s_1: \[2001:db8::1\]:4242 to \[::1\]:1025 \(/);
});

test('a port that XCLIENT did not tell is left out of the transcript as text', async () => {
  await using http = await startTestHttp();
  const session = sessionOf('s_1', 1, { peer: { address: '192.0.2.9', port: 0 } });
  http.fake.sessions.set('s_1', { session, lines: [], chunks: [], blobs: new Map() });
  const text = await (await fetch(`${http.url}/api/sessions/s_1/transcript?format=text`)).text();
  expect(text).toMatch(/^Session s_1: 192\.0\.2\.9 to /);
});

test('a transcript is readable as text', async () => {
  await using http = await startTestHttp();
  addSession(http.fake, 's_1', 1, dataSession);
  const answer = await fetch(`${http.url}/api/sessions/s_1/transcript?format=text`);
  expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect((await answer.text()).split('\n').slice(2)).toEqual([
    '              ---- plain ----',
    '       0.512  S: <- 220 mailscope ESMTP',
    '       1.204  C: -> AUTH PLAIN ***   {masked}',
    '              ---- transaction 1, inside TLS ----',
    '       2.000  C: -> RCPT TO:<b@x.test>   {pipelined, in 3 chunks}',
    '       3.000  C: -> (message, 12 bytes, m_1)',
    '       4.000        [stored \\x9b2J]',
    '              ---- quit ----',
    '       5.000  C: -> QUIT   {ends in LF}',
    '',
  ]);
  const part = await (await fetch(`${http.url}/api/sessions/s_1/transcript?format=text&limit=1`)).text();
  expect(part.trimEnd().split('\n').at(-1)).toBe('... more lines: add cursor=1');
});

test('data=full gives the bytes of the wire, with the dots and the end', async () => {
  await using http = await startTestHttp();
  addSession(http.fake, 's_1', 1, dataSession);
  http.fake.addMessage('m_1', 'a\r\n.b\r\n', {}, { dots: packDots([3]), bdat: null });
  const { items } = await json<{ items: TranscriptLine[] }>(
    `${http.url}/api/sessions/s_1/transcript?data=full`,
  );
  expect(Buffer.from(items[3]!.base64!, 'base64').toString()).toBe('a\r\n..b\r\n.\r\n');
  const text = await (await fetch(`${http.url}/api/sessions/s_1/transcript?format=text&data=full`)).text();
  expect(text).toContain('|  a\n              |  ..b\n              |  .\n');
  http.fake.messages.clear();
  const gone = await json<{ items: TranscriptLine[] }>(`${http.url}/api/sessions/s_1/transcript?data=full`);
  expect(gone.items[3]).toMatchObject({ lost: true });
});

test('data=full gives each BDAT chunk on its own line, and kept bytes of what was refused', async () => {
  await using http = await startTestHttp();
  const bdat = (n: number, bytes: number): TranscriptLine =>
    lineOf(n, { kind: 'data', text: '', eol: '', bytes, messageId: 'm_1' });
  addSession(http.fake, 's_1', 1, [
    lineOf(0, { text: 'BDAT 2' }),
    bdat(1, 2),
    lineOf(2, { text: 'BDAT 3 LAST' }),
    bdat(3, 3),
    lineOf(4, { kind: 'data', eol: '', bytes: 4 }),
  ]);
  http.fake.sessions.get('s_1')!.blobs.set(4, Buffer.from('kept'));
  http.fake.addMessage('m_1', 'abcde', {}, { dots: new Uint8Array(), bdat: [2, 3] });
  const { items } = await json<{ items: TranscriptLine[] }>(
    `${http.url}/api/sessions/s_1/transcript?data=full`,
  );
  const texts = items.flatMap(({ base64 }) =>
    base64 === undefined ? [] : [Buffer.from(base64, 'base64').toString()],
  );
  expect(texts).toEqual(['ab', 'cde', 'kept']);
  const text = await (await fetch(`${http.url}/api/sessions/s_1/transcript?format=text`)).text();
  expect(text.match(/\((?:chunk|message), .*?\)/g)).toEqual([
    '(chunk, 2 bytes, m_1)',
    '(chunk, 3 bytes, m_1)',
    '(message, 4 bytes)',
  ]);
});

test('the bytes of the wire come back from any body and its removed dots', () => {
  const wireLine = fc
    .array(fc.constantFrom('.', 'a', '\n', '\r', '\0', 'é'), { maxLength: 6 })
    .map((all) => all.join(''));
  fc.assert(
    fc.property(fc.array(wireLine, { maxLength: 12 }), (lines) => {
      // As a client writes it: each line's leading dot doubled, then the end of data.
      const stuffed = lines.map((line) => `${line.startsWith('.') ? '.' : ''}${line}\r\n`).join('');
      const dots: number[] = [];
      let body = '';
      for (const line of lines) {
        if (line.startsWith('.')) dots.push(Buffer.byteLength(body));
        body += `${line}\r\n`;
      }
      const wire = rebuildWire(Buffer.from(body), packDots(dots), null);
      expect(wire.toString()).toBe(`${stuffed}.\r\n`);
    }),
    { numRuns: 2000 },
  );
  expect(rebuildWire(Buffer.from('x'), Uint8Array.from([9, 0, 0]), null).length).toBeLessThan(12);
  expect(rebuildWire(Buffer.from('..'), new Uint8Array(), [1, 1]).toString()).toBe('..');
  expect(bdatChunk(Buffer.from('abc'), [1, 2], 5).length).toBe(0);
});
