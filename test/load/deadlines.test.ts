// The deadlines that hold where nobody set any are those that are promised.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openCertificate } from '../../server/certificate/open-certificate.ts';
import { readConfig } from '../../server/config/read-config.ts';
import { usualClocks } from '../../server/http/parts.ts';
import { smtpOptions } from '../../server/smtp-options.ts';
import { parseDuration } from '../../shared/units.ts';

test('without settings the deadlines of mail clients are those of the README', async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const promised = /^\| `--idle-timeout DURATION` \| `(\w+)` \|/m.exec(readme)![1]!;
  const config = readConfig({ flags: {}, env: {}, folder: '/nonexistent' });
  const certificate = await openCertificate({ folder: null, names: [] });
  const { limits, tls } = smtpOptions(config, certificate, '', {
    limits: undefined,
    passwordOf: () => undefined,
    room: Infinity,
  });
  expect(limits.idleMs).toBe(parseDuration(promised));
  expect(limits).toMatchObject({
    idleMs: 300_000,
    partialLineMs: 60_000,
    slowAfterMs: 600_000,
    minRate: 500,
    handshakeMs: 15_000,
    silentTlsMs: 3000,
  });
  expect(tls?.handshakeMs).toBe(15_000);
});

test('without settings a client of the web port has 10 s for headers and a minute for a request', () => {
  expect(usualClocks).toEqual({
    headersMs: 10_000,
    requestMs: 60_000,
    keepAliveMs: 30_000,
    silentMs: 360_000,
    pingMs: 25_000,
    pongMs: 20_000,
    acknowledgeMs: 30_000,
  });
});
