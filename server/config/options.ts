// Every setting, once. Flags, environment, configuration file, help and documents are made from this table.
import { logLevels } from '../log.ts';
import type { Option } from './option.ts';

export const tlsModes = ['none', 'offered', 'required', 'implicit'] as const;
export const authModes = ['none', 'offered', 'required'] as const;
export const newlineModes = ['accept', 'refuse'] as const;
export const tlsVersions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
export const authMechanisms = [
  'PLAIN',
  'LOGIN',
  'CRAM-MD5',
  'XOAUTH2',
  'OAUTHBEARER',
  'SCRAM-SHA-256',
] as const;

export const options = {
  host: {
    type: 'text',
    default: 'localhost',
    value: 'ADDRESS',
    help: 'Address of all ports; localhost is 127.0.0.1 and [::1]. Another than loopback needs --password, --token or --open.',
    group: 'Addresses',
  },
  smtpPort: {
    type: 'port',
    default: '1025',
    mayBeOff: true,
    help: 'SMTP without TLS. 0 takes a free port, off opens none.',
    group: 'Addresses',
  },
  submissionPort: {
    type: 'port',
    default: '1587',
    mayBeOff: true,
    help: 'SMTP with STARTTLS offered.',
    group: 'Addresses',
  },
  smtpsPort: {
    type: 'port',
    default: '1465',
    mayBeOff: true,
    help: 'SMTP inside TLS from the first byte.',
    group: 'Addresses',
  },
  httpPort: { type: 'port', default: '8025', help: 'Web interface and API.', group: 'Addresses' },
  listen: {
    type: 'list',
    default: [],
    value: 'URL',
    help: 'A further listener: smtp://127.0.0.1:2587?tls=required&auth=required, also smtps:// and lmtp://. Parameters: tls, auth, auth-tls=required, name, proxy, xclient, bare-newlines.',
    group: 'Addresses',
  },
  allowHost: {
    type: 'list',
    default: [],
    value: 'NAME',
    help: 'A further host name under which the web interface may be asked.',
    group: 'Addresses',
  },
  open: {
    type: 'switch',
    default: false,
    help: 'Allow addresses that other machines can reach without a password. Everyone there can read all mail.',
    group: 'Addresses',
  },
  name: {
    type: 'text',
    default: null,
    value: 'NAME',
    help: 'Host name in the greeting. Default: the name of this machine.',
    group: 'Addresses',
  },
  proxy: {
    type: 'switch',
    default: false,
    help: 'Expect a PROXY protocol header on each SMTP connection.',
    group: 'Addresses',
  },
  xclient: { type: 'switch', default: false, help: 'Offer XCLIENT on the SMTP ports.', group: 'Addresses' },

  auth: {
    type: 'choice',
    default: 'offered',
    choices: authModes,
    help: 'Whether AUTH is offered and needed. Without --user any login is accepted.',
    group: 'Login',
  },
  authMechanisms: {
    type: 'list',
    default: ['PLAIN', 'LOGIN'],
    value: 'NAMES',
    choices: authMechanisms,
    help: 'Mechanisms to offer, separated by commas.',
    group: 'Login',
  },
  user: {
    type: 'list',
    default: [],
    value: 'NAME:PASSWORD',
    guards: true,
    help: 'A login to accept; once one is given, all others are refused.',
    group: 'Login',
  },
  password: {
    type: 'text',
    default: null,
    value: 'PASSWORD',
    guards: true,
    help: 'A password for the web interface and the API; nothing is answered without it or a token.',
    group: 'Login',
  },
  token: {
    type: 'list',
    default: [],
    value: 'TOKEN',
    guards: true,
    help: 'A token for the API, with read: before one that may only read; once one is given, nothing is answered without.',
    group: 'Login',
  },
  recordCredentials: {
    type: 'switch',
    default: false,
    help: 'Keep passwords in transcripts. Otherwise they are masked before they are stored.',
    group: 'Login',
  },

  tlsCert: {
    type: 'path',
    default: null,
    value: 'FILE',
    help: 'Certificate chain in PEM. Default: one of an own local CA.',
    group: 'TLS',
  },
  tlsKey: { type: 'path', default: null, value: 'FILE', help: 'Its private key in PEM.', group: 'TLS' },
  tlsMinVersion: {
    type: 'choice',
    default: 'TLSv1.2',
    choices: tlsVersions,
    help: 'Oldest TLS version to accept.',
    group: 'TLS',
  },
  requestClientCert: {
    type: 'switch',
    default: false,
    help: 'Ask clients for a certificate and record it; none is needed.',
    group: 'TLS',
  },
  httpTls: {
    type: 'switch',
    default: false,
    help: 'HTTPS instead of HTTP on the web port, with the same certificate.',
    group: 'TLS',
  },
  certName: {
    type: 'list',
    default: [],
    value: 'NAME',
    help: 'A further name or address in the certificate of the local CA.',
    group: 'TLS',
  },
  certDir: {
    type: 'path',
    default: null,
    value: 'DIR',
    help: 'Where the local CA is kept. Default: $XDG_CONFIG_HOME/mailscope or ~/.config/mailscope; in memory where nothing can be kept there.',
    group: 'TLS',
  },

  inbox: {
    type: 'list',
    default: [],
    value: 'NAME?RULES',
    takesObjects: true,
    help: 'An inbox: orders?user=orders:secret&domain=shop.example. Parameters: user, from, recipient, domain, plus, pattern, header, max-messages, max-age, token.',
    group: 'Data',
  },
  data: {
    type: 'path',
    default: null,
    value: 'DIR',
    help: 'Data folder; :memory: keeps nothing. Default: $XDG_DATA_HOME/mailscope or ~/.local/share/mailscope.',
    group: 'Data',
  },
  maxMessages: {
    type: 'count',
    default: '10000',
    help: 'Messages to keep; the oldest go first (under load up to half as many more stay until it ends). 0: no limit.',
    group: 'Data',
  },
  maxBytes: {
    type: 'size',
    default: '2GiB',
    help: 'Bytes of messages and transcripts to keep. 0: no limit.',
    group: 'Data',
  },
  maxAge: {
    type: 'age',
    value: 'DURATION',
    default: '0',
    help: 'How long to keep messages, e.g. 7d. 0: no limit.',
    group: 'Data',
  },

  minFree: {
    type: 'size',
    default: '64MiB',
    help: 'Room to leave on the disk of the data folder; with less, mail is answered 452 4.3.1. 0: no limit.',
    group: 'Limits',
  },
  maxSize: { type: 'size', default: '50MiB', help: 'Largest message, advertised by SIZE.', group: 'Limits' },
  maxRecipients: {
    type: 'count',
    default: '10000',
    help: 'Recipients of a message; further ones are answered 452 4.5.3.',
    group: 'Limits',
  },
  maxConnections: { type: 'count', default: '2000', help: 'SMTP connections at once.', group: 'Limits' },
  idleTimeout: {
    type: 'duration',
    default: '5m',
    help: 'How long an SMTP connection may be silent.',
    group: 'Limits',
  },
  bareNewlines: {
    type: 'choice',
    default: 'accept',
    choices: newlineModes,
    help: 'Whether a bare LF or CR in a message, or a bare LF behind a command, is taken, with an anomaly, or refused with 550 5.5.2, as other servers do.',
    group: 'Limits',
  },

  fault: {
    type: 'list',
    default: [],
    value: 'PRESET|JSON',
    takesObjects: true,
    help: 'A failure to simulate: a preset such as gmail/over-quota, or a rule as POST /api/faults takes it.',
    group: 'Faults',
  },
  bounceAddresses: {
    type: 'choice',
    default: 'true',
    choices: ['true', 'false'],
    help: 'Whether recipients such as bounce+550-5.1.1+no-such-user@any.domain are refused as they say.',
    group: 'Faults',
  },

  compat: {
    type: 'choice',
    default: 'mailpit',
    choices: ['mailpit', 'mailhog'],
    help: 'Whose answer GET /api/v1/messages gives: both Mailpit and MailHog have that call.',
    group: 'Running',
  },
  readyJson: {
    type: 'switch',
    default: false,
    help: 'Print one JSON line with the addresses when all is ready, and nothing else.',
    group: 'Running',
  },
  logLevel: {
    type: 'choice',
    default: 'warn',
    choices: logLevels,
    help: 'How much to log on standard error.',
    group: 'Running',
  },
  config: {
    type: 'path',
    default: null,
    value: 'FILE',
    help: 'Configuration file. Default: mailscope.config.json in the working directory, where there is one.',
    group: 'Running',
  },
} as const satisfies Record<string, Option>;

export type OptionName = keyof typeof options;
export const optionNames = Object.keys(options) as OptionName[];

/** `smtpPort` as a flag: `--smtp-port`. */
export const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;
/** `smtpPort` in the environment: `MAILSCOPE_SMTP_PORT`. */
export const envOf = (name: string): string =>
  `MAILSCOPE_${name.replace(/[A-Z]/g, (c) => `_${c}`).toUpperCase()}`;
/** How a value is called in the help, e.g. `SIZE`; null for a switch. */
export const valueOf = ({ type, value, choices }: Option): string | null =>
  type === 'switch'
    ? null
    : (value ?? choices?.join('|') ?? { count: 'NUMBER' }[type as string] ?? type.toUpperCase());
