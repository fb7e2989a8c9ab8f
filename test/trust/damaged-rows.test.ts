// One damaged row of JSON, which SQLite does not notice: all other rows are there, of it what can be had is shown, what is
// lost is said once, and no start is the worse for it.
import Database from 'better-sqlite3';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseSearch } from '../../shared/search/parse-search.ts';
import type { Query, SearchScope } from '../../shared/search/query.ts';
import {
  closedSession,
  sampleDerived,
  sampleLines,
  sampleMessage,
  samplePart,
  sampleSession,
  sampleTransaction,
} from '../store/samples.ts';
import { sampleFault } from '../store/suite-faults.ts';
import { openFolder, temporaryFolder } from '../store/temporary-folder.ts';

const count = 20;
/** The sixth, of which each test damages something. */
const seq = 6;
const text = '(this part of the record is damaged)';
const original = mkdtempSync(join(tmpdir(), 'mailscope-rows-'));
let messageId = '';
let sessionId = '';

beforeAll(async () => {
  const { store } = await openFolder(original);
  for (let n = 1; n <= count; n++) {
    const message = await sampleMessage(store, `subject ${String(n)}`);
    const transaction = sampleTransaction(1, { outcome: 'stored', messageId: message.id });
    const session = sampleSession({ messageIds: [message.id], messages: 1, transactions: [transaction] });
    const part = samplePart(session, { ...sampleLines(0, 20) });
    await store.saveMessage(message, part);
    await store.saveSession({ ...part, session: closedSession(session), lines: [], chunks: [] }, true);
    await store.saveDerived(message.id, sampleDerived({ subject: `subject ${String(n)}` }));
    if (n === seq) [messageId, sessionId] = [message.id, session.id];
  }
  await store.inboxes.saveInbox(
    { name: 'qa', sinceSeq: 0, ...{ source: 'api', rules: [] } },
    {
      ...{ name: 'qa', createdAt: '2026-01-01T00:00:00.000Z', expiresAt: null, source: 'api', user: null },
      ...{ rules: [], retention: { maxMessages: 0, maxAgeMs: 0 } },
    },
    'inbox:created',
  );
  for (const { told, ...fault } of ['f_1', 'f_2'].map(sampleFault))
    await store.faults.saveFault(fault, told, 'fault:created');
  await store.inboxes.saveInboxToken({ id: 't', inbox: 'qa', hash: 'hash' });
  await store[Symbol.asyncDispose]();
});
afterAll(() => rmSync(original, { recursive: true, force: true }));

function asked(scope: SearchScope, words: string): Query {
  const parsed = parseSearch(words, scope);
  if (!parsed.ok || parsed.query === null) throw new Error(words);
  return parsed.query;
}

type Opened = Awaited<ReturnType<typeof openFolder>>;

/** A copy of which one value begins with an X, to be indexed anew. */
function damagedCopy(table: string, column: string, which: string): string {
  const folder = temporaryFolder();
  cpSync(original, folder, { recursive: true });
  const db = new Database(join(folder, 'mailscope.db'));
  const { changes } = db
    .prepare(`UPDATE ${table} SET ${column} = 'X' || substr(${column}, 2) WHERE ${which}`)
    .run();
  expect(changes).toBe(1);
  db.exec('UPDATE message SET searched = 0; UPDATE session SET searched = 0');
  db.close();
  return folder;
}

/** All lists, and a search, have what they had; the notices are those of the damage alone. */
async function expectAllListed({ store, notices }: Opened, about: RegExp): Promise<void> {
  const { items: messages } = await store.listMessages({ limit: 100 });
  expect(messages.map(({ seq }) => seq)).toEqual(Array.from({ length: count }, (_, n) => count - n));
  expect((await store.listSessions({ limit: 100 })).items).toHaveLength(count);
  const query = asked('messages', 'subject:subject');
  const found = await store.listMessages({ limit: 100, query });
  expect(found.items).toHaveLength(count);
  expect(found.notSearched).toBeUndefined();
  const sessions = await store.listSessions({ limit: 100, query: asked('sessions', 'outcome:captured') });
  expect(sessions.items).toHaveLength(count);
  await store.findMessage(messageId);
  await store.findSession(sessionId);
  await store.findBody(messageId);
  expect(await store.readEvents(undefined, 500)).toMatchObject({ reset: false });
  expect(notices.filter((notice) => about.test(notice))).toHaveLength(1);
  expect(notices).toHaveLength(1);
}

