// The part of the Store that is about issues, over any driver.
import type { Driver } from './driver.ts';
import type { StoredIssues } from './kept.ts';

export const storedIssues = (driver: Driver): StoredIssues => ({
  loadIssues: async () =>
    (await driver.read('loadIssues', null)).map((definition) => JSON.parse(definition) as unknown),
  async saveIssues(issues, removed) {
    await driver.write('saveIssues', { issues, removed });
  },
  async removeIssues(ids) {
    await driver.write('removeIssues', { ids });
  },
});
