// Preloaded into a Mailscope: the pages that its other thread wrote of the log are added up in MAILSCOPE_TEST_COUNT, a line
// for each time.
import Database from 'better-sqlite3';
import { appendFileSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

if (workerData?.role === 'reader') {
  const { pragma } = Database.prototype;
  Database.prototype.pragma = function (source, options) {
    if (!source.includes('wal_checkpoint(PASSIVE)')) return pragma.call(this, source, options);
    const [before] = pragma.call(this, 'wal_checkpoint(NOOP)');
    const state = pragma.call(this, source, options);
    appendFileSync(
      process.env.MAILSCOPE_TEST_COUNT,
      `${Math.max(0, state[0].checkpointed - before.checkpointed)}\n`,
    );
    return state;
  };
}