/** Twice, since the first start may have written something. */
async function onEachStart(
  folder: string,
  about: RegExp,
  look: (store: Opened['store']) => Promise<void>,
): Promise<void> {
  for (let start = 0; start < 2; start++) {
    const opened = await openFolder(folder);
    await expectAllListed(opened, about);
    await look(opened.store);
    await opened.store[Symbol.asyncDispose]();
  }
}

describe('of a message', () => {
  const row = `seq = ${String(seq)}`;

  test.each([
    ['message', 'header_from', 'From', { from: [{ name: text, address: '' }] }],
    ['message', 'header_to', 'To', { to: [{ name: '', address: 'bob@b.test' }] }],
    ['message_detail', 'header_to', 'To', { from: [{ name: 'Ann', address: 'ann@a.test' }] }],
    [
      'message_detail',
      'headers',
      'the header',
      { headers: [], cc: [{ name: 'Carl', address: 'carl@c.test' }] },
    ],
    ['message_detail', 'facts', 'the list of parts', { cc: [], text: 'Hello Bob' }],
  ])(
    'a damaged %s.%s is said and shown in part, and the message is parsed again',
    async (table, column, part, shown) => {
      const folder = damagedCopy(table, column, row);
      const about = new RegExp(`${part} of message ${messageId} cannot be read\\. It is made anew from`);
      const { store, notices, ...rest } = await openFolder(folder);
      await expectAllListed({ store, notices, ...rest }, about);
      await expect.poll(() => rest.unparsed).toEqual([messageId]);
      expect(await store.findMessage(messageId)).toMatchObject(shown);
      await store[Symbol.asyncDispose]();

      const next = await openFolder(folder);
      expect(await next.store.listUnparsed(1, 100)).toEqual([messageId]);
      await next.store.saveDerived(messageId, sampleDerived());
      expect(await next.store.findMessage(messageId)).toMatchObject({
        ...{ from: sampleDerived().from, to: sampleDerived().to, cc: sampleDerived().cc },
        ...{ headers: sampleDerived().headers, problem: null },
      });
      await next.store[Symbol.asyncDispose]();

      const last = await openFolder(folder);
      await last.store.listMessages({ limit: 100 });
      expect(await last.store.listUnparsed(1, 100)).toEqual([]);
      expect(last.notices).toEqual([]);
      await last.store[Symbol.asyncDispose]();
    },
  );

  test('what is damaged of it stands in the message, whose source is whole', async () => {
    const { store } = await openFolder(damagedCopy('message_detail', 'headers', row));
    expect((await store.findMessage(messageId))?.problem).toMatch(
      /the header cannot be read\. Its source is as/,
    );
    expect(String(await (await store.findBody(messageId))!.bytes())).toContain('Subject: subject 6');
    await store[Symbol.asyncDispose]();
  });

  test('a damaged envelope is shown as far as the list has it', () =>
    onEachStart(damagedCopy('message', 'envelope', row), /the envelope of message/, async (store) => {
      const message = await store.findMessage(messageId);
      expect(message?.problem).toMatch(/the envelope cannot be read/);
      expect(message?.envelope).toMatchObject({
        from: { address: 'ann@a.test' },
        to: [{ address: 'bob@b.test' }],
      });
    }));

  test('a damaged list of recipients comes back from the envelope', async () => {
    const folder = damagedCopy('message', 'rcpt_to', row);
    const first = await openFolder(folder);
    await expectAllListed(first, /the list of recipients of message/);
    await first.store[Symbol.asyncDispose]();
    const { store } = await openFolder(folder);
    expect((await store.findMessage(messageId))?.rcptTo).toEqual(['bob@b.test']);
    await store[Symbol.asyncDispose]();
  });

  test('JSON of another shape keeps none but it from being found', async () => {
    const folder = damagedCopy('message', 'envelope', row);
    const db = new Database(join(folder, 'mailscope.db'));
    db.exec(`UPDATE message SET envelope = '{"from":1,"tn":[]}' WHERE ${row}`);
    db.close();
    const { store, notices } = await openFolder(folder);
    const found = await store.listMessages({ limit: 100, query: asked('messages', 'subject:subject') });
    // It is, too, where its words were taken up before.
    expect(found.items.filter((message) => message.seq !== seq)).toHaveLength(count - 1);
    expect(notices.join()).toMatch(/what a search looks at of the message with the number 6 cannot be read/);
    await store[Symbol.asyncDispose]();
  });
});

