import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { connect } from '../../shared/client/client.ts';
import { formatTranscript } from '../../server/http/transcript-text.ts';
import { readFirstBytes } from '../../web/state/session-bytes.ts';
import { SessionChoice } from '../../web/state/session-choice.svelte.ts';
import { SessionComparison } from '../../web/state/session-comparison.svelte.ts';
import { SessionData } from '../../web/state/session-data.svelte.ts';
import { SessionExport } from '../../web/state/session-export.svelte.ts';
import { ClientGuess } from '../../web/state/session-guess.svelte.ts';
import { readSessionText } from '../../web/state/session-text.ts';
import { later } from './support/feed.ts';
import { makeLines } from './support/fixture-lines.ts';
import {
  capturedLines,
  capturedSession,
  failedTls,
  failedTlsSession,
  makeSession,
} from './support/fixture-sessions.ts';

const streamOf = (text: string): ReadableStream<Uint8Array> => new Response(text).body!;
const bytesOf = (text: string): string => Buffer.from(text).toString('base64');

test('of a long answer only as much is read as is shown', async () => {
  const wire = 'x'.repeat(300);
  const answer = JSON.stringify({ items: [{ text: 'say "base64":"no"', base64: bytesOf(wire) }] });
  const whole = await readFirstBytes(streamOf(answer), 300);
  expect([whole?.bytes.length, whole?.isCut]).toEqual([300, false]);
  const cut = await readFirstBytes(streamOf(answer), 30);
  expect([Buffer.from(cut!.bytes).toString(), cut?.isCut]).toEqual(['x'.repeat(30), true]);
  expect(await readFirstBytes(streamOf('{"items":[]}'), 30)).toBeNull();
});

