// A store that cannot be read: who waits is told so at once, not at the end of the time that nothing came.
import { expect, test } from 'vitest';
import { createExpectations } from '../../server/wait/expectations.ts';
import { createHub } from '../../server/wait/hub.ts';
import { createWaits } from '../../server/wait/waits.ts';
import { MailscopeError } from '../../shared/errors.ts';
import { expectation } from '../../shared/expect/expectation.ts';
import { messageSummary } from '../../shared/message.ts';
import { parseSearch } from '../../shared/search/parse-search.ts';
import type { SearchScope } from '../../shared/search/query.ts';
import { sessionSummary } from '../../shared/session.ts';
import { createFake } from '../http/fake-parts.ts';
import { sessionOf } from '../support/records.ts';

const problem = new MailscopeError('internal', 'The storage failed (disk I/O error).');
const { signal } = new AbortController();

function searchOf(scope: SearchScope, text: string) {
  const parsed = parseSearch(text, scope);
  if (!parsed.ok) throw new Error(text);
  return { text, query: parsed.query, places: new Map() };
}

const asked = (scope: SearchScope, text: string, none: boolean) => ({
  ...{ search: searchOf(scope, text), view: null, after: undefined },
  ...{ count: 1, timeoutMs: 3000, none },
});

/** What a wait ends with when the event comes, and the first look at what it is about fails. */
async function failing(
  wait: (parts: ReturnType<typeof open>) => Promise<unknown>,
  event: keyof typeof events,
) {
  const opened = open();
  const waiting = wait(opened).catch((error: unknown) => error);
  // What is stored was looked at.
  await new Promise((resolve) => setImmediate(resolve));
  const { store } = opened.fake;
  const works = { ...store };
  for (const call of ['findMessage', 'listMessages', 'findSession', 'listSessions'] as const)
    store[call] = (): Promise<never> => {
      Object.assign(store, works);
      return Promise.reject(problem);
    };
  events[event](opened.fake);
  return waiting;
}

function open() {
  const fake = createFake();
  const selectHtml = () => ({ elements: [], truncated: false });
  const parts = { ...fake, selectHtml, quickText: () => undefined };
  const hub = createHub(parts);
  return { fake, waits: createWaits(parts, hub), expectations: createExpectations(parts, hub) };
}

type Fake = ReturnType<typeof createFake>;
const events = {
  'message:stored': (fake: Fake) =>
    fake.announce('message:stored', { message: messageSummary.parse(fake.addMessage('m_1', 'x')) }),
  'messages:restored': (fake: Fake) => fake.announce('messages:restored', { ids: ['m_1'] }),
  'messages:changed': (fake: Fake) => fake.announce('messages:changed', { ids: ['m_1'], read: true }),
  'session:closed': (fake: Fake) =>
    fake.announce('session:closed', { session: sessionSummary.parse(sessionOf('s_1', 1)) }),
  'sessions:restored': (fake: Fake) => fake.announce('sessions:restored', { ids: ['s_1'] }),
} as const;

test.each([
  ['message:stored', 'body:hello'],
  ['messages:restored', 'subject:reset'],
  ['messages:changed', 'is:read'],
] as const)('a wait for messages that cannot be read at %s ends with why', async (event, query) => {
  for (const none of [false, true])
    expect(await failing(({ waits }) => waits.messages(asked('messages', query, none), signal), event)).toBe(
      problem,
    );
});

test.each([
  ['session:closed', 'rcpt:ann'],
  ['sessions:restored', 'client:shop'],
] as const)('a wait for sessions that cannot be read at %s ends with why', async (event, query) => {
  for (const none of [false, true])
    expect(await failing(({ waits }) => waits.sessions(asked('sessions', query, none), signal), event)).toBe(
      problem,
    );
});

test.each([
  ['message:stored', { messages: [{ query: 'body:hello', count: 1 }] }],
  ['session:closed', { sessions: [{ query: 'rcpt:ann', count: 1 }] }],
] as const)('an expectation about what cannot be read at %s ends with why', async (event, given) => {
  const parsed = expectation.parse({ ...given, timeout: '3s' });
  const searches = {
    messages: parsed.messages.map(({ query = '' }) => searchOf('messages', query)),
    sessions: parsed.sessions.map(({ query = '' }) => searchOf('sessions', query)),
  };
  expect(await failing(({ expectations }) => expectations(parsed, searches, null, signal), event)).toBe(
    problem,
  );
});
