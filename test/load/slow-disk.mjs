// Preloaded into a Mailscope to slow its disk down: each commit takes MAILSCOPE_TEST_COMMIT_MS, and files are written
// with MAILSCOPE_TEST_DISK_MB megabytes a second in all.
import Database from 'better-sqlite3';
import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { isMainThread, workerData } from 'node:worker_threads';

const commitMs = Number(process.env.MAILSCOPE_TEST_COMMIT_MS);
const bytesPerMs = Number(process.env.MAILSCOPE_TEST_DISK_MB) * 1000;

function slowCommits() {
  const lock = new Int32Array(new SharedArrayBuffer(4));
  const { prepare } = Database.prototype;
  Database.prototype.prepare = function (sql) {
    const statement = prepare.call(this, sql);
    if (!/^\s*COMMIT/i.test(sql)) return statement;
    const { run } = statement;
    statement.run = function (...values) {
      Atomics.wait(lock, 0, 0, commitMs);
      return run.apply(this, values);
    };
    return statement;
  };
}

async function slowFiles() {
  const handle = await open(fileURLToPath(import.meta.url));
  const proto = Object.getPrototypeOf(handle);
  await handle.close();
  const { writev } = proto;
  let freeAt = 0;
  proto.writev = async function (parts, ...more) {
    const now = performance.now();
    const bytes = parts.reduce((sum, part) => sum + part.length, 0);
    freeAt = Math.max(freeAt, now) + bytes / bytesPerMs;
    await new Promise((done) => setTimeout(done, freeAt - now));
    return writev.call(this, parts, ...more);
  };
}

if (isMainThread) await slowFiles();
else if (workerData?.role === 'writer') slowCommits();
