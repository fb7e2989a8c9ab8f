import { expect, test } from 'vitest';
import { MailscopeError } from '../../shared/errors.ts';
import type { Issue, IssueChanges } from '../../shared/issue.ts';
import { ExplainedError } from '../../web/state/explained-error.svelte.ts';
import { Findings } from '../../web/state/findings.svelte.ts';
import { Issues } from '../../web/state/issues.svelte.ts';
import { OpenIssue } from '../../web/state/open-issue.svelte.ts';
import { inboxPath, issuesPath, parseRoute } from '../../web/state/route.svelte.ts';
import { createFeed, later } from './support/feed.ts';
import { makeIssue, matchOf, rejected, someRules, toFinding } from './support/fixture-findings.ts';

const at = (minute: number): string => `2026-03-12T14:${String(minute).padStart(2, '0')}:00.000Z`;
const found = (id: string, minute: number, given: Partial<Issue> = {}): Issue =>
  makeIssue(id, { lastSeenAt: at(minute), ...given });

/** A server that has these issues, in pages of `limit`, and what was asked of it. */
function serve(issues: Issue[], limit = 100) {
  const asked: unknown[] = [];
  const calls = {
    listIssues: async ({ query = {} }: { query?: { state?: string; cursor?: string } } = {}) => {
      asked.push(query.state ?? 'all');
      const all = issues.filter(({ state }) => query.state === undefined || state === query.state);
      const start = Number(query.cursor ?? 0);
      const nextCursor = start + limit < all.length ? String(start + limit) : null;
      return { items: all.slice(start, start + limit), nextCursor };
    },
    readIssue: async ({ params: { id } }: { params: { id: string } }) => {
      const issue = issues.find((one) => one.id === id);
      if (!issue) throw new MailscopeError('not_found', `There is no issue ${id}.`);
      return issue;
    },
    changeIssue: async ({ params: { id }, body }: { params: { id: string }; body: IssueChanges }) => {
      asked.push([id, body]);
      const index = issues.findIndex((one) => one.id === id);
      return (issues[index] = { ...issues[index]!, ...body } as Issue);
    },
    readSessionFindings: async () => ({ items: [toFinding(rejected)] }),
    readMessageFindings: async () => ({ items: [] }),
    listRules: async () => ({ items: someRules() }),
  };
  const feed = createFeed();
  return { calls, feed, asked };
}

const idsOf = ({ all }: Issues): string[] => (all ?? []).map(({ id }) => id);
const seen = (id: string, count: number, minute: number) => ({
  type: 'issue:seen' as const,
  payload: { id, count, lastSeenAt: at(minute), sessionId: 's_9', messageId: null },
});

test('open issues come first, go when something is decided, and come to the top when they are found again', async () => {
  const { calls, feed, asked } = serve([
    found('i_2', 20),
    found('i_1', 10),
    found('i_0', 5, { state: 'muted' }),
  ]);
  const issues = new Issues(calls);
  issues.listen(feed);
  await issues.show('open');
  expect(idsOf(issues)).toEqual(['i_2', 'i_1']);
  feed.sayEphemeral(seen('i_1', 7, 30));
  expect(issues.all?.[0]).toMatchObject({ id: 'i_1', count: 7, lastSeenAt: at(30), sessionId: 's_9' });
  feed.sayEphemeral(seen('i_0', 9, 31));
  feed.say('issue:changed', { issue: found('i_3', 40) });
  feed.say('issue:changed', { issue: found('i_2', 20, { state: 'resolved' }) });
  expect(idsOf(issues)).toEqual(['i_3', 'i_1']);
  feed.say('issues:deleted', { ids: ['i_3'] });
  expect(idsOf(issues)).toEqual(['i_1']);
  await issues.show('all');
  expect(idsOf(issues)).toEqual(['i_2', 'i_1', 'i_0']);
  expect(asked).toEqual(['open', 'all']);
});

test('what happens while the list is on its way is in it', async () => {
  const { calls, feed } = serve([]);
  const page = later<{ items: Issue[]; nextCursor: null }>();
  const issues = new Issues({ ...calls, listIssues: () => page.promise });
  issues.listen(feed);
  const loading = issues.load();
  feed.say('issue:changed', { issue: found('i_1', 10, { state: 'resolved' }) });
  feed.say('issue:changed', { issue: found('i_3', 30) });
  page.give({ items: [found('i_2', 20), found('i_1', 10)], nextCursor: null });
  await loading;
  expect(idsOf(issues)).toEqual(['i_3', 'i_2']);
});

test('further pages follow, and one that is not loaded yet comes to the top when it is found again', async () => {
  const { calls, feed } = serve([found('i_4', 40), found('i_3', 30), found('i_2', 20), found('i_1', 10)], 2);
  const issues = new Issues(calls);
  issues.listen(feed);
  await issues.load();
  expect(issues.cursor).not.toBeNull();
  calls.readIssue = async () => found('i_1', 50, { count: 2 });
  feed.sayEphemeral(seen('i_1', 2, 50));
  await expect.poll(() => idsOf(issues)).toEqual(['i_1', 'i_4', 'i_3']);
  await issues.loadMore();
  expect(idsOf(issues)).toEqual(['i_4', 'i_3', 'i_2', 'i_1']);
  expect(issues.cursor).toBeNull();
});

