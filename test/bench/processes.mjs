// Programs that the bench starts. Each is ended by its own id, at the latest when the bench itself ends.
import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const running = new Set();
process.on('exit', () => killAll());

/** Also ends what is being waited for: the time limit of the whole run uses it. */
export function killAll() {
  for (const child of running) child.kill('SIGKILL');
}

export function findProgram(...names) {
  // Debian keeps smtp-source and smtp-sink in a folder that is not on everybody's PATH.
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'].filter(
    Boolean,
  );
  for (const name of names)
    for (const folder of folders) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        if (statSync(path).isFile()) return path;
      } catch {
        // Not in this folder.
      }
    }
  return null;
}

/** A child that runs until it is stopped. `output()` is what it has printed; `exited` whether it is gone. */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  running.add(child);
  let printed = '';
  const keep = (bytes) => {
    if (printed.length < 64 * 1024) printed += bytes.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise((resolve) => {
    child.once('error', (error) => {
      printed += error.message;
      running.delete(child);
      resolve(-1);
    });
    child.once('close', (code) => {
      running.delete(child);
      resolve(code ?? -1);
    });
  });
  return {
    pid: child.pid,
    ended,
    output: () => printed,
    exited: () => !running.has(child),
    kill: (s) => child.kill(s),
  };
}

/** Asks politely, then insists. */
export async function stop(child) {
  if (child.exited()) return;
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), 5000);
  await child.ended;
  clearTimeout(force);
}

/** Runs a program to its end and says how long that took. Throws when it fails or takes too long. */
export async function run(command, args, { timeoutMs = 30_000, ...options } = {}) {
  const startedAt = performance.now();
  const child = start(command, args, options);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, timeoutMs);
  const code = await child.ended;
  clearTimeout(timer);
  const seconds = (performance.now() - startedAt) / 1000;
  if (late) throw new Error(`${command} ${args.join(' ')} did not end within ${timeoutMs / 1000} s`);
  if (code !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${child.output().trim()}`);
  return { seconds, output: child.output() };
}

/** For servers that cannot say which port they took. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Calls `attempt` until it gives a value. */
export async function until(attempt, { everyMs, timeoutMs, what }) {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await attempt();
    if (value) return value;
    if (performance.now() > deadline) throw new Error(`${what} did not come within ${timeoutMs / 1000} s`);
    await delay(everyMs);
  }
}
