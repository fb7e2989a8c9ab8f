// Issues over a store: what makes one, what it says, how it changes, and how many there are.
import { expect, test } from 'vitest';
import { nowUs } from '../../server/clock.ts';
import { mostIssues } from '../../server/diagnosis/issues.ts';
import { createThinning } from '../../server/diagnosis/thinning.ts';
import { noDate, openIssues, placeAt, rejected, timeAt } from './open-issues.ts';

test('a problem that comes again is counted, and its issue says where it was seen last', async () => {
  await using opened = await openIssues();
  const { issues, events, seen } = opened;
  // One session counts once, however often the problem is in it; what is only worth knowing makes none.
  opened.see([rejected('it names no CA'), rejected('it names no CA')], placeAt(1));
  opened.see([noDate({ severity: 'info' })], placeAt(1));
  opened.see([rejected('it names no CA')], placeAt(2));
  await issues.save();
  const [one, ...others] = opened.all();
  expect(others).toEqual([]);
  expect(one).toEqual({
    id: expect.stringMatching(/^i_\w{26}$/) as string,
    fingerprint: 'tls.certificate-rejected|app.example|it names no CA',
    rule: 'tls.certificate-rejected',
    title: 'The client does not accept the certificate',
    stage: 'tls',
    severity: 'blocker',
    subject: 'app.example',
    text: 'The client does not accept the certificate.',
    state: 'open',
    note: '',
    count: 2,
    reopened: 0,
    firstSeenAt: timeAt(1),
    lastSeenAt: timeAt(2),
    sessionId: 's_2',
    messageId: null,
    changedAt: null,
  });
  expect(events.map(({ type, payload }) => ({ type, payload }))).toEqual([
    { type: 'issue:changed', payload: { issue: one } },
  ]);
  expect(seen).toEqual([
    [one!.id, 1],
    [one!.id, 2],
  ]);
  // What is only counted is kept, too, and told nobody.
  opened.see([rejected('it names no CA')], placeAt(3));
  await issues.save();
  expect(events).toHaveLength(1);
  expect((await opened.reopened()).read(one!.id).count).toBe(3);
});

test('other clients and other reasons are other issues; a container with a name of its own each time is one', async () => {
  await using opened = await openIssues();
  opened.see([rejected('it is expired')], placeAt(1));
  opened.see([rejected('it names no CA')], placeAt(2));
  opened.see([rejected('it names no CA')], placeAt(3, { subject: 'APP.example' }));
  opened.see([rejected('it names no CA')], placeAt(4, { subject: '0123456789ab' }));
  opened.see([rejected('it names no CA')], placeAt(5, { subject: 'ba9876543210' }));
  expect(opened.all().map(({ subject, count }) => [subject, count])).toEqual([
    ['0123456789ab', 2],
    ['app.example', 2],
    ['app.example', 1],
  ]);
});

test('an issue is as bad as it ever was, and its words are those of the newest session', async () => {
  await using opened = await openIssues();
  const place = placeAt(5, { messageId: 'm_5', sessionId: null });
  opened.see([noDate({ severity: 'notice' })], placeAt(1));
  opened.see([noDate({ severity: 'error' })], place);
  // It was parsed late, and came before.
  opened.see([noDate()], placeAt(3));
  expect(opened.all()).toMatchObject([
    { severity: 'error', count: 3, lastSeenAt: timeAt(5), messageId: 'm_5', sessionId: null },
  ]);
});

test('what was resolved is open again once it comes back; what is muted or known stays so', async () => {
  await using opened = await openIssues();
  const { issues, events } = opened;
  const again = (subject: string, atUs: number): void =>
    opened.see([noDate()], placeAt(0, { subject, atUs }));
  const states = ['resolved', 'muted', 'acknowledged'] as const;
  for (const state of states) {
    opened.see([noDate()], placeAt(1, { subject: state }));
    const { id } = opened.all().find(({ subject }) => subject === state)!;
    const changed = await issues.change(id, { state, note: `I ${state} it.` });
    expect(changed).toMatchObject({ state, note: `I ${state} it.`, changedAt: expect.any(String) as string });
    // From before the change: that is what was resolved.
    again(state, Date.parse(changed.changedAt!) * 1000 - 1_000_000);
    expect(issues.read(id)).toMatchObject({ state, count: 2, reopened: 0 });
    again(state, Date.parse(changed.changedAt!) * 1000 + 1_000_000);
  }
  events.length = 0;
  await issues.save();
  const now = Object.fromEntries(
    opened
      .all()
      .map(({ subject, state, note, count, reopened }) => [subject, { state, note, count, reopened }]),
  );
  expect(now).toEqual({
    resolved: { state: 'open', note: 'I resolved it.', count: 3, reopened: 1 },
    muted: { state: 'muted', note: 'I muted it.', count: 3, reopened: 0 },
    acknowledged: { state: 'acknowledged', note: 'I acknowledged it.', count: 3, reopened: 0 },
  });
  const told = events.flatMap((event) => (event.type === 'issue:changed' ? event.payload.issue : []));
  expect(told.find(({ subject }) => subject === 'resolved')).toMatchObject({ state: 'open', reopened: 1 });
});

