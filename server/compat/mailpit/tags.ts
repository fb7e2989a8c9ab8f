// All tags in use. Lists of messages show them, so they are kept until something changes them.
import type { CompatParts } from '../parts.ts';
import { summaries } from '../reading.ts';

export interface Tags extends Disposable {
  /** Each with the number of messages that have it, in the order of the alphabet. */
  count(): Promise<Map<string, number>>;
}

export function watchTags(parts: Pick<CompatParts, 'store' | 'settled' | 'events'>): Tags {
  let known: Promise<Map<string, number>> | undefined;
  const stop = parts.events.on('durable', (batch) => {
    const changes = batch.some(({ type, payload }) => {
      if (type === 'message:stored') return payload.message.tags.length > 0;
      if (type === 'messages:changed') return Boolean(payload.tags ?? payload.addTags ?? payload.removeTags);
      return type === 'messages:deleted' || type === 'messages:restored';
    });
    if (changes) known = undefined;
  });

  async function read(): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    const tagged = { type: 'field', field: 'is', header: null, value: 'tagged' } as const;
    for await (const { tags } of summaries(parts, tagged))
      for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
    const lower = (text: string): string => text.toLowerCase();
    return new Map([...counts].sort(([a], [b]) => (lower(a) < lower(b) ? -1 : 1)));
  }

  return {
    count() {
      const reading = (known ??= read());
      // A failure is not kept.
      reading.catch(() => {
        if (known === reading) known = undefined;
      });
      return reading;
    },
    [Symbol.dispose]: stop,
  };
}

/** Other characters than these are dropped. */
export const cleanTag = (tag: string): string =>
  tag
    .slice(0, 200)
    .replace(/[^a-zA-Z0-9\-._@ ]/g, '')
    .replace(/ {2,}/g, ' ')
    .trim()
    .slice(0, 100);
