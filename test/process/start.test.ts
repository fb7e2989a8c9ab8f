// What the program says when it starts, and when it cannot.
import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createAuthority } from '../../server/certificate/authority.ts';
import { freePorts, idIn, runMailscope, startMailscope, temporaryFolder, type Ended } from './mailscope.ts';

test('--ready-json prints one line with the addresses, and nothing else', async () => {
  await using folder = await temporaryFolder();
  await using mailscope = await startMailscope(folder.path);
  const [smtp, submission, smtps] = mailscope.ports;
  expect(mailscope.ready).toEqual({
    event: 'ready',
    smtp: [
      `smtp://127.0.0.1:${smtp}?tls=none`,
      `smtp://127.0.0.1:${submission}?tls=offered`,
      `smtps://127.0.0.1:${smtps}`,
    ],
    http: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
  });
  expect(Object.keys(mailscope.ready)).toEqual(['event', 'smtp', 'http']);
  for (const listener of [0, 1]) {
    await using wire = await mailscope.wire(listener);
    expect(await wire.hello()).toMatch(/^250-/);
  }
  const { out, err } = await mailscope.stop();
  expect(out).toMatch(/^\{[^\n]*\}\n$/);
  expect(err).toBe('');
});

test('without it, the addresses are told to a person', async () => {
  await using folder = await temporaryFolder();
  await using running = runMailscope([...freePorts, '--data', ':memory:'], folder.path);
  while (!running.out.includes('Ctrl+C')) await once(running.child.stdout!, 'data');
  const { out, err, code } = await running.stop('SIGINT');
  expect(out).toMatch(/^Mailscope is ready\.\n/);
  expect(out).toMatch(/Web and API +http:\/\/127\.0\.0\.1:\d+\n/);
  expect({ err, code }).toEqual({ err: '', code: 0 });
});

test('another program at [::1] on a port of ours is named, since clients that say localhost may reach it', async () => {
  await using folder = await temporaryFolder();
  const other = createServer();
  const opened = await new Promise<boolean>((done) => {
    other.once('error', () => done(false)).listen({ host: '::1', port: 0 }, () => done(true));
  });
  // A machine without IPv6 has nothing to name.
  if (!opened) return;
  const { port } = other.address() as AddressInfo;
  await using mailscope = await startMailscope(folder.path, ['--smtp-port', String(port)], { anyHost: true });
  expect(mailscope.ports[0]).toBe(port);
  const { err } = await mailscope.stop();
  expect(err).toContain(
    ` warn  Port ${port} (smtp) is taken on [::1] by another program, which clients that connect to localhost may reach; use 127.0.0.1`,
  );
  other.close();
});

test('a home folder in which nothing can be made keeps nobody from starting: its CA is in memory, told once', async () => {
  await using folder = await temporaryFolder();
  // The usual one of system users, in which root can make nothing either; and none at all.
  for (const [home, why] of [
    ['/dev/null', /warn {2}The certificate folder \/dev\/null\/.+ cannot be made \(\w+\)\. /],
    ['', /warn {2}There is no folder for the CA: this user has no home folder\. /],
  ] as const) {
    await using mailscope = await startMailscope(folder.path, [], { env: { HOME: home } });
    expect(await (await fetch(`${mailscope.ready.http}/api/ca.pem`)).text()).toMatch(/^-----BEGIN CERT/);
    const { err, code } = await mailscope.stop();
    expect(code).toBe(0);
    expect(err).toMatch(why);
    expect(err).toMatch(/--cert-dir.*\. Until then the CA is in memory, and another one at each start\.\n$/);
    expect(err.match(/\n/g)).toHaveLength(1);
  }
  expect(await readdir(folder.path)).toEqual(['data']);
});

/** What happened, why, and what to do, in a line each, and nothing of our own code. */
function expectExplained({ code, signal, ms, out, err }: Ended, ...words: (string | RegExp)[]): void {
  expect(err).toMatch(/^mailscope: .+\n {2}Why: .+\n {2}Do: {2}.+\n$/);
  expect(err).not.toMatch(/not foreseen|\bat .+:\d+:\d+/);
  for (const word of words) expect(err).toMatch(word);
  expect(signal).toBeNull();
  expect(code).toBeGreaterThan(0);
  expect(out).toBe('');
  expect(ms).toBeLessThan(15_000);
}