test('bytes are loaded for the line that is unfolded, and go with the session', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const isLost = request.url?.includes('cursor=9');
    response.end(
      JSON.stringify({ items: [isLost ? { n: 9, lost: true } : { base64: bytesOf('Hi\r\n.\r\n') }] }),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  try {
    const data = new SessionData(connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
    data.open('s_1');
    await data.unfold(33);
    expect(asked).toEqual(['/api/sessions/s_1/transcript?data=full&limit=1&cursor=33']);
    expect(Buffer.from(data.byLine.get(33)!.bytes).toString()).toBe('Hi\r\n.\r\n');
    await data.unfold(33);
    expect(asked.length).toBe(1);
    await data.unfold(9);
    expect(data.byLine.get(9)).toMatchObject({ state: 'failed', problem: 'These bytes were not kept.' });
    data.fold(33);
    expect(data.byLine.has(33)).toBe(false);
    data.open('s_2');
    expect(data.byLine.size).toBe(0);
  } finally {
    server.close();
  }
});

test('sessions to choose from are found by the server, and a late answer of an old search is dropped', async () => {
  const asked: (string | undefined)[] = [];
  const slow = later<{ items: ReturnType<typeof makeSession>[]; nextCursor: null }>();
  const choice = new SessionChoice({
    listSessions: (input) => {
      asked.push(input?.query?.query);
      if (input?.query?.query === 'outcome:refused') return slow.promise;
      return Promise.resolve({ items: [makeSession(asked.length)], nextCursor: null });
    },
  });
  await expect.poll(() => choice.items.length).toBe(1);
  choice.narrow({ text: '', outcome: 'refused' });
  await expect.poll(() => asked.length).toBe(2);
  choice.narrow({ text: 'tls:1.2', outcome: 'captured' });
  await expect.poll(() => choice.items[0]?.id).toBe(makeSession(3).id);
  slow.give({ items: [], nextCursor: null });
  await slow.promise;
  expect(choice.items.length).toBe(1);
  expect(asked).toEqual([undefined, 'outcome:refused', 'tls:1.2 outcome:captured']);
});

test('two sessions are loaded whole and compared by facts and by lines', async () => {
  const recorded = {
    s_captured: [capturedSession, capturedLines],
    s_tls: [failedTlsSession, failedTls],
  } as const;
  const comparison = new SessionComparison({
    readSession: async ({ params }) => recorded[params.id as keyof typeof recorded][0],
    readTranscript: async ({ params, query }) => {
      const all = recorded[params.id as keyof typeof recorded][1];
      const from = Number(query?.cursor ?? 0);
      const items = all.slice(from, from + 10);
      const end = from + items.length;
      return { sessionId: params.id, items, chunks: [], nextCursor: end < all.length ? String(end) : null };
    },
  });
  comparison.open('s_captured', 's_tls');
  await expect.poll(() => comparison.result).not.toBeNull();
  expect(comparison.result?.differences[0]).toMatchObject({ fact: 'outcome' });
  expect(comparison.left?.lines.length).toBe(capturedLines.length);
  const before = comparison.result;
  comparison.setIgnore({ hosts: false });
  await expect.poll(() => comparison.result === before).toBe(false);
});

test('an export has the bytes that no message holds, and the text of every page', async () => {
  const lines = failedTls.map((line) => (line.n === 1 ? { ...line, kind: 'raw' as const } : line));
  const exported = new SessionExport({
    readTranscript: async ({ query }) => ({
      sessionId: 's',
      items: [{ ...lines[Number(query?.cursor)]!, base64: 'SGk=' }],
      chunks: [],
      nextCursor: null,
    }),
    readTranscriptText: async () => 'Session s\n',
  });
  await exported.open(makeSession(1, { lines: lines.length }), lines);
  expect(exported.lines?.[1]?.base64).toBe('SGk=');
  expect(exported.lines?.[0]?.base64).toBeUndefined();
  expect(exported.text).toBe('Session s\n');
});

test('what comes while an export is read is read once behind it, and another session does not wait for it', async () => {
  const asked: string[] = [];
  const answers = [later<string>(), later<string>()];
  const exported = new SessionExport({
    readTranscript: () => Promise.reject(new Error('no bytes are missing')),
    readTranscriptText: async ({ params }) => {
      asked.push(params.id);
      return (await answers[asked.length - 1]?.promise) ?? `Session ${params.id}\n`;
    },
  });
  const lines = makeLines([
    ['S', 1, '220 mailscope'],
    ['C', 2, 'NOOP'],
  ]);
  const one = makeSession(1, { id: 's_one', lines: 2 });
  const first = exported.open(one, []);
  for (const n of [1, 2]) void exported.open(one, lines.slice(0, n));
  expect(asked).toEqual(['s_one']);
  answers[0]!.give('Session s_one, so far\n');
  await expect.poll(() => asked).toEqual(['s_one', 's_one']);
  expect(exported.text).toBe('Session s_one, so far\n');
  await exported.open(makeSession(2, { id: 's_two', lines: 2 }), lines);
  expect(exported.text).toBe('Session s_two\n');
  answers[1]!.give('Session s_one\n');
  await first;
  expect(asked).toEqual(['s_one', 's_one', 's_two']);
  expect(exported.text).toBe('Session s_two\n');
});

test('the export of one session does not stand under the name of another while that is read', async () => {
  const slow = later<string>();
  const exported = new SessionExport({
    readTranscript: () => Promise.reject(new Error('no bytes are missing')),
    readTranscriptText: ({ params }) =>
      params.id === 's_one' ? Promise.resolve('Session s_one\n') : slow.promise,
  });
  await exported.open(makeSession(1, { id: 's_one', lines: 1 }), []);
  expect(exported.text).toBe('Session s_one\n');
  const second = exported.open(makeSession(2, { id: 's_two', lines: 1 }), []);
  expect(exported.text).toBeNull();
  slow.give('Session s_two\n');
  await second;
  expect(exported.text).toBe('Session s_two\n');
});

test('the text of a long session reads as one, though it is fetched in pages', async () => {
  const lines = makeLines(
    Array.from({ length: 12_000 }, (_, n) => ['C', n, `NOOP ${n}`, { phase: n < 7000 ? 'plain' : 'quit' }]),
  );
  const session = makeSession(1, { lines: lines.length });
  const text = await readSessionText(
    {
      readTranscriptText: async ({ query }) => {
        const from = Number(query?.cursor ?? 0);
        const end = from + Number(query?.limit ?? 1000);
        return formatTranscript(session, lines.slice(from, end), end < lines.length ? `${end}` : null);
      },
    },
    session,
  );
  expect(text).toBe(formatTranscript(session, lines, null));
});

test('a message that is gone does not keep the client from being guessed', async () => {
  const guess = new ClientGuess({ readMessage: () => Promise.reject(new Error('gone')) });
  await guess.read(capturedSession, capturedLines);
  expect(guess.ready).toBe(true);
  guess.clear();
  expect(guess.ready).toBe(false);
});
