// The servers that are compared. Each start is a new process on a new, empty data folder, on loopback.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram, freePort, run, start, stop, until } from './processes.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const main = join(root, 'dist', 'server', 'main.js');
const cache = join(tmpdir(), 'mailscope-bench');
const loopback = '127.0.0.1';

/** Connects until somebody greets: the time from the start to this is what a script that starts a server waits. */
function greets(port) {
  return new Promise((resolve) => {
    const socket = connect({ host: loopback, port });
    const end = (value) => {
      socket.destroy();
      resolve(value);
    };
    socket.setTimeout(5000, () => end(false));
    socket.once('error', () => end(false));
    socket.once('data', (bytes) => end(bytes.toString('latin1', 0, 3) === '220'));
  });
}

/** @returns the running server: name, port, pid, startMs, stop(). Its folder goes when it stops. */
async function launch(name, folder, command, args, port, options = {}) {
  mkdirSync(folder, { recursive: true });
  const startedAt = performance.now();
  const child = start(command, args, { cwd: folder, ...options });
  const end = async () => {
    await stop(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await until(
      async () => {
        if (child.exited()) throw new Error(`${name} did not start: ${child.output().trim()}`);
        return greets(port);
      },
      { everyMs: 2, timeoutMs: 20_000, what: `The greeting of ${name}` },
    );
  } catch (error) {
    await end();
    throw error;
  }
  return {
    name,
    port,
    pid: child.pid,
    startMs: performance.now() - startedAt,
    output: child.output,
    stop: end,
  };
}

/** Settings of the person who runs the bench must not change what is measured. */
const cleanEnv = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(MAILSCOPE|MAILDEV)_|^NODE_OPTIONS$/.test(name)),
  );

export function mailscope(config) {
  return {
    name: 'mailscope',
    version: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version,
    /** `newConfig`: also an empty configuration folder, so that the local CA has to be made. */
    async start(folder, { flags = [], newConfig = false } = {}) {
      const port = await freePort();
      const home = newConfig ? join(folder, 'config') : config;
      const ports = ['--smtp-port', port, '--submission-port', 0, '--smtps-port', 0, '--http-port', 0].map(
        String,
      );
      const server = await launch(
        'mailscope',
        folder,
        process.execPath,
        [main, '--ready-json', '--host', loopback, '--data', join(folder, 'data'), ...ports, ...flags],
        port,
        { env: { ...cleanEnv(), XDG_CONFIG_HOME: home } },
      );
      const ready = await until(() => /^\{"event":"ready".*\}$/m.exec(server.output())?.[0], {
        everyMs: 2,
        timeoutMs: 10_000,
        what: 'The ready line of mailscope',
      });
      const { smtp, http } = JSON.parse(ready);
      return { ...server, http, tlsPort: Number(new URL(smtp.find((url) => url.startsWith('smtps:'))).port) };
    },
  };
}

/** Installed once, outside the repository: it is a peer and no dependency. */
async function installMaildev() {
  const folder = join(cache, 'node_modules', 'maildev');
  if (!existsSync(join(folder, 'package.json'))) {
    mkdirSync(cache, { recursive: true });
    console.error(`installing maildev@3 into ${cache}`);
    await run('npm', ['install', 'maildev@3', '--prefix', cache, '--no-audit', '--no-fund'], {
      timeoutMs: 120_000,
    });
  }
  const { version, bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return { version, file: join(folder, typeof bin === 'string' ? bin : bin.maildev) };
}

export async function maildev() {
  const { version, file } = await installMaildev();
  return {
    name: 'maildev',
    version,
    async start(folder) {
      const [port, web] = [await freePort(), await freePort()];
      const addresses = [
        '--ip',
        loopback,
        '--smtp',
        String(port),
        '--web-ip',
        loopback,
        '--web',
        String(web),
      ];
      const args = [file, '--silent', ...addresses, '--mail-directory', join(folder, 'data')];
      const server = await launch('maildev', folder, process.execPath, args, port, { env: cleanEnv() });
      return { ...server, http: `http://${loopback}:${web}` };
    },
  };
}

/** Postfix's sink throws everything away: what the machine and the client can do at most. */
export function smtpSink() {
  const program = findProgram('smtp-sink');
  if (!program) return null;
  return {
    name: 'smtp-sink',
    version: null,
    async start(folder) {
      const port = await freePort();
      const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
      return launch('smtp-sink', folder, program, [...user, `${loopback}:${port}`, '1024'], port);
    },
  };
}

/** Starts a server in a folder of its own, hands it to `use`, and stops it whatever happens. */
export async function withServer(kind, base, use, options) {
  const server = await kind.start(mkdtempSync(join(base, `${kind.name}-`)), options);
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}
