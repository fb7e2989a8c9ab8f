// The part of the Store that is about simulated failures, over any driver.
import type { Driver } from './driver.ts';
import type { StoredFaults } from './kept.ts';

export const storedFaults = (driver: Driver): StoredFaults => ({
  loadFaults: async () =>
    (await driver.read('loadFaults', null)).map((definition) => JSON.parse(definition) as never),
  async saveFault(fault, told, event) {
    await driver.write('saveFault', { definition: JSON.stringify(fault), told, event });
  },
  async removeFaults(ids) {
    await driver.write('removeFaults', { ids });
  },
});
