// The certificate that Mailscope makes: strict verifiers take it, it outlives restarts, and the user's own files are
// checked before anything starts.
import { X509Certificate } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openCertificate } from '../../server/certificate/open-certificate.ts';
import { createAuthority, createLeaf } from '../../server/certificate/authority.ts';
import { temporaryFolder } from '../process/mailscope.ts';
import { needs } from '../support/tools.ts';
import { run } from './real-hellos.ts';
import { listenTls, testSetup } from './tls-listener.ts';

const dayMs = 86_400_000;

const leafOf = (cert: string): X509Certificate => new X509Certificate(cert);

describe('the certificate of an own CA', () => {
  test('has the names that applications use, and those that were asked for', async () => {
    const { names, own, caPem, cert, notAfter } = await openCertificate({
      folder: null,
      names: ['mail.test', '192.168.1.5', '*.dev.test', '[2001:DB8::1]', 'bücher.test', 'localhost'],
    });
    expect(names).toEqual(
      'localhost 127.0.0.1 ::1 host.docker.internal mailscope mail.test 192.168.1.5 *.dev.test 2001:db8::1 xn--bcher-kva.test'.split(
        ' ',
      ),
    );
    expect(own).toBe(true);
    expect(cert.endsWith(caPem!)).toBe(true);
    const leaf = leafOf(cert);
    expect(leaf.checkIssued(new X509Certificate(caPem!))).toBe(true);
    const days = (Date.parse(leaf.validTo) - Date.parse(leaf.validFrom)) / dayMs;
    expect(days).toBeGreaterThan(800);
    expect(days).toBeLessThanOrEqual(825);
    expect(Date.parse(leaf.validFrom)).toBeLessThan(Date.now() - 60_000);
    expect(notAfter.getTime()).toBe(Date.parse(leaf.validTo));
  });

  test('is refused a name that is none', async () => {
    await expect(openCertificate({ folder: null, names: ['not a name'] })).rejects.toThrow(
      'The certificate name "not a name" cannot be used. It is neither a host name nor an IP address. Give one like',
    );
  });

  test('is the same after a restart', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'new');
    const first = await openCertificate({ folder: path, names: ['mail.test'] });
    expect(await openCertificate({ folder: path, names: ['mail.test'] })).toEqual(first);
  });

  test.skipIf(process.platform === 'win32')('lies where only its user can read it', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'new');
    await openCertificate({ folder: path, names: [] });
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    const files = await readdir(path);
    expect(files.sort()).toEqual(['authority.pem', 'ca.pem', 'server.pem']);
    for (const file of files) expect((await stat(join(path, file))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(path, 'ca.pem'), 'utf8')).not.toContain('PRIVATE KEY');
  });

  test('is made anew when the names change, by the same CA', async () => {
    await using folder = await temporaryFolder();
    const first = await openCertificate({ folder: folder.path, names: [] });
    const second = await openCertificate({ folder: folder.path, names: ['mail.test'] });
    expect(second.names).toContain('mail.test');
    expect(second.caPem).toBe(first.caPem);
  });

  test('is renewed within the last 30 days, and the CA after ten years', async () => {
    await using folder = await temporaryFolder();
    const at = (days: number) =>
      openCertificate({ folder: folder.path, names: [], now: new Date(Date.now() + days * dayMs) });
    const first = await at(0);
    expect((await at(780)).cert).toBe(first.cert);
    const second = await at(795);
    expect(second.cert).not.toBe(first.cert);
    expect(second.caPem).toBe(first.caPem);
    const third = await at(3_600);
    expect(third.caPem).toBe(first.caPem);
    expect(third.notAfter.getTime()).toBeLessThanOrEqual(Date.parse(leafOf(first.caPem!).validTo));
    const fourth = await at(3_640);
    expect(fourth.caPem).not.toBe(first.caPem);
    expect(await readFile(join(folder.path, 'ca.pem'), 'utf8')).toBe(fourth.caPem);
  });

  test('is made anew when its file is damaged or has a foreign key', async () => {
    await using folder = await temporaryFolder();
    const first = await openCertificate({ folder: folder.path, names: [] });
    await writeFile(join(folder.path, 'server.pem'), 'damaged');
    const second = await openCertificate({ folder: folder.path, names: [] });
    expect(leafOf(second.cert).verify(leafOf(first.caPem!).publicKey)).toBe(true);
    const stranger = await createLeaf(await createAuthority(new Date()), second.names, new Date());
    await writeFile(join(folder.path, 'server.pem'), stranger.key + stranger.cert);
    const third = await openCertificate({ folder: folder.path, names: [] });
    expect(leafOf(third.cert).verify(leafOf(first.caPem!).publicKey)).toBe(true);
  });

  test('is one and the same CA for processes that start at once', async () => {
    await using folder = await temporaryFolder();
    const opened = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        openCertificate({ folder: folder.path, names: [`host${n % 2}.test`] }),
      ),
    );
    expect(new Set(opened.map(({ caPem }) => caPem)).size).toBe(1);
    for (const { cert, key, caPem } of opened) {
      expect(leafOf(cert).verify(leafOf(caPem!).publicKey)).toBe(true);
      await using _listener = await listenTls(testSetup({ key, cert }));
    }
    expect((await readdir(folder.path)).sort()).toEqual(['authority.pem', 'ca.pem', 'server.pem']);
  });

  test('writes nothing into a CA folder that is only read', async () => {
    await using folder = await temporaryFolder();
    const kept = await openCertificate({ folder: folder.path, names: [] });
    const before = await readFile(join(folder.path, 'server.pem'), 'utf8');
    const opened = await openCertificate({
      folder: folder.path,
      names: ['mail.test'],
      caFolderReadOnly: true,
    });
    expect(opened.caPem).toBe(kept.caPem);
    expect(opened.names).toContain('mail.test');
    expect(await readFile(join(folder.path, 'server.pem'), 'utf8')).toBe(before);
  });

  test('the CA of a folder that nobody chose and that cannot be written is used as it is', async () => {
    await using folder = await temporaryFolder();
    const kept = await openCertificate({ folder: folder.path, names: [] });
    // The next certificate cannot be put in the place of a folder, also not by root.
    await rm(join(folder.path, 'server.pem'));
    await mkdir(join(folder.path, 'server.pem', 'x'), { recursive: true });
    const told: string[] = [];
    const orInMemory = (why: string): void => void told.push(why);
    const opened = await openCertificate({ folder: folder.path, names: ['mail.test'], orInMemory });
    expect(opened.caPem).toBe(kept.caPem);
    expect(opened.names).toContain('mail.test');
    expect(told).toEqual([
      expect.stringMatching(/^The certificate folder .* --cert-dir .*\. The CA there is used as it is\.$/),
    ]);
    await expect(openCertificate({ folder: folder.path, names: [] })).rejects.toThrow(
      /^The certificate folder/,
    );
  });

  test('of a folder that is there it is to be made accessible, not the one around it', async () => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, 'authority.pem')); // Also root cannot read it as a file.
    await expect(openCertificate({ folder: folder.path, names: [] })).rejects.toThrow(
      ` Make ${folder.path} and what is in it readable and writable for this user, or `,
    );
  });
  test('a folder that cannot be made is explained', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'file'), '');
    await expect(openCertificate({ folder: join(folder.path, 'file', 'x'), names: [] })).rejects.toThrow(
      /^The certificate folder .* cannot be made \(ENOTDIR\)\. Mailscope keeps its CA there, .* or with --cert-dir choose another folder\.$/,
    );
  });
});