test('a connection that was opened before it was resolved and ends later does not bring it back', async () => {
  await using opened = await openIssues();
  const { issues } = opened;
  opened.see([noDate()], placeAt(1));
  const { id } = opened.all()[0]!;
  const { resolvedAt } = await issues.change(id, { state: 'resolved' });
  const resolvedUs = Date.parse(resolvedAt!) * 1000;
  const ended = (sinceUs: number) =>
    opened.see([noDate()], placeAt(0, { sinceUs, atUs: resolvedUs + 2_000_000 }));
  ended(resolvedUs - 3600e6);
  expect(issues.read(id)).toMatchObject({ state: 'resolved', count: 2 });
  ended(resolvedUs + 1_000_000);
  expect(issues.read(id)).toMatchObject({ state: 'open', count: 3, reopened: 1 });
});

test('a note that is written later does not hide what came back before', async () => {
  await using opened = await openIssues();
  const { issues } = opened;
  opened.see([noDate()], placeAt(1));
  const { id } = opened.all()[0]!;
  const { resolvedAt } = await issues.change(id, { state: 'resolved' });
  const backUs = (Date.parse(resolvedAt!) + 1) * 1000;
  while (nowUs() < backUs + 1000);
  const noted = await issues.change(id, { note: 'It was the clock.' });
  expect(noted).toMatchObject({ state: 'resolved', resolvedAt });
  expect(noted.changedAt! > resolvedAt!).toBe(true);
  // Looked at only now.
  opened.see([noDate()], placeAt(0, { atUs: backUs }));
  expect(issues.read(id)).toMatchObject({ state: 'open', reopened: 1, note: 'It was the clock.' });
});

test('what comes back while that it is resolved is being stored is open again, and told', async () => {
  await using opened = await openIssues();
  const { issues, events } = opened;
  opened.see([noDate()], placeAt(1));
  await issues.save();
  const { id } = opened.all()[0]!;
  const changing = issues.change(id, { state: 'resolved' });
  opened.see([noDate()], placeAt(0, { atUs: nowUs() + 60_000_000 }));
  expect(await changing).toMatchObject({ state: 'open', count: 2, reopened: 1 });
  await issues.save();
  const told = events.flatMap((event) => (event.type === 'issue:changed' ? event.payload.issue : []));
  expect(told.map(({ state }) => state)).toEqual(['open', 'resolved', 'open']);
  expect((await opened.reopened()).read(id)).toEqual(issues.read(id));
});

test('an issue that is seen a thousand times at once is told at once, and then as it is by now', async () => {
  await using opened = await openIssues();
  const told: number[] = [];
  await new Promise<void>((resolve) => {
    const tell = createThinning(({ count }) => {
      told.push(count);
      if (told.length === 2) resolve();
    });
    opened.see([noDate()], placeAt(1));
    const [one] = opened.all();
    for (let count = 1; count <= 1000; count += 1) tell({ ...one!, count });
    expect(told).toEqual([1]);
  });
  expect(told).toEqual([1, 1000]);
});

test('a forgotten issue that is found again is a new one', async () => {
  await using opened = await openIssues();
  const { issues, events } = opened;
  opened.see([noDate()], placeAt(1));
  const { id } = opened.all()[0]!;
  await issues.change(id, { note: 'known' });
  await issues.remove(id);
  expect(() => issues.read(id)).toThrow(/There is no issue/);
  opened.see([noDate()], placeAt(2));
  const [anew] = opened.all();
  expect(anew).toMatchObject({ note: '', count: 1, firstSeenAt: timeAt(2) });
  expect(anew!.id).not.toBe(id);
  await issues.save();
  expect((await opened.reopened()).list({ limit: 10 }).items).toEqual([anew]);
  expect(await issues.removeAll({ ids: [anew!.id, anew!.id, id] })).toBe(1);
  expect(await issues.removeAll({ all: true })).toBe(0);
  expect(events.filter(({ type }) => type === 'issues:deleted').map(({ payload }) => payload)).toEqual([
    { ids: [id] },
    { ids: [anew!.id] },
  ]);
});

