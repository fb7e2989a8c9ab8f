// As it comes, nobody but this machine can reach it.
import { execFileSync } from 'node:child_process';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { findTool } from '../support/tools.ts';
import { freePorts, runMailscope, startMailscope, temporaryFolder } from './mailscope.ts';

const own = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
const reachable = own
  .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
  .map(({ address }) => address);
const loopbackV6 = own.some(({ internal, address }) => internal && address === '::1');

const isOpen = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2000 });
    const done = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket
      .on('connect', () => done(true))
      .on('error', () => done(false))
      .on('timeout', () => done(false));
  });

/** With the host as it comes, but free ports. */
const asItComes = (folder: string) => startMailscope(folder, [], { anyHost: true });
const portsOf = (mailscope: { ports: number[]; ready: { http: string } }): number[] => [
  ...mailscope.ports,
  Number(new URL(mailscope.ready.http).port),
];

test('it listens on 127.0.0.1, and on ::1 where there is one', async () => {
  await using folder = await temporaryFolder();
  await using mailscope = await asItComes(folder.path);
  for (const port of portsOf(mailscope)) {
    expect(await isOpen('127.0.0.1', port)).toBe(true);
    if (loopbackV6) expect(await isOpen('::1', port), `[::1]:${port}`).toBe(true);
  }
});

if (reachable.length === 0)
  console.warn('\n*** SKIPPED: this machine has no address but loopback, so nothing could be reached ***\n');
test.runIf(reachable.length > 0)('no port of it is open on another address of this machine', async () => {
  await using folder = await temporaryFolder();
  await using mailscope = await asItComes(folder.path);
  for (const host of reachable)
    for (const port of portsOf(mailscope))
      expect(await isOpen(host, port), `${host} port ${port}`).toBe(false);
});

// A second opinion of Linux machines only; the connections above decide.
const ss = findTool('ss');
if (ss === null) console.warn('\n*** SKIPPED: the list of listening sockets, since there is no ss ***\n');
test.runIf(ss !== null)('the system agrees: all its listening sockets are on loopback', async () => {
  await using folder = await temporaryFolder();
  await using mailscope = await asItComes(folder.path);
  const listening = execFileSync(ss!, ['-Hltnp'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(`pid=${mailscope.child.pid},`))
    .map((line) => line.split(/\s+/)[3]!);
  expect(listening.length).toBeGreaterThanOrEqual(4);
  for (const address of listening) expect(address).toMatch(/^(127\.0\.0\.1|\[::1\]):\d+$/);
});

test('--open with another address opens it, and only that one', async () => {
  await using folder = await temporaryFolder();
  await using mailscope = await startMailscope(folder.path, ['--host', '0.0.0.0', '--open']);
  for (const host of ['127.0.0.1', ...reachable.filter((address) => !address.includes(':'))])
    for (const port of portsOf(mailscope))
      expect(await isOpen(host, port), `${host} port ${port}`).toBe(true);
});

test('a web port that others could reach is refused without --open, also by the environment', async () => {
  await using folder = await temporaryFolder();
  await using running = runMailscope([...freePorts], folder.path, { env: { MAILSCOPE_HOST: '0.0.0.0' } });
  const { code, err } = await running.ended;
  expect(code).toBe(2);
  expect(err).toContain('--open');
});
