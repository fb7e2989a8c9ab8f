import { expect, test } from 'vitest';
import type { Fault } from '../../shared/fault.ts';
import { MailscopeError } from '../../shared/errors.ts';
import { FaultChanges } from '../../web/state/fault-changes.svelte.ts';
import { Faults } from '../../web/state/faults.svelte.ts';
import { faultsPath, parseRoute } from '../../web/state/route.svelte.ts';
import { createFeed, later } from './support/feed.ts';
import { makeFault } from './support/fixture-faults.ts';

/** The rules of a server, and what was asked of it. */
function serve(...rules: Fault[]) {
  const asked: unknown[] = [];
  let made = 0;
  const calls = {
    listFaults: async () => ({ items: [...rules] }),
    createFault: async ({ body }: { body: object }) => {
      asked.push(['create', body]);
      return makeFault(`f_new${++made}`, body as Partial<Fault>);
    },
    changeFault: async ({ params, body }: { params: { id: string }; body: object }) => {
      asked.push(['change', params.id, body]);
      return { ...rules.find(({ id }) => id === params.id)!, ...(body as Partial<Fault>) };
    },
    deleteFault: async ({ params }: { params: { id: string } }) => {
      asked.push(['delete', params.id]);
      return { count: 1 };
    },
  };
  const faults = new Faults(calls);
  const feed = createFeed();
  faults.listen(feed);
  return { faults, feed, asked, calls, changes: new FaultChanges(calls, faults) };
}

const idsOf = (faults: Faults): string[] => (faults.all ?? []).map(({ id }) => id);

test('rules come, change and go live, each at its place, and how often they were applied follows', async () => {
  const { faults, feed } = serve(makeFault('f_1'), makeFault('f_2', { enabled: false }));
  expect(faults.all).toBeNull();
  await faults.load();
  expect(faults.on).toBe(1);
  feed.say('fault:created', { fault: makeFault('f_3') });
  feed.say('fault:changed', { fault: makeFault('f_2', { name: 'Renamed' }) });
  expect(faults.all?.map(({ name }) => name)).toEqual([null, 'Renamed', null]);
  expect(faults.on).toBe(3);
  feed.sayEphemeral({
    type: 'fault:applied',
    payload: { id: 'f_2', sessionId: 's_1', applied: 4, appliedAt: '2026-03-12T14:20:00.000Z' },
  });
  expect(faults.all?.map(({ applied }) => applied)).toEqual([0, 4, 0]);
  feed.say('faults:deleted', { ids: ['f_1', 'f_3'] });
  expect(idsOf(faults)).toEqual(['f_2']);
});

test('a rule that is made while the list is on its way is in it', async () => {
  const first = later<{ items: Fault[] }>();
  const answers = [first.promise, Promise.resolve({ items: [makeFault('f_1'), makeFault('f_2')] })];
  const faults = new Faults({ listFaults: () => answers.shift()! });
  const feed = createFeed();
  faults.listen(feed);
  const loading = faults.load();
  feed.say('fault:created', { fault: makeFault('f_2') });
  first.give({ items: [makeFault('f_1')] });
  await loading;
  expect(idsOf(faults)).toEqual(['f_1', 'f_2']);
});

test('where rules may not be read it is said why, and an answer takes that back', async () => {
  let isAllowed = false;
  const refused = new MailscopeError('not_allowed', 'This token is of an inbox.');
  const faults = new Faults({
    listFaults: () => (isAllowed ? Promise.resolve({ items: [] }) : Promise.reject(refused)),
  });
  await faults.load();
  expect(faults).toMatchObject({ all: null, error: refused, on: 0 });
  isAllowed = true;
  await faults.load();
  expect(faults).toMatchObject({ all: [], error: null });
});

test('a rule that comes where the list could not be read is not taken for the list: it is read again', async () => {
  const two = [makeFault('f_1'), makeFault('f_2')];
  const answers = [Promise.reject(new TypeError('fetch failed')), Promise.resolve({ items: two })];
  const faults = new Faults({ listFaults: () => answers.shift()! });
  const feed = createFeed();
  faults.listen(feed);
  await faults.load();
  feed.say('fault:created', { fault: makeFault('f_2') });
  expect(faults.all).toBeNull();
  await expect.poll(() => idsOf(faults)).toEqual(['f_1', 'f_2']);
  expect(answers).toEqual([]);
});

test('a rule is turned off and on, and made from a preset, with one call each', async () => {
  const rule = makeFault('f_1');
  const { faults, changes, asked } = serve(rule);
  await faults.load();
  await changes.toggle(rule);
  expect(faults.on).toBe(0);
  await changes.add('generic/greylist');
  expect(asked).toEqual([
    ['change', 'f_1', { enabled: false }],
    ['create', { preset: 'generic/greylist' }],
  ]);
  expect(idsOf(faults)).toEqual(['f_1', 'f_new1']);
});

test('a deleted rule is made anew by taking the deletion back, as it was', async () => {
  const rule = makeFault('f_1', { name: 'Full', enabled: false, when: { to: ['*@full.test'] }, delay: 50 });
  const { faults, changes, asked } = serve(rule, makeFault('f_2'));
  await faults.load();
  expect(await changes.delete(rule)).toBe(true);
  expect(idsOf(faults)).toEqual(['f_2']);
  const back = await changes.undo();
  const { name, enabled, stage, when, times, delay, reply, then, afterBytes, without } = rule;
  const body = { name, enabled, stage, when, times, delay, reply, then, afterBytes, without };
  expect(asked.at(-1)).toEqual(['create', body]);
  expect(idsOf(faults)).toEqual(['f_2', back?.id]);
  expect(changes.isMoved).toBe(true);
  expect(await changes.undo()).toBeNull();
});

test('a deletion can be taken back until that is done, and what was the last is the last again', async () => {
  const rule = makeFault('f_2');
  const { faults, calls } = serve(makeFault('f_1'), rule);
  await faults.load();
  let isAway = true;
  const changes = new FaultChanges(
    {
      ...calls,
      createFault: (given) =>
        isAway ? Promise.reject(new TypeError('fetch failed')) : calls.createFault(given as { body: object }),
    },
    faults,
  );
  await changes.delete(rule);
  expect(await changes.undo()).toBeNull();
  expect(changes.problem).not.toBeNull();
  expect(changes.deleted).toBe(rule);
  isAway = false;
  const back = await changes.undo();
  expect(idsOf(faults)).toEqual(['f_1', back?.id]);
  expect(changes).toMatchObject({ deleted: null, problem: null, isMoved: false });
});

test('what the server refuses changes nothing and is said', async () => {
  const rule = makeFault('f_1', { source: 'config' });
  const { faults, calls } = serve(rule);
  await faults.load();
  const refuse = () => Promise.reject(new MailscopeError('conflict', 'It is from the configuration.'));
  const changes = new FaultChanges({ ...calls, changeFault: refuse, deleteFault: refuse }, faults);
  await changes.toggle(rule);
  expect(changes.problem).toBe('It is from the configuration.');
  expect(await changes.delete(rule)).toBe(false);
  expect(changes.deleted).toBeNull();
  expect(faults.all).toEqual([rule]);
});

test('a rule, and a new one that begins with a preset, have a URL', () => {
  for (const given of [{}, { rule: 'f_1' }, { preset: 'gmail/over-quota' }]) {
    const url = new URL(faultsPath(given), 'http://page');
    expect(parseRoute(url.pathname, url.search)).toEqual({
      view: 'faults',
      rule: null,
      preset: null,
      ...given,
    });
  }
  expect(parseRoute('/faults/f_1').view).toBe('unknown');
});
