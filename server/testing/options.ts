// What a sandbox in process can be told: the settings of the command, with values as a program has them.

/** Every setting of the command under the name that it has in the configuration file. */
export interface SandboxOptions {
  /** Default: 127.0.0.1. */
  host?: string;
  /** SMTP without TLS. Default: 0, a free port. */
  smtpPort?: number;
  /** SMTP with STARTTLS offered. Default: 0. */
  submissionPort?: number;
  /** SMTP inside TLS from the first byte. Default: 0. */
  smtpsPort?: number;
  /** Web page and API. Default: 0. */
  httpPort?: number;
  /** Further listeners, e.g. `smtp://127.0.0.1:0?tls=required&auth=required&name=strict`. */
  listen?: string[];
  allowHost?: string[];
  open?: boolean;
  /** Host name in the greeting. Default: the name of this machine. */
  name?: string;
  proxy?: boolean;
  xclient?: boolean;
  /** Whether AUTH is offered and needed. Default: offered. */
  auth?: 'none' | 'offered' | 'required';
  authMechanisms?: ('PLAIN' | 'LOGIN' | 'CRAM-MD5' | 'XOAUTH2' | 'OAUTHBEARER' | 'SCRAM-SHA-256')[];
  /** Logins to accept, as `name:password`; without any, all are accepted. */
  user?: string[];
  /** Of web page and API; the client of the sandbox has it. */
  password?: string;
  /** Tokens of the API, with `read:` before one that may only read. */
  token?: string[];
  /** Keep passwords in transcripts. Default: false, they are masked. */
  recordCredentials?: boolean;
  /** File of a certificate chain in PEM. Default: one of the local CA. */
  tlsCert?: string;
  tlsKey?: string;
  /** Default: TLSv1.2. */
  tlsMinVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  requestClientCert?: boolean;
  /** HTTPS instead of HTTP for web page and API; the client of the sandbox trusts it. */
  httpTls?: boolean;
  certName?: string[];
  /** Where a local CA is looked for; nothing is written there. Default: that of the command. Without one it is made up. */
  certDir?: string;
  /** Data folder. Default: `:memory:`, which keeps nothing. */
  data?: string;
  maxMessages?: number;
  /** A number of bytes, or `50MiB`. */
  maxBytes?: number | string;
  /** Milliseconds, or `7d`. */
  maxAge?: number | string;
  /** Largest message, advertised by SIZE. Default: 50 MiB. */
  maxSize?: number | string;
  maxRecipients?: number;
  maxConnections?: number;
  /** How long an SMTP connection may be silent. Default: 5 minutes. */
  idleTimeout?: number | string;
  /** What becomes of a bare LF or CR in a message, or behind a command. Default: accept, with an anomaly; refuse: 550 5.5.2. */
  bareNewlines?: 'accept' | 'refuse';
  /** What goes to standard error. Default: error. */
  logLevel?: 'silent' | 'error' | 'warn' | 'info' | 'debug';
}
