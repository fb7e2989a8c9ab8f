// The card of a failed TLS handshake, against the real server.
import { once } from 'node:events';
import { connect } from 'node:tls';
import { expect } from 'vitest';
import { openCertificate } from '../../server/certificate/open-certificate.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { usePages } from './support/page-test.ts';

const pageTest = usePages();

/** A client that does not trust the certificate; gives the address of the session's overview. */
async function distrust(sandbox: TestSandbox): Promise<string> {
  const socket = connect({ port: sandbox.ports[2]!, host: '127.0.0.1', servername: 'localhost' });
  await expect(once(socket, 'secureConnect')).rejects.toThrow();
  const { id } = await sandbox.closedSession();
  return `${sandbox.url}/sessions/${id}/overview`;
}

pageTest(
  'a client that does not trust the local CA is shown with the CA to download',
  { timeout: 60_000 },
  async ({ page, keep }) => {
    const sandbox = keep(await startTestSandbox());
    await page.goto(await distrust(sandbox));
    const told = page.getByRole('alert').filter({ hasText: 'do not trust the certificate' });
    await told.getByRole('link', { name: 'Download the CA' }).waitFor();
    expect(await told.getByText('a certificate that it was given').count()).toBe(0);
  },
);

pageTest(
  'a client that does not trust a certificate of --tls-cert is shown with whose it is, and with no CA to download',
  { timeout: 60_000 },
  async ({ page, keep }) => {
    const certificate = { ...(await openCertificate({ folder: null, names: [] })), caPem: null, own: false };
    const sandbox = keep(await startTestSandbox({}, { certificate }));
    await page.goto(await distrust(sandbox));
    const told = page.getByRole('alert').filter({ hasText: 'do not trust the certificate' });
    await told.getByText(/a certificate that it was given, of .*CN=localhost.*, which clients/).waitFor();
    await expect.poll(() => told.getByRole('link', { name: 'Download the CA' }).count()).toBe(0);
  },
);