describe('strict verifiers take it', () => {
  needs('openssl').test('openssl verify -x509_strict, for each kind of name', async () => {
    await using folder = await temporaryFolder();
    await openCertificate({ folder: folder.path, names: ['mail.test'] });
    const [ca, leaf] = [join(folder.path, 'ca.pem'), join(folder.path, 'server.pem')];
    for (const name of [
      ['-verify_hostname', 'mail.test'],
      ['-verify_ip', '127.0.0.1'],
      ['-verify_ip', '::1'],
    ])
      expect(
        await run('openssl', [
          'verify',
          '-x509_strict',
          '-purpose',
          'sslserver',
          ...name,
          '-CAfile',
          ca,
          leaf,
        ]),
      ).toContain('server.pem: OK');
  });

  needs('openssl').test('openssl s_client with the CA alone', async () => {
    await using folder = await temporaryFolder();
    const certificate = await openCertificate({ folder: folder.path, names: [] });
    await using listener = await listenTls(testSetup(certificate));
    const output = await run('openssl', [
      ...['s_client', '-connect', `127.0.0.1:${listener.port}`, '-CAfile', join(folder.path, 'ca.pem')],
      ...['-x509_strict', '-verify_hostname', 'localhost', '-verify_return_error', '-brief'],
    ]);
    expect(output).toContain('Verification: OK');
    expect((await listener.next()).facts.ok).toBe(true);
  });

  needs('python3').test('Python in strict mode', async () => {
    await using folder = await temporaryFolder();
    const certificate = await openCertificate({ folder: folder.path, names: [] });
    await using listener = await listenTls(testSetup(certificate));
    const output = await run('python3', [
      '-c',
      [
        'import ssl,socket,sys',
        'c=ssl.create_default_context(cafile=sys.argv[1])',
        'c.verify_flags|=ssl.VERIFY_X509_STRICT',
        's=c.wrap_socket(socket.create_connection(("127.0.0.1",int(sys.argv[2]))),server_hostname="localhost")',
        'print(s.version())',
      ].join('\n'),
      join(folder.path, 'ca.pem'),
      String(listener.port),
    ]);
    expect(output.trim()).toBe('TLSv1.3');
  });
});

