// What every driver promises about issues.
import { expect, test } from 'vitest';
import type { Issue } from '../../shared/issue.ts';
import type { OpenFresh } from './opened.ts';

export const sampleIssue = (id: string, more: Partial<Issue> = {}): Issue => ({
  id,
  fingerprint: `header.no-date|${id}`,
  rule: 'header.no-date',
  title: 'The message has no Date',
  stage: 'header',
  severity: 'warning',
  subject: 'app@example.com',
  text: 'Every message must have a Date field.',
  state: 'open',
  note: '',
  count: 1,
  reopened: 0,
  firstSeenAt: '2026-01-31T12:00:00.000Z',
  lastSeenAt: '2026-01-31T12:00:00.000Z',
  sessionId: null,
  messageId: 'm_1',
  changedAt: null,
  ...more,
});

export function issueSuite(openFresh: OpenFresh): void {
  test('issues come back as they were last saved, and only what is told is an event', async () => {
    const { store, events } = await openFresh();
    const [one, other] = [sampleIssue('i_b'), sampleIssue('i_a')];
    const told = (issue: Issue) => ({ issue, isTold: true });
    await store.issues.saveIssues([told(one), told(other), told(sampleIssue('i_c'))], []);
    const counted = { ...one, count: 7 };
    await store.issues.saveIssues([{ issue: counted, isTold: false }], ['i_c']);
    expect(await store.issues.loadIssues()).toEqual([counted, other]);
    await store.issues.removeIssues(['i_a', 'i_none']);
    expect(await store.issues.loadIssues()).toEqual([counted]);
    expect(events.map(({ type, payload }) => ({ type, payload }))).toEqual([
      ...[one, other, sampleIssue('i_c')].map((issue) => ({ type: 'issue:changed', payload: { issue } })),
      { type: 'issues:deleted', payload: { ids: ['i_c'] } },
      { type: 'issues:deleted', payload: { ids: ['i_a', 'i_none'] } },
    ]);
    await store[Symbol.asyncDispose]();
  });
}