test('of too many those go first that nobody looked at and that were not seen for the longest time', async () => {
  await using opened = await openIssues();
  const { issues, events } = opened;
  const subjectAt = (n: number): string => `host-${n}.example`;
  for (let n = 0; n < mostIssues; n += 1) opened.see([noDate()], placeAt(n, { subject: subjectAt(n) }));
  const idOf = (n: number): string => opened.all().find(({ subject }) => subject === subjectAt(n))!.id;
  const [noted, known] = [idOf(0), idOf(1)];
  await issues.change(noted, { note: 'Ask Ann.' });
  await issues.change(known, { state: 'acknowledged' });
  // Seen again, it is no longer the oldest.
  opened.see([noDate()], placeAt(mostIssues, { subject: subjectAt(2) }));
  await issues.save();
  opened.see([noDate()], placeAt(mostIssues + 1, { subject: 'one-more.example' }));
  await issues.save();
  const left = new Set(opened.all().map(({ subject }) => subject));
  expect(left.size).toBeLessThanOrEqual(mostIssues);
  for (const n of [0, 1, 2, mostIssues - 1]) expect(left).toContain(subjectAt(n));
  expect(left).toContain('one-more.example');
  expect(left).not.toContain(subjectAt(3));
  expect((await opened.reopened()).list({ limit: 5000 }).items).toEqual(opened.all());
  const gone = events.flatMap((event) => (event.type === 'issues:deleted' ? event.payload.ids : []));
  expect(gone.length + left.size).toBe(mostIssues + 1);
});

test('while the disk fails issues go on in memory, and are stored once it works again', async () => {
  await using opened = await openIssues();
  const { issues, events, said, disk } = opened;
  disk.problem = 'disk full';
  opened.see([noDate()], placeAt(1));
  await issues.save();
  opened.see([noDate()], placeAt(2));
  await issues.save();
  const [one] = opened.all();
  expect(one).toMatchObject({ count: 2 });
  await expect(issues.change(one!.id, { state: 'muted' })).rejects.toThrow('disk full');
  expect(issues.read(one!.id).state).toBe('open');
  disk.problem = null;
  await issues.save();
  expect(said).toEqual(['disk full', 'disk full', 'saved']);
  // It was never told, so it still is.
  expect(events.map(({ payload }) => payload)).toEqual([{ issue: one }]);
  expect((await opened.reopened()).read(one!.id)).toEqual(one);
});

test('what is counted while a change is stored is not lost', async () => {
  await using opened = await openIssues();
  const { issues } = opened;
  opened.see([noDate()], placeAt(1));
  const { id } = opened.all()[0]!;
  const changing = issues.change(id, { note: 'while' });
  opened.see([noDate()], placeAt(2));
  const saving = issues.save();
  opened.see([noDate()], placeAt(3));
  await changing;
  await saving;
  await issues.save();
  expect(issues.read(id)).toMatchObject({ note: 'while', count: 3 });
  expect((await opened.reopened()).read(id)).toEqual(issues.read(id));
});

test('a page of the list goes on behind the last of the page before, by state, severity and rule', async () => {
  await using opened = await openIssues();
  const { issues } = opened;
  for (let n = 0; n < 5; n += 1)
    opened.see(
      [noDate({ severity: n % 2 === 0 ? 'warning' : 'notice' })],
      placeAt(n % 3, { subject: `${n}` }),
    );
  opened.see([rejected('it is expired')], placeAt(9));
  await issues.change(opened.all()[0]!.id, { state: 'muted' });
  const paged: string[] = [];
  let cursor: string | undefined;
  do {
    const page = issues.list({ limit: 2, cursor });
    paged.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(paged).toEqual(opened.all().map(({ id }) => id));
  expect(paged).toHaveLength(6);
  const count = (asked: object): number => issues.list({ limit: 10, ...asked }).items.length;
  expect(count({ state: 'muted' })).toBe(1);
  expect(count({ severity: 'warning' })).toBe(4);
  expect(count({ severity: 'blocker' })).toBe(1);
  expect(count({ rule: 'header.no-date', state: 'open' })).toBe(5);
  expect(() => issues.list({ limit: 2, cursor: 'of another list' })).toThrow(/cursor/);
});