test('where issues may not be read it is said why', async () => {
  const refused = new MailscopeError('not_allowed', 'This token is of an inbox.');
  const issues = new Issues({ ...serve([]).calls, listIssues: () => Promise.reject(refused) });
  await issues.load();
  expect(issues).toMatchObject({ all: null, error: refused });
});

test('an open issue has its finding with where that was seen, else the words of its rule', async () => {
  const { calls } = serve([found('i_1', 10), found('i_2', 20, { sessionId: null, messageId: 'm_gone' })]);
  const open = new OpenIssue(calls);
  open.open('i_1');
  await expect.poll(() => open.seen).toMatchObject({ sessionId: 's_tls', finding: { rule: rejected.rule } });
  open.open('i_2');
  await expect.poll(() => open.rule?.id).toBe(rejected.rule);
  expect(open.seen).toBeNull();
  open.open('i_9');
  await expect.poll(() => open.error).toMatchObject({ code: 'not_found' });
});

test('what is decided is one call, and can be taken back', async () => {
  const { calls, asked } = serve([found('i_1', 10, { state: 'acknowledged' })]);
  const told: string[] = [];
  const open = new OpenIssue(calls, ({ state }) => told.push(state));
  open.open('i_1');
  await expect.poll(() => open.issue).not.toBeNull();
  await open.decide('resolved');
  expect(open.issue?.state).toBe('resolved');
  expect(await open.undo()).toBe(true);
  expect(await open.undo()).toBe(false);
  await open.decide('acknowledged');
  expect(asked).toEqual([
    ['i_1', { state: 'resolved' }],
    ['i_1', { state: 'acknowledged' }],
  ]);
  expect(told).toEqual(['resolved', 'acknowledged']);
});

test('a note is saved by itself, in the order in which it was written, and is not lost to what comes meanwhile', async () => {
  const { calls, feed, asked } = serve([found('i_1', 10), found('i_2', 20)]);
  const open = new OpenIssue(calls);
  open.listen(feed);
  open.open('i_1');
  await expect.poll(() => open.issue).not.toBeNull();
  open.note.type('Ask');
  feed.say('issue:changed', { issue: found('i_1', 10, { note: 'of another' }) });
  expect(open.note).toMatchObject({ text: 'Ask', state: 'typed' });
  const first = open.note.flush();
  open.note.type('Ask Bob');
  await first;
  expect(open.note.state).toBe('typed');
  await expect.poll(() => open.note.state).toBe('saved');
  open.note.type('Ask Bob again');
  open.open('i_2');
  await expect.poll(() => open.issue?.id).toBe('i_2');
  expect(open.note.text).toBe('');
  await open.note.flush();
  expect(asked).toEqual([
    ['i_1', { note: 'Ask' }],
    ['i_1', { note: 'Ask Bob' }],
    ['i_1', { note: 'Ask Bob again' }],
  ]);
});

test('a note that cannot be saved stays, and is saved once that is possible', async () => {
  const { calls, asked } = serve([found('i_1', 10)]);
  let isAway = true;
  const open = new OpenIssue({
    ...calls,
    changeIssue: (given) =>
      isAway ? Promise.reject(new TypeError('fetch failed')) : calls.changeIssue(given as never),
  });
  open.open('i_1');
  await expect.poll(() => open.issue).not.toBeNull();
  open.note.type('Ask Bob');
  await open.note.flush();
  expect(open.note).toMatchObject({ text: 'Ask Bob', state: 'failed' });
  expect(open.note.problem).not.toBeNull();
  isAway = false;
  await open.note.flush();
  expect(open.note).toMatchObject({ state: 'saved', problem: null });
  expect(asked).toEqual([['i_1', { note: 'Ask Bob' }]]);
});

test('of what is asked one after the other the last answer counts: findings, and what an error means', async () => {
  const slow = later<{ items: never[] }>();
  const answers = [slow.promise, Promise.resolve({ items: [toFinding(rejected)] })];
  const findings = new Findings({
    readSessionFindings: () => answers.shift()!,
    readMessageFindings: () => answers.shift()!,
  });
  const first = findings.read({ session: 's_1' });
  await findings.read({ message: 'm_1' });
  slow.give({ items: [] });
  await first;
  expect(findings.all).toHaveLength(1);

  const asked: string[] = [];
  const explained = new ExplainedError({
    explainError: async ({ body: { text } }) => {
      asked.push(text);
      return { items: matchOf(text) };
    },
  });
  await explained.explain();
  expect(explained.matches).toBeNull();
  explained.text = `  certificate ${'x'.repeat(30_000)}`;
  await explained.explain();
  expect(asked[0]).toHaveLength(20_000);
  expect(explained.matches).toHaveLength(1);
  explained.clear();
  expect(explained).toMatchObject({ text: '', matches: null });
});

test('an issue, those of a state, and a byte of a message have a URL', () => {
  for (const [id, state] of [
    [null, null],
    ['i_1', null],
    ['i_1', 'muted'],
  ] as const) {
    const url = new URL(issuesPath(id, state), 'http://page');
    expect(parseRoute(url.pathname, url.search)).toEqual({ view: 'issues', id, state });
  }
  expect(parseRoute('/issues/i_1/more').view).toBe('unknown');
  const url = new URL(inboxPath('m_1', 'source', 'from:ann', 'shop', 21), 'http://page');
  expect(parseRoute(url.pathname, url.search)).toMatchObject({ tab: 'source', inbox: 'shop', byte: 21 });
});
