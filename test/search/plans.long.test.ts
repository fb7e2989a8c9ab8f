// Every way the store has of answering a search against the naive matcher: in one look or in steps, from pieces of columns
// or from the rows as they lie.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nowUs } from '../../server/clock.ts';
import { openConnection } from '../../server/store/sqlite/connection.ts';
import { seqOfCursor } from '../../server/store/cursors.ts';
import { runRead, type OutputOf, type Reads } from '../../server/store/operations.ts';
import { searchPage } from '../../server/store/searching.ts';
import { sealStep } from '../../server/store/index/search-sealing.ts';
import { searchMessages, selectMatching } from '../../server/store/search/search-messages.ts';
import { searchSessions } from '../../server/store/search/search-sessions.ts';
import { createWriting, type Writing } from '../../server/store/sqlite/writing.ts';
import { messageMatcher } from '../../shared/search/match-message.ts';
import { matchSession } from '../../shared/search/match-session.ts';
import { parseSearch } from '../../shared/search/parse-search.ts';
import type { Query, SearchScope } from '../../shared/search/query.ts';
import { openFolder, temporaryFolder } from '../store/temporary-folder.ts';
import { createRandom } from './random.ts';
import { randomQuery } from './random-queries.ts';
import { fillStore } from './sample-store.ts';
import { shareOf } from '../support/share.ts';

const spans = [7, 128, 150, 4096];
const firstSpans = [7, 20, 128, 4096];
/** Half of them before columns are put together in pieces, half of them after. */
const queries = shareOf(1000);

function parse(text: string, scope: SearchScope): Query {
  const parsed = parseSearch(text, scope);
  if (!parsed.ok || parsed.query === null) throw new Error(text);
  return parsed.query;
}

async function openFilled(seed: number, count: number, settled: number) {
  const folder = temporaryFolder();
  const { store } = await openFolder(folder);
  const random = createRandom(seed);
  const sample = await fillStore(store, random, count, settled);
  // The first search takes up all.
  await store.listMessages({ limit: 1, query: parse('reset', 'messages') });
  return { store, random, sample, file: join(folder, 'mailscope.db') };
}

function sealAll(writing: Writing): void {
  for (const table of ['message_block', 'session_block']) writing.db.exec(`DELETE FROM ${table}`);
  while (sealStep(writing, { blocks: 1 }));
  const sealed = writing.db.prepare(
    'SELECT (SELECT count(*) FROM message_block) + (SELECT count(*) FROM session_block)',
  );
  expect(sealed.pluck().get()).toBeGreaterThan(0);
}

test(
  'however a search in messages is answered, it finds what the naive matcher says',
  { timeout: 120_000 },
  async () => {
    const { store, random, sample, file } = await openFilled(11, 300, 270);
    const reader = openConnection(file, { reader: true });
    const driver = {
      read: async <N extends keyof Reads>(name: N, input: unknown) =>
        runRead(reader, name, input) as OutputOf<Reads, N>,
    };
    const writing = createWriting(openConnection(file), null);
    const matchers = sample.messages.map((message) => ({ id: message.id, matches: messageMatcher(message) }));
    const idOf = reader.db.prepare('SELECT id FROM message WHERE seq = ?').pluck();
    const ids = sample.sessions.map(({ id }) => id);
    let hits = 0;
    for (let n = 0; n < queries; n += 1) {
      if (n === Math.floor(queries / 2)) sealAll(writing);
      const text = randomQuery(random, 'messages', ids);
      const query = parse(text, 'messages');
      const now = nowUs();
      const expected = matchers.filter(({ matches }) => matches(query, now)).map(({ id }) => id);
      const [span, mostRead] = [random.pick(spans), random.pick([0, 20, 3000])];
      const found: string[] = [];
      for (let below = Number.MAX_SAFE_INTEGER; below > 0;) {
        const ask = { query, below, span, limit: 1000, inbox: null, nowUs: now };
        const step = searchMessages(reader, ask, mostRead);
        found.push(...step.items.map(({ id }) => id));
        below = step.low;
      }
      expect(found, `${text} span ${String(span)}, read ${String(mostRead)}`).toEqual(expected);
      // By pages, each step in two halves.
      const steps = { first: random.pick(firstSpans), enough: random.pick([1, 20, 2048]) };
      const paged: string[] = [];
      for (let cursor: string | undefined | null; cursor !== null;) {
        const ask = { query, below: seqOfCursor('m', cursor), limit: 40, inbox: null };
        const page = await searchPage(driver, ask, steps);
        paged.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      }
      expect(paged, `${text} by ${JSON.stringify(steps)}`).toEqual(expected);
      // A page of them, from anywhere.
      const ask = { query, below: 1 + random.below(300), span: 4096, limit: 3, inbox: null, nowUs: now };
      const page = searchMessages(reader, ask, mostRead).items;
      const after = reader.db.prepare('SELECT seq FROM message WHERE id = ?').pluck();
      const rest = expected.filter((id) => (after.get(id) as number) < ask.below).slice(0, 3);
      expect(
        page.map(({ id }) => id),
        `${text} below ${String(ask.below)}`,
      ).toEqual(rest);
      writing.atUs = now;
      writing.sql('DELETE FROM temp.selection').run();
      const upTo = 100_000;
      for (let after = 0; after < upTo;) {
        const step = {
          listed: 'deleted_us IS NULL',
          inbox: null,
          after,
          upTo,
          span: random.pick([1, 200, 9000]),
        };
        after = selectMatching(writing, query, step).reached;
      }
      const selected = writing.db.prepare('SELECT seq FROM temp.selection ORDER BY seq DESC').pluck().all();
      expect(
        selected.map((seq) => idOf.get(seq)),
        text,
      ).toEqual(expected);
      if (found.length > 0 && found.length < matchers.length) hits += 1;
    }
    expect(hits).toBeGreaterThan(shareOf(400));
    reader.db.close();
    writing.db.close();
    await store[Symbol.asyncDispose]();
  },
);

test(
  'however a search in sessions is answered, it finds what the naive matcher says',
  { timeout: 120_000 },
  async () => {
    const { store, random, sample, file } = await openFilled(12, 360, 345);
    const reader = openConnection(file, { reader: true });
    const writing = createWriting(openConnection(file), null);
    const ids = sample.sessions.map(({ id }) => id);
    let hits = 0;
    for (let n = 0; n < queries; n += 1) {
      if (n === Math.floor(queries / 2)) sealAll(writing);
      const text = randomQuery(random, 'sessions', ids);
      const query = parse(text, 'sessions');
      const now = nowUs();
      const span = random.pick(spans);
      const found: string[] = [];
      for (let below: number | null = Number.MAX_SAFE_INTEGER; below !== null;) {
        const page = searchSessions(reader, { query, below, limit: 41, nowUs: now, inbox: null }, span);
        found.push(...page.items.map(({ id }) => id));
        below = page.last;
      }
      const expected = sample.sessions.filter((session) => matchSession(query, session, now));
      expect(found.toSorted(), `${text} span ${String(span)}`).toEqual(
        expected.map(({ id }) => id).toSorted(),
      );
      if (found.length > 0 && found.length < sample.sessions.length) hits += 1;
    }
    expect(hits).toBeGreaterThan(shareOf(220));
    reader.db.close();
    writing.db.close();
    await store[Symbol.asyncDispose]();
  },
);
