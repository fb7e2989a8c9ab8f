// Everything in memory, on the calling thread: for tests and for those who want nothing kept.
import { MailscopeError } from '../../shared/errors.ts';
import { nowUs, steadyUs } from '../clock.ts';
import type { Driver } from './driver.ts';
import { durableEvent } from './event-log.ts';
import { asMailscopeError } from './files/body-writer.ts';
import { runRead, runWrite, type OutputOf, type Reads, type Writes } from './operations.ts';
import { openConnection } from './sqlite/connection.ts';
import { migrate } from './sqlite/schema.ts';
import { commitTogether, createWriting } from './sqlite/writing.ts';
import type { StoreOptions } from './store.ts';

export function openMemory(options: StoreOptions): Driver {
  const connection = openConnection(':memory:');
  const id = migrate(connection, ':memory:');
  const writing = createWriting(connection, null);

  function assertOpen(): void {
    if (!connection.db.open) throw new MailscopeError('unavailable', 'The storage is closed.');
  }

  async function write<N extends keyof Writes>(name: N, input: unknown) {
    assertOpen();
    const [outcome] = commitTogether(writing, [
      () => {
        writing.atUs = nowUs();
        return runWrite(writing, name, input);
      },
    ]);
    if (outcome?.ok !== true) throw asMailscopeError(outcome?.error);
    const events = writing.events.map((event) => durableEvent(id, event));
    if (events.length > 0) options.onEvents(events);
    return outcome.value as OutputOf<Writes, N>;
  }

  return {
    id,
    lastSessionSeq: 0,
    bodies: null,
    isVeryLarge: () => false,
    lastEventSeq: () => writing.counters.eventSeq,
    write,
    async step(name, input) {
      const startedUs = steadyUs();
      const value = await write(name, input);
      return { value, tookUs: steadyUs() - startedUs };
    },
    async read<N extends keyof Reads>(name: N, input: unknown) {
      assertOpen();
      return runRead(connection, name, input) as OutputOf<Reads, N>;
    },
    close() {
      connection.db.close();
      return Promise.resolve();
    },
  };
}
