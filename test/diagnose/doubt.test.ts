// What may as well be a mere check of the port blocks nobody: it weighs less, and is worded as a possibility.
import { expect, test } from 'vitest';
import { detectInSession } from '../../shared/diagnose/session/detect.ts';
import { writeFinding } from '../../shared/diagnose/write-finding.ts';
import type { Finding } from '../../shared/finding.ts';
import { startTestSandbox } from '../support/sandbox.ts';
import { leaves, startTls } from './groups.ts';
import type { Settings, Talk } from './talk.ts';

const named =
  (servername: string): Talk =>
  async (wire) => {
    await wire.hello();
    await wire.say('STARTTLS');
    await wire.secure({ servername });
  };

async function findIn(talk: Talk, port: number, ...settings: Settings): Promise<Finding> {
  await using sandbox = await startTestSandbox(...settings);
  {
    await using wire = await sandbox.wire(port);
    await talk(wire);
  }
  const { findingList } = await sandbox.closedSession();
  expect(findingList).toHaveLength(1);
  return writeFinding(findingList![0]!, 'a.test', null)!;
}

test('a client that leaves behind the handshake of STARTTLS may be a monitor of certificates', async () => {
  const found = await findIn(leaves(startTls), 1);
  expect(found).toMatchObject({ rule: 'tls.left-after-handshake', severity: 'warning' });
  expect(found.confidence).toBeLessThan(0.6);
});

test.each([
  [
    'of the port for TLS',
    2,
    (async (wire) => void (await wire.secure({ servername: 'mail.other.test' }))) as Talk,
  ],
  ['through STARTTLS', 1, named('mail.other.test')],
] as const)(
  'a check %s by a name that the certificate lacks is a warning at most',
  async (_way, port, talk) => {
    const found = await findIn(leaves(talk), port);
    expect(found).toMatchObject({ rule: 'tls.certificate-name', severity: 'warning' });
    expect(found.confidence).toBeLessThan(0.6);
    expect(found.explanation).toContain('as a mere check does too');
  },
);

test('who says nothing on the port for TLS may only hold it open', async () => {
  const silent = await findIn((wire) => wire.closed(), 2, {}, { limits: { silentTlsMs: 100 } });
  expect(silent).toMatchObject({ rule: 'tls.plain-on-implicit', severity: 'warning' });

  await using sandbox = await startTestSandbox();
  {
    await using _ = await sandbox.wire(2);
  }
  const session = await sandbox.closedSession();
  // As if it had waited for two seconds.
  const [found] = detectInSession({ ...session, durationUs: 2_000_000 });
  expect(found).toMatchObject({ rule: 'tls.plain-on-implicit', severity: 'notice' });
  expect(found!.confidence).toBeLessThan(0.6);
});