async function refuse(
  args: string[],
  { memory = true, env = {} }: { memory?: boolean; env?: Record<string, string> } = {},
): Promise<Ended> {
  await using folder = await temporaryFolder();
  await using running = runMailscope(
    [...freePorts, ...(memory ? ['--data', ':memory:'] : []), ...args],
    folder.path,
    { env },
  );
  return await running.ended;
}

describe('it does not start, and says what happened, why, and what to do,', () => {
  test.each(['--smtp-port', '--submission-port', '--smtps-port', '--http-port'])(
    'when the port of %s is in use',
    async (flag) => {
      await using other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const port = String((other.address() as AddressInfo).port);
      expectExplained(
        await refuse([flag, port, '--host', '127.0.0.1']),
        `Port ${port} on 127.0.0.1 is in use.\n`,
        'Another program listens there',
        flag,
      );
    },
  );

  test('when the data folder cannot be written', async () => {
    await using folder = await temporaryFolder();
    // Also root cannot make a folder below a file.
    const file = join(folder.path, 'file');
    await writeFile(file, '');
    const path = join(file, 'data');
    expectExplained(await refuse(['--data', path], { memory: false }), path, /--data/);
  });

  test('when there is no home folder for the data', async () => {
    expectExplained(await refuse([], { memory: false, env: { HOME: '' } }), /no home folder/, '--data');
  });

  test('when the data folder is a file', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'file');
    await writeFile(path, '');
    expectExplained(await refuse(['--data', path], { memory: false }), path, /It is a file/);
  });

  test.skipIf(!existsSync('/proc/self'))('when the system lets no folder be made there', async () => {
    const path = '/proc/nothing/data';
    expectExplained(await refuse(['--data', path], { memory: false }), path, '--data');
    expectExplained(await refuse(['--cert-dir', path]), path);
  });

  test('when the certificate folder cannot be written', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'file');
    await writeFile(file, '');
    expectExplained(await refuse(['--cert-dir', join(file, 'certificates')]), /certificates/);
    expectExplained(await refuse(['--cert-dir', file]), file, /It is a file/, '--cert-dir');
  });

  test('when key and certificate do not belong together', async () => {
    await using folder = await temporaryFolder();
    const [one, other] = [await createAuthority(new Date()), await createAuthority(new Date())];
    const [key, cert] = [join(folder.path, 'key.pem'), join(folder.path, 'cert.pem')];
    await writeFile(key, one.key);
    await writeFile(cert, other.cert);
    expectExplained(await refuse(['--tls-key', key, '--tls-cert', cert]), key);
  });

  test('when the key is no key', async () => {
    await using folder = await temporaryFolder();
    const { cert: text } = await createAuthority(new Date());
    const [key, cert] = [join(folder.path, 'key.pem'), join(folder.path, 'cert.pem')];
    await writeFile(key, 'no key');
    await writeFile(cert, text);
    expectExplained(await refuse(['--tls-key', key, '--tls-cert', cert]), key);
  });

  test('when a certificate file is not there', async () => {
    expectExplained(
      await refuse(['--tls-key', '/nowhere/k.pem', '--tls-cert', '/nowhere/c.pem']),
      /\/nowhere\/[kc]\.pem/,
    );
  });

  test('when the certificate comes without its key', async () => {
    expectExplained(await refuse(['--tls-cert', 'cert.pem']), '--tls-key');
  });

  test('when a flag is unknown, with the one that was probably meant', async () => {
    const ended = await refuse(['--smpt-port', '0']);
    expectExplained(ended, '--smpt-port', 'Did you mean --smtp-port');
    expect(ended.code).toBe(2);
  });

  test.each(['0.0.0.0', '::', '192.0.2.1', 'mail.example.test'])(
    'when %s would be open to others without --open',
    async (host) => {
      const ended = await refuse(['--host', host]);
      expectExplained(ended, host, '--open', /without a password/);
      expect(ended.code).toBe(2);
    },
  );
});

test('a second one on the same folder is refused, and the first goes on', async () => {
  await using folder = await temporaryFolder();
  await using first = await startMailscope(folder.path);
  const second = await refuse(['--data', join(folder.path, 'data')], { memory: false });
  expectExplained(second, /in use/, String(first.child.pid), '--data');
  await using wire = await first.wire();
  await wire.hello();
  const id = idIn(await wire.mail());
  expect((await first.client.readMessage({ params: { id } })).subject).toBe('test');
  expect((await first.stop()).code).toBe(0);
  await using third = await startMailscope(folder.path);
  expect((await third.client.listMessages()).items).toHaveLength(1);
});
