// The part of the Store that is about inboxes, over any driver.
import type { Driver } from './driver.ts';
import type { StoredInboxes } from './kept.ts';
import { changedRows, createPace } from './pace.ts';
import type { Store } from './store.ts';

interface Steps {
  deleteSessions: Store['deleteSessions'];
  purge(beforeUs: number): Promise<number>;
  removeFiles(removed: { files: string[] }): Promise<void>;
}

export function storedInboxes(driver: Driver, { deleteSessions, purge, removeFiles }: Steps): StoredInboxes {
  return {
    async loadInboxes() {
      const { inboxes, tokens } = await driver.read('loadInboxes', null);
      return {
        inboxes: inboxes.map(({ definition, sinceSeq }) => ({
          ...(JSON.parse(definition) as object),
          sinceSeq,
        })) as never,
        tokens: tokens.map((definition) => JSON.parse(definition) as unknown) as never,
      };
    },
    saveInbox: (inbox, told, event) =>
      driver.write('saveInbox', { definition: JSON.stringify(inbox), told, event }),
    async removeInbox(name, reason) {
      const count = await driver.write('endInbox', { name });
      await deleteSessions({ all: true }, true, name);
      await driver.write('forgetInbox', { name, reason });
      if (count > 0) await purge(1);
      return count;
    },
    async saveInboxToken(token) {
      const { id, inbox, hash } = token;
      await driver.write('saveInboxToken', { id, inbox, hash, definition: JSON.stringify(token) });
    },
    async removeInboxToken(id) {
      await driver.write('removeInboxToken', { id });
    },
    async pruneInbox(name, { maxMessages, maxAgeMs }, nowUs) {
      const pace = createPace(changedRows);
      for (let more = true; more;) {
        const step = await pace.step((limit) =>
          driver.step('pruneInboxStep', { name, maxMessages, maxAgeMs, nowUs, limit }),
        );
        await removeFiles(step);
        more = step.more;
      }
    },
    countInboxes: () => driver.read('countInboxes', null),
  };
}
