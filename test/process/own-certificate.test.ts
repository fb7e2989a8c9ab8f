// A certificate of one's own serves the web port and the mail ports alike.
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect as connectTls, type PeerCertificate } from 'node:tls';
import { expect, test } from 'vitest';
import { createAuthority, createLeaf } from '../../server/certificate/authority.ts';
import { fetchWith } from '../../server/own-fetch.ts';
import { connect } from '../../shared/client/client.ts';
import { startMailscope, temporaryFolder } from './mailscope.ts';

const name = 'mail.corp.test';

async function shownAt(port: number, ca: string): Promise<PeerCertificate> {
  const socket = connectTls({ port, host: '127.0.0.1', ca, servername: name });
  await once(socket, 'secureConnect');
  const certificate = socket.getPeerCertificate();
  socket.destroy();
  return certificate;
}

test('--tls-cert and --tls-key are what HTTPS, STARTTLS and implicit TLS show', async () => {
  await using folder = await temporaryFolder();
  const authority = await createAuthority(new Date());
  const leaf = await createLeaf(authority, [name, '127.0.0.1'], new Date());
  const [cert, key] = [join(folder.path, 'chain.pem'), join(folder.path, 'key.pem')];
  await writeFile(cert, leaf.cert);
  await writeFile(key, leaf.key);
  await using mailscope = await startMailscope(folder.path, [
    ...['--submission-port', '0', '--smtps-port', '0'],

    '--http-tls',
    '--tls-cert',
    cert,
    '--tls-key',
    key,
  ]);
  const { http } = mailscope.ready;
  expect(http).toMatch(/^https:/);
  const client = connect(http, { fetch: fetchWith({ ca: authority.cert }) });
  const { id } = await client.storeMessage({ body: new TextEncoder().encode('Subject: sealed\r\n\r\nx') });
  expect(await client.readMessage({ params: { id } })).toMatchObject({ subject: 'sealed' });
  await expect(fetch(`${http}/api/ready`)).rejects.toThrow();

  const smtps = mailscope.ports[2]!;
  const onWeb = await shownAt(Number(new URL(http).port), authority.cert);
  const onMail = await shownAt(smtps, authority.cert);
  expect(onWeb.subjectaltname).toContain(name);
  expect(onMail.fingerprint256).toBe(onWeb.fingerprint256);
  await using wire = await mailscope.wire(1);
  await wire.hello();
  expect(await wire.say('STARTTLS')).toMatch(/^220 /);
  const socket = await wire.secure({ ca: authority.cert, servername: name, rejectUnauthorized: true });
  expect(socket.getPeerCertificate().fingerprint256).toBe(onWeb.fingerprint256);
});
