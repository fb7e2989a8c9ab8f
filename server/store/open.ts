// Opens a store: in memory, or in a folder.
import { storeFrom } from './from-driver.ts';
import type { Store, StoreOptions } from './store.ts';
import type { ForTests } from './threads/protocol.ts';

export async function openStore(options: StoreOptions, internal: ForTests = {}): Promise<Store> {
  // Each driver is loaded only when it is used: SQLite stays off the main thread where there are workers.
  if (options.data === ':memory:') {
    const { openMemory } = await import('./memory.ts');
    return storeFrom(openMemory(options), options);
  }
  const { openDisk } = await import('./threads/disk.ts');
  return storeFrom(await openDisk(options, internal), options);
}
