// What happens to an inbox while something else of it is being stored.
import { expect, test } from 'vitest';
import { Inboxes } from '../../server/inbox/inboxes.ts';
import type { InboxStore, StoredInbox } from '../../server/inbox/stored.ts';

/** Each of its answers comes once `settle` is called, in the order in which it was asked. */
function slowStore() {
  const waiting: (() => void)[] = [];
  const stored = new Map<string, StoredInbox>();
  const later = <T>(answer: () => T): Promise<T> =>
    new Promise((resolve) => waiting.push(() => resolve(answer())));
  const store: InboxStore = {
    loadInboxes: async () => ({ inboxes: [], tokens: [] }),
    saveInbox: (inbox) =>
      later(() => {
        stored.set(inbox.name, inbox);
        return stored.size;
      }),
    removeInbox: (name) => later(() => Number(stored.delete(name))),
    saveInboxToken: () => later(() => undefined),
    removeInboxToken: () => later(() => undefined),
    pruneInbox: async () => undefined,
  };
  async function settle<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    void work.catch(() => undefined).then(() => (isOver = true));
    while (!isOver) {
      waiting.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    return work;
  }
  return { store, stored, settle };
}

const input = (name: string, user?: string) => ({
  ...{ name, rules: [], retention: {} },
  ...(user === undefined ? {} : { smtp: { user } }),
});

test('two changes of one inbox at the same time are both kept', async () => {
  const { store, stored, settle } = slowStore();
  const inboxes = new Inboxes(store, new Map());
  await settle(inboxes.create(input('run')));
  const rules = [{ domain: 'run.test' }];
  const changes = [
    inboxes.change('run', { rules }),
    inboxes.change('run', { retention: { maxMessages: 5 } }),
  ];
  await settle(Promise.all(changes));
  expect(inboxes.find('run')).toMatchObject({ rules, retention: { maxMessages: 5 } });
  expect(stored.get('run')).toEqual(inboxes.find('run'));
});

test('a login that an inbox is being given goes with it, and is free for another', async () => {
  const { store, settle } = slowStore();
  const inboxes = new Inboxes(store, new Map());
  await settle(inboxes.create(input('run')));
  const changed = inboxes.change('run', { smtp: { user: 'ann', password: 'secret' } });
  await new Promise((resolve) => setImmediate(resolve));
  await settle(Promise.all([inboxes.remove('run', 'request'), changed]));
  expect(inboxes.has('run')).toBe(false);
  expect(inboxes.passwordOf('ann')).toBeUndefined();
  await settle(inboxes.create(input('other', 'ann')));
  expect(inboxes.ofUser('ann')).toEqual(['other']);
});

test('a token that is being made goes with its inbox, and opens no later one of that name', async () => {
  const { store, settle } = slowStore();
  const inboxes = new Inboxes(store, new Map());
  await settle(inboxes.create(input('run')));
  const made = inboxes.tokens.create('run', 'read', '');
  const [result] = await settle(Promise.allSettled([made, inboxes.remove('run', 'request')]));
  expect(result).toMatchObject({ status: 'rejected', reason: { code: 'not_found' } });
  await settle(inboxes.create(input('run')));
  expect(inboxes.tokens.list('run')).toEqual([]);
});
