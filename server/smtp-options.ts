// The settings as the SMTP side takes them.
import { randomBytes } from 'node:crypto';
import type { ServerCertificate } from './certificate/open-certificate.ts';
import type { Config } from './config/read-config.ts';
import type { GateLimits } from './smtp/connection.ts';
import type { SmtpOptions } from './smtp/service.ts';

const handshakeMs = 15_000;

type Accounts = SmtpOptions['accounts'];

/** `passwordOf` knows the users of the configuration and those of inboxes; `room`: see open-files.ts. */
export function smtpOptions(
  config: Config,
  certificate: ServerCertificate,
  web: string,
  given: { limits: Partial<GateLimits> | undefined; passwordOf: Accounts['password']; room: number },
): SmtpOptions {
  const { limits, auth, tls } = config;
  return {
    listeners: config.listeners.map((listener) => ({ ...listener })),
    name: config.name,
    limits: {
      idleMs: limits.idleTimeoutMs,
      partialLineMs: 60_000,
      // People who type a message have the time before.
      slowAfterMs: 600_000,
      minRate: 500,
      handshakeMs,
      silentTlsMs: 3000,
      lingerMs: 1000,
      drainMs: 10_000,
      maxErrors: 20,
      maxCommand: 2048,
      maxAuthLine: 12_288,
      maxSize: limits.maxSize,
      ...given.limits,
    },
    maxRecipients: limits.maxRecipients,
    maxConnections: Math.min(limits.maxConnections, given.room),
    fewFiles: given.room < limits.maxConnections,
    mechanisms: [...auth.mechanisms],
    accounts: { any: auth.users.length === 0, password: given.passwordOf },
    recordCredentials: auth.recordCredentials,
    tls: {
      key: certificate.key,
      cert: certificate.cert,
      requestClientCert: tls.requestClientCert,
      minVersion: tls.minVersion,
      ticketKeys: randomBytes(48),
      sessionIdContext: 'mailscope',
      handshakeMs: given.limits?.handshakeMs ?? handshakeMs,
    },
    web,
  };
}
