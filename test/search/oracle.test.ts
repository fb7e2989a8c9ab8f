// The index against the naive matcher: whatever is asked, both must find the same.
import { expect, test } from 'vitest';
import { nowUs } from '../../server/clock.ts';
import { openStore } from '../../server/store/open.ts';
import type { Store } from '../../server/store/store.ts';
import { matchSession } from '../../shared/search/match-session.ts';
import { messageMatcher } from '../../shared/search/match-message.ts';
import { parseSearch } from '../../shared/search/parse-search.ts';
import type { Query } from '../../shared/search/query.ts';
import { createRandom } from './random.ts';
import { randomJunk, randomQuery } from './random-queries.ts';
import { fillStore } from './sample-store.ts';
import { shareOf } from '../support/share.ts';
import { cpuNow } from '../support/cpu-time.ts';

const slowestMs = 500;
const openSample = async (seed: number, count: number) => {
  const store = await openStore({ data: ':memory:', onEvents: () => undefined, onNotice: () => undefined });
  const random = createRandom(seed);
  const sample = await fillStore(store, random, count);
  // The first search takes up what is missing in the index, and is not what the time is about.
  await store.listMessages({ limit: 1, query: parse('reset', 'messages')! });
  return { store, random, sample };
};

/** All that is found, page by page, and the longest that a page took. */
async function findAll(list: (cursor?: string) => ReturnType<Store['listMessages']>): Promise<string[]>;
async function findAll(list: (cursor?: string) => ReturnType<Store['listSessions']>): Promise<string[]>;
async function findAll(
  list: (cursor?: string) => Promise<{ items: { id: string }[]; nextCursor: string | null }>,
): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | undefined, last = false; !last;) {
    const started = cpuNow();
    const page = await list(cursor);
    if (cpuNow() - started > slowestMs) throw new Error('the search was too slow');
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
    last = cursor === undefined;
  }
  return ids;
}

/**
 * Which searches find a part of the sample hangs on the hour, too: soon after midnight nearly all is from yesterday.
 * So more are asked, at most as many again, until enough of them have.
 */
const isMoreToAsk = (asked: number, count: number, hits: number, fewestHits: number): boolean =>
  asked < count || (hits <= fewestHits && asked < 2 * count);

function parse(text: string, scope: 'messages' | 'sessions'): Query | null {
  const parsed = parseSearch(text, scope);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.errors[0]?.message}`);
  return parsed.query;
}

test(
  `${shareOf(2000)} random searches in messages find exactly what the naive matcher says`,
  { timeout: 120_000 },
  async () => {
    const { store, random, sample } = await openSample(1, 400);
    const ids = sample.sessions.map(({ id }) => id);
    const matchers = sample.messages.map((message) => ({ id: message.id, matches: messageMatcher(message) }));
    let hits = 0;
    for (let n = 0; isMoreToAsk(n, shareOf(2000), hits, shareOf(800)); n += 1) {
      const text = randomQuery(random, 'messages', ids);
      const query = parse(text, 'messages')!;
      const found = await findAll((cursor) =>
        store.listMessages({ limit: 37, query, ...(cursor === undefined ? {} : { cursor }) }),
      );
      const now = nowUs();
      expect(found, text).toEqual(matchers.filter(({ matches }) => matches(query, now)).map(({ id }) => id));
      if (found.length > 0 && found.length < matchers.length) hits += 1;
    }
    // Otherwise the searches would prove little.
    expect(hits).toBeGreaterThan(shareOf(800));
    await store[Symbol.asyncDispose]();
  },
);

test(
  `${shareOf(1000)} random searches in sessions find exactly what the naive matcher says`,
  { timeout: 60_000 },
  async () => {
    const { store, random, sample } = await openSample(2, 200);
    const ids = sample.sessions.map(({ id }) => id);
    let hits = 0;
    for (let n = 0; isMoreToAsk(n, shareOf(1000), hits, shareOf(250)); n += 1) {
      const text = randomQuery(random, 'sessions', ids);
      const query = parse(text, 'sessions')!;
      const found = await findAll((cursor) =>
        store.listSessions({ limit: 37, query, ...(cursor === undefined ? {} : { cursor }) }),
      );
      const now = nowUs();
      const expected = sample.sessions.filter((session) => matchSession(query, session, now));
      expect(found.toSorted(), text).toEqual(expected.map(({ id }) => id).toSorted());
      if (found.length > 0 && found.length < sample.sessions.length) hits += 1;
    }
    expect(hits).toBeGreaterThan(shareOf(250));
    await store[Symbol.asyncDispose]();
  },
);

test(
  `${shareOf(5000)} pieces of junk are refused with a place, or find what the naive matcher says`,
  { timeout: 120_000 },
  async () => {
    const { store, random, sample } = await openSample(3, 150);
    const matchers = sample.messages.map((message) => ({ id: message.id, matches: messageMatcher(message) }));
    let searched = 0;
    for (let n = 0; n < shareOf(5000); n += 1) {
      const text = randomJunk(random);
      const parsed = parseSearch(text, 'messages');
      if (!parsed.ok) {
        for (const { start, end, message, hint } of parsed.errors) {
          expect(
            [start >= 0 && start <= end && end <= text.length, message !== '', hint !== ''],
            text,
          ).toEqual([true, true, true]);
        }
        continue;
      }
      searched += 1;
      const { query } = parsed;
      if (query === null) continue;
      const found = await findAll((cursor) =>
        store.listMessages({ limit: 500, query, ...(cursor === undefined ? {} : { cursor }) }),
      );
      const now = nowUs();
      expect(found, text).toEqual(matchers.filter(({ matches }) => matches(query, now)).map(({ id }) => id));
    }
    expect(searched).toBeGreaterThan(shareOf(300));
    await store[Symbol.asyncDispose]();
  },
);
