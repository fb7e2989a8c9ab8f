// Ends inboxes whose time is over, and keeps each within its own limits.
import { createAging, nowUs } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Inboxes } from './inboxes.ts';
import type { InboxStore } from './stored.ts';

const everyMs = 200;
/** How often those with an age limit are looked at. */
const agesEvery = 10;

export function startInboxLife(parts: { inboxes: Inboxes; store: InboxStore; log: Log }): AsyncDisposable {
  const { inboxes, store, log } = parts;
  const aging = createAging();
  let running: Promise<void> | null = null;
  let turn = 0;
  let told = '';

  async function tend(): Promise<void> {
    const now = nowUs();
    const agedTo = aging();
    const all = inboxes.stored();
    const over = all.filter(({ expiresUs }) => expiresUs !== null && expiresUs <= now);
    await Promise.all(over.map(({ name }) => inboxes.remove(name, 'expired')));
    const due = new Set(inboxes.takeBusy());
    turn += 1;
    if (turn % agesEvery === 0) for (const { name, retention } of all) if (retention.maxAgeMs) due.add(name);
    for (const { name, retention } of all)
      if (due.has(name) && retention.maxMessages + retention.maxAgeMs > 0)
        await store.pruneInbox(name, retention, agedTo);
  }

  /** Once, until it works again. */
  function tell(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    if (why !== told) log.error('An inbox could not be kept within its limits', error);
    told = why;
  }

  const clock = setInterval(() => {
    running ??= tend()
      .then(() => void (told = ''), tell)
      .finally(() => (running = null));
  }, everyMs);
  clock.unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(clock);
      await running;
    },
  };
}
