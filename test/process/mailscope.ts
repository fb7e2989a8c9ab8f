// The built program as a process of its own, on free ports.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Session } from '../../shared/session.ts';
import { connect, type Client } from '../../shared/client/client.ts';
import { openWire, type Wire } from '../support/wire.ts';
import { areTold } from '../support/told-sessions.ts';

const builtMain = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url));
const patienceMs = 50_000;

export interface Folder extends AsyncDisposable {
  path: string;
}

export async function temporaryFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'mailscope-process-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Since the process was started, or the signal sent. */
  ms: number;
  out: string;
  err: string;
}

export interface Process extends AsyncDisposable {
  child: ChildProcess;
  /** All that it wrote until now. */
  readonly out: string;
  readonly err: string;
  /** Resolves when the process is gone and its output is read. */
  ended: Promise<Ended>;
  /** Sends a signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Ended>;
}

/** How it is run: `main` is the file, `node` what runs it, `openFiles` how many it may have open. */
interface RunOptions {
  main?: string;
  node?: string;
  env?: Record<string, string>;
  openFiles?: number;
}

/** `folder` is its working directory and its home. */
export function runMailscope(
  args: string[],
  folder: string,
  {
    main = builtMain,
    node = process.execPath,
    input = '',
    env = {},
    openFiles,
  }: RunOptions & { input?: string | Buffer } = {},
): Process {
  const limited = openFiles ? ['sh', '-c', `ulimit -n ${openFiles} && exec "$@"`, 'sh'] : [];
  const [program, ...words] = [...limited, node, main, ...args] as [string, ...string[]];
  const child = spawn(program, words, {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, ...env },
  });
  const texts = { out: '', err: '' };
  child.stdout.on('data', (bytes: Buffer) => (texts.out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (texts.err += bytes.toString()));
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  let since = performance.now();
  const ended = once(child, 'close').then(([code, signal]): Ended => {
    const ms = performance.now() - since;
    return { code: code as number | null, signal: signal as NodeJS.Signals | null, ms, ...texts };
  });
  const stop = (signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> => {
    since = performance.now();
    child.kill(signal);
    return ended;
  };
  return {
    child,
    get out() {
      return texts.out;
    },
    get err() {
      return texts.err;
    },
    ended,
    stop,
    async [Symbol.asyncDispose]() {
      await stop('SIGKILL');
    },
  };
}

export interface Mailscope extends Process {
  ready: { event: string; smtp: string[]; http: string };
  client: Client;
  /** Those of smtp, submission and smtps. */
  ports: number[];
  wire(listener?: number): Promise<Wire>;
  /** Sessions once `count` of them are no longer open, oldest first. */
  closedSessions(count: number): Promise<Session[]>;
}

export const freePorts = [
  '--smtp-port',
  '0',
  '--submission-port',
  '0',
  '--smtps-port',
  '0',
  '--http-port',
  '0',
];

/** Starts it with its data in `folder`/data, and waits until it is ready. `anyHost`: the address is left out. */
export async function startMailscope(
  folder: string,
  args: string[] = [],
  options: RunOptions & { anyHost?: boolean } = {},
): Promise<Mailscope> {
  const host = options.anyHost ? [] : ['--host', '127.0.0.1'];
  const usual = ['--ready-json', ...host, ...freePorts, '--data', join(folder, 'data')];
  const running = runMailscope([...usual, ...args], folder, options);
  const over = running.ended.then(() => 'ended' as const);
  const deadline = Date.now() + patienceMs;
  while (!running.out.includes('\n')) {
    const first = await Promise.race([
      over,
      once(running.child.stdout!, 'data'),
      delay(patienceMs, 'late' as const, { ref: false }),
    ]);
    if (first !== 'ended' && Date.now() < deadline) continue;
    await running.stop('SIGKILL');
    throw new Error(`Mailscope did not start: ${running.out}${running.err}`);
  }
  const ready = JSON.parse(running.out) as Mailscope['ready'];
  const ports = ready.smtp.map((address) => Number(new URL(address).port));
  const client = connect(ready.http);
  return Object.assign(running, {
    ready,
    client,
    ports,
    wire: (listener = 0) => openWire(ports[listener]!),
    async closedSessions(count: number): Promise<Session[]> {
      for (const end = Date.now() + patienceMs; ; await delay(10)) {
        const { items } = await client.listSessions({ query: { limit: 500 } });
        const closed = items.filter(({ outcome }) => outcome !== 'open');
        if (closed.length >= count && (await areTold(client, closed)))
          return Promise.all(closed.reverse().map(({ id }) => client.readSession({ params: { id } })));
        if (Date.now() > end) throw new Error(`${closed.length} of ${count} sessions were closed in time`);
      }
    },
  });
}

/** The id in a reply such as `250 2.0.0 Ok: queued as m_...`. */
export const idIn = (reply: string): string =>
  /^250 2\.0\.0 Ok: queued as (m_[A-Za-z0-9_-]+)\r\n$/.exec(reply)?.[1] ?? `none in ${reply}`;