describe('of a session', () => {
  test('a damaged summary is put together from what else there is, and can be deleted and restored', async () => {
    const folder = damagedCopy('session', 'summary', `id = '${sessionId}'`);
    const about = new RegExp(`the summary of session ${sessionId} cannot be read`);
    await onEachStart(folder, about, async (store) => {
      const session = await store.findSession(sessionId);
      expect(session).toMatchObject({
        ...{ id: sessionId, outcome: 'captured', clientName: 'client.test', messageIds: [messageId] },
        ...{ messages: 1, durationUs: 5000, peer: { address: '127.0.0.1' }, inboxes: ['default'] },
      });
      expect(session?.ended?.text).toContain(text);
      expect(session?.ehlo).toHaveLength(1);
      expect(await store.findSessionSummary(sessionId)).toMatchObject({ id: sessionId });
    });
    const { store } = await openFolder(folder);
    expect(await store.deleteSessions({ all: true }, false, 'default')).toBe(count);
    expect(await store.restoreSessions({ all: true }, 'default')).toBeGreaterThanOrEqual(count - 1);
    expect(await store.deleteSessions({ all: true }, true)).toBeGreaterThanOrEqual(count - 1);
    await store[Symbol.asyncDispose]();
  });

  test('damaged facts leave the rest, and how it ended says so', () =>
    onEachStart(
      damagedCopy('session', 'facts', `id = '${sessionId}'`),
      /a part of session/,
      async (store) => {
        const session = await store.findSession(sessionId);
        expect(session).toMatchObject({ id: sessionId, ehlo: [], auth: [], lines: 20, truncated: true });
        expect(session?.ended?.text).toMatch(/^The client said QUIT\. What was offered.* are not known/);
      },
    ));

  test('a damaged transaction is shown by its columns', () =>
    onEachStart(
      damagedCopy('smtp_transaction', 'record', `message_id = '${messageId}'`),
      /transaction 1 of the session/,
      async (store) => {
        const [transaction] = (await store.findSession(sessionId))!.transactions;
        expect(transaction).toMatchObject({
          ...{ n: 1, outcome: 'stored', messageId, from: { address: 'ann@a.test' } },
          recipients: [{ address: text }],
        });
      },
    ));

  test('in the place of damaged lines of a transcript stands one that says so', async () => {
    const { store, notices } = await openFolder(
      damagedCopy('transcript', 'content', `session = (SELECT seq FROM session WHERE id = '${sessionId}')`),
    );
    const { lines } = await store.readTranscript(sessionId, 0, 100);
    expect(lines).toMatchObject([{ n: 0, kind: 'event', text: expect.stringContaining(text) }]);
    expect(notices.join()).toMatch(/a part of the transcript of the session/);
    await store[Symbol.asyncDispose]();
  });

  test('of a session that still ran damage does not keep Mailscope from starting', async () => {
    const folder = damagedCopy('session', 'summary', `id = '${sessionId}'`);
    const db = new Database(join(folder, 'mailscope.db'));
    const which = `(SELECT seq FROM session WHERE id = '${sessionId}')`;
    db.exec(`UPDATE session SET closed_us = NULL, outcome = 'open', facts = 'X' WHERE id = '${sessionId}';
      UPDATE smtp_transaction SET record = 'X' WHERE session = ${which};
      UPDATE transcript SET content = 'X' WHERE session = ${which}`);
    db.close();
    const { store, notices } = await openFolder(folder);
    expect(await store.findSession(sessionId)).toMatchObject({ outcome: 'interrupted' });
    expect(notices.filter((notice) => notice.includes('database is damaged')).length).toBeGreaterThan(2);
    await store[Symbol.asyncDispose]();
  });
});

test('a damaged rule of simulated failures does nothing any more, and the others are as they were', async () => {
  const { store, notices } = await openFolder(damagedCopy('fault', 'definition', `id = 'f_1'`));
  expect(await store.faults.loadFaults()).toMatchObject([{ id: 'f_2' }]);
  expect(notices.join()).toMatch(/what the rule f_1 simulates .* cannot be read/);
  await store[Symbol.asyncDispose]();
});

describe('of an inbox', () => {
  test('a damaged definition leaves an inbox without limits, and of a token one that may read', async () => {
    for (const table of ['inbox', 'inbox_token']) {
      const { store, notices } = await openFolder(
        damagedCopy(table, 'definition', table === 'inbox' ? `name = 'qa'` : `id = 't'`),
      );
      const { inboxes, tokens } = await store.inboxes.loadInboxes<never, never>();
      expect(inboxes).toMatchObject([{ name: 'qa', source: 'api', rules: [] }]);
      expect(tokens).toMatchObject([{ id: 't', inbox: 'qa', hash: 'hash' }]);
      if (table === 'inbox_token') expect(tokens).toMatchObject([{ scope: 'read', label: text }]);
      expect(notices.join()).toMatch(/inbox qa .* cannot be read/);
      await store[Symbol.asyncDispose]();
    }
  });
});
