import { expect, test } from 'vitest';
import { Notifications, type Desktop } from '../../web/state/notifications.svelte.ts';
import { createFeed } from './support/feed.ts';
import { makeMessage, toSummary } from './support/fixture-messages.ts';

type Permission = 'granted' | 'denied' | 'default';

/** A browser whose notifications are noted down. */
function makeDesktop(answer: Permission) {
  const shown: { title: string; body: string; click: () => void }[] = [];
  const stored = new Map<string, string>();
  let permission: Permission = 'default';
  class Notification {
    onclick: ((this: never, event: never) => unknown) | null = null;
    constructor(title: string, { body }: { body: string }) {
      shown.push({ title, body, click: () => this.onclick?.call(undefined as never, undefined as never) });
    }
    close(): void {}
    static get permission(): Permission {
      return permission;
    }
    static async requestPermission(): Promise<Permission> {
      return (permission = answer);
    }
  }
  const desktop = {
    Notification,
    document: { hidden: true as boolean },
    localStorage: {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
    },
    focus: () => undefined,
  } satisfies Desktop;
  return { desktop, shown };
}

const message = (seq: number, subject: string) => toSummary(makeMessage(seq, { id: `m_${seq}`, subject }));

test('nothing is told before it was asked for, and nothing while the page is looked at', async () => {
  const { desktop, shown } = makeDesktop('granted');
  const feed = createFeed();
  const notifications = new Notifications(desktop, () => undefined, { gatherMs: 1 });
  const stop = notifications.listen(feed);
  feed.say('message:stored', { message: message(1, 'before') });
  await notifications.toggle();
  desktop.document.hidden = false;
  feed.say('message:stored', { message: message(2, 'seen') });
  desktop.document.hidden = true;
  feed.say('message:stored', { message: message(3, 'told') });
  await expect.poll(() => shown.map(({ body }) => body)).toEqual(['told']);
  stop();
});

test('mail that comes together is told together, and a click opens the last one', async () => {
  const { desktop, shown } = makeDesktop('granted');
  const feed = createFeed();
  const opened: string[] = [];
  const notifications = new Notifications(desktop, (id) => opened.push(id), { gatherMs: 5 });
  notifications.listen(feed);
  await notifications.toggle();
  for (let seq = 1; seq <= 40; seq += 1) feed.say('message:stored', { message: message(seq, `n ${seq}`) });
  await expect.poll(() => shown.length).toBe(1);
  expect(shown[0]).toMatchObject({ title: '40 new messages', body: 'Shop Billing: n 40' });
  shown[0]?.click();
  expect(opened).toEqual(['m_40']);
});

test('a subject that hides characters is told with them shown', async () => {
  const { desktop, shown } = makeDesktop('granted');
  const feed = createFeed();
  const notifications = new Notifications(desktop, () => undefined, { gatherMs: 1 });
  notifications.listen(feed);
  await notifications.toggle();
  feed.say('message:stored', { message: message(1, 'evil\u202Etxt.exe') });
  await expect.poll(() => shown[0]?.body).toContain('U+202E');
});

test('the choice is kept, and a browser that forbids is not asked to tell', async () => {
  const { desktop } = makeDesktop('granted');
  await new Notifications(desktop, () => undefined).toggle();
  expect(new Notifications(desktop, () => undefined).isOn).toBe(true);
  const denied = makeDesktop('denied');
  const notifications = new Notifications(denied.desktop, () => undefined);
  await notifications.toggle();
  expect(notifications.isOn).toBe(false);
  expect(notifications.permission).toBe('denied');
  const { Notification: _, ...without } = denied.desktop;
  expect(new Notifications(without, () => undefined).permission).toBe('missing');
});
