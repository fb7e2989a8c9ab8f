// Preloaded into a Mailscope: it kills itself with SIGKILL before the n-th statement of its migrations, n being
// MAILSCOPE_TEST_KILL_AT.
import Database from 'better-sqlite3';
import { workerData } from 'node:worker_threads';

let left = Number(process.env.MAILSCOPE_TEST_KILL_AT);

if (workerData?.role === 'writer') {
  const { exec } = Database.prototype;
  Database.prototype.exec = function (sql) {
    for (const each of sql.split(/;\s*\n/).filter((text) => text.trim() !== '')) {
      if (--left === 0) process.kill(process.pid, 'SIGKILL');
      exec.call(this, each);
    }
    return this;
  };
}
