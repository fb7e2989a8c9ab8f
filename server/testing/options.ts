// What a sandbox in process can be told: the settings of the command, with values as a program has them.

import type { FaultInput } from '../../shared/client/faults.ts';

/** Every setting of the command under the name that it has in the configuration file. */
export interface SandboxOptions {
  /** Default: 127.0.0.1. */
  host?: string | undefined;
  /** SMTP without TLS. Default: 0, a free port. */
  smtpPort?: number | undefined;
  /** SMTP with STARTTLS offered. Default: 0. */
  submissionPort?: number | undefined;
  /** SMTP inside TLS from the first byte. Default: 0. */
  smtpsPort?: number | undefined;
  /** Web page and API. Default: 0. */
  httpPort?: number | undefined;
  /** Further listeners, e.g. `smtp://127.0.0.1:0?tls=required&auth=required&name=strict`. */
  listen?: string[] | undefined;
  allowHost?: string[] | undefined;
  open?: boolean | undefined;
  /** Host name in the greeting. Default: the name of this machine. */
  name?: string | undefined;
  proxy?: boolean | undefined;
  xclient?: boolean | undefined;
  /** Whether AUTH is offered and needed. Default: offered. */
  auth?: 'none' | 'offered' | 'required' | undefined;
  authMechanisms?:
    ('PLAIN' | 'LOGIN' | 'CRAM-MD5' | 'XOAUTH2' | 'OAUTHBEARER' | 'SCRAM-SHA-256')[] | undefined;
  /** Logins to accept, as `name:password`; without any, all are accepted. */
  user?: string[] | undefined;
  /** Of web page and API; the client of the sandbox has it. */
  password?: string | undefined;
  /** Tokens of the API, with `read:` before one that may only read. */
  token?: string[] | undefined;
  /** Keep passwords in transcripts. Default: false, they are masked. */
  recordCredentials?: boolean | undefined;
  /** File of a certificate chain in PEM. Default: one of the local CA. */
  tlsCert?: string | undefined;
  tlsKey?: string | undefined;
  /** Default: TLSv1.2. */
  tlsMinVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3' | undefined;
  requestClientCert?: boolean | undefined;
  /** HTTPS instead of HTTP for web page and API; the client of the sandbox trusts it. */
  httpTls?: boolean | undefined;
  certName?: string[] | undefined;
  /** Where a local CA is looked for; nothing is written there. Default: that of the command. Without one it is made up. */
  certDir?: string | undefined;
  /** Inboxes that are there from the start, as `orders?user=orders:secret&domain=shop.example`. */
  inbox?: string[] | undefined;
  /** Data folder. Default: `:memory:`, which keeps nothing. */
  data?: string | undefined;
  maxMessages?: number | undefined;
  /** A number of bytes, or `50MiB`. */
  maxBytes?: number | string | undefined;
  /** With its unit: `7d`. Default: 0, no limit. */
  maxAge?: string | 0 | undefined;
  /** Room to leave on the disk of the data folder: a number of bytes, or `64MiB`. */
  minFree?: number | string | undefined;
  /** Largest message, advertised by SIZE. Default: 50 MiB. */
  maxSize?: number | string | undefined;
  maxRecipients?: number | undefined;
  maxConnections?: number | undefined;
  /** How long an SMTP connection may be silent. Default: 5 minutes. */
  idleTimeout?: number | string | undefined;
  /** What becomes of a bare LF or CR in a message, or behind a command. Default: accept, with an anomaly; refuse: 550 5.5.2. */
  bareNewlines?: 'accept' | 'refuse' | undefined;
  /** Failures to simulate from the start: presets such as `gmail/over-quota`, or rules as `sandbox.fault` takes them. */
  fault?: (string | FaultInput)[] | undefined;
  /** Whether recipients such as `bounce+550-5.1.1+no-such-user@any.domain` are refused as they say. Default: true. */
  bounceAddresses?: boolean | undefined;
  /** Whose answer GET /api/v1/messages gives: Mailpit and MailHog have that call. Default: mailpit. */
  compat?: 'mailpit' | 'mailhog' | undefined;
  /** What goes to standard error. Default: error. */
  logLevel?: 'silent' | 'error' | 'warn' | 'info' | 'debug' | undefined;
}