describe("the user's own key and certificate", () => {
  async function ownFiles(path: string, now = new Date()) {
    const authority = await createAuthority(now);
    const leaf = await createLeaf(authority, ['mail.test'], now);
    const [keyFile, certFile] = [join(path, 'key.pem'), join(path, 'cert.pem')];
    await writeFile(keyFile, leaf.key);
    await writeFile(certFile, leaf.cert + authority.cert);
    return { keyFile, certFile, authority, leaf };
  }
  const open = (files: { keyFile?: string; certFile?: string }) =>
    openCertificate({ folder: null, names: [], ...files });

  test('are used as they are', async () => {
    await using folder = await temporaryFolder();
    const { keyFile, certFile, leaf } = await ownFiles(folder.path);
    const opened = await open({ keyFile, certFile });
    expect(opened).toMatchObject({ own: false, caPem: null, names: ['mail.test'], key: leaf.key });
  });

  test('are checked, and each mistake is said in full', async () => {
    await using folder = await temporaryFolder();
    const { keyFile, certFile, authority, leaf } = await ownFiles(folder.path);
    const other = join(folder.path, 'other.pem');
    await expect(open({ keyFile })).rejects.toThrow(
      /^TLS cannot be set up\. Only a key file was given, and both are/,
    );
    await expect(open({ keyFile: other, certFile })).rejects.toThrow(
      /key file .* cannot be read\. There is no such file/,
    );
    await expect(open({ keyFile: certFile, certFile })).rejects.toThrow(
      /no usable private key in it\. It holds a cert/,
    );
    await expect(open({ keyFile, certFile: keyFile })).rejects.toThrow(
      /has no certificate in it\. It holds a private key/,
    );
    await writeFile(other, authority.key);
    await expect(open({ keyFile: other, certFile })).rejects.toThrow(
      /wrong order\. The key belongs to certificate 2 of 2/,
    );
    await writeFile(other, (await createAuthority(new Date())).key);
    await expect(open({ keyFile: other, certFile })).rejects.toThrow(
      /do not belong together\. The certificate is for/,
    );
    await writeFile(other, leaf.cert.replace(/\n[^-]{40}/, '\nAAAA'));
    await expect(open({ keyFile, certFile: other })).rejects.toThrow(
      /cannot be parsed\. .* Check it with: openssl x509/,
    );
  });

  test('are refused when they have expired', async () => {
    await using folder = await temporaryFolder();
    const files = await ownFiles(folder.path, new Date(Date.now() - 1_000 * dayMs));
    await expect(open(files)).rejects.toThrow(/has expired\. It was valid until .* Renew it, or leave/);
  });

  needs('openssl').test('are refused when the key has a passphrase', async () => {
    await using folder = await temporaryFolder();
    const { keyFile, certFile } = await ownFiles(folder.path);
    const locked = join(folder.path, 'locked.pem');
    await run('openssl', ['pkey', '-in', keyFile, '-aes256', '-passout', 'pass:x', '-out', locked]);
    await expect(open({ keyFile: locked, certFile })).rejects.toThrow(
      /encrypted with a passphrase\. Decrypt it with/,
    );
  });

  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'are refused when they may not be read',
    async () => {
      await using folder = await temporaryFolder();
      const { keyFile, certFile } = await ownFiles(folder.path);
      await chmod(keyFile, 0o000);
      await expect(open({ keyFile, certFile })).rejects.toThrow(/cannot be read\. This user may not read it/);
    },
  );
});
