// Flags, environment and configuration file to one frozen Config. Later wins: default, file, environment, flag.
import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import { isIP } from 'node:net';
import type { FaultRule } from '../../shared/fault.ts';
import { fileName, readConfigFile } from './config-file.ts';
import { readFault } from './fault-entry.ts';
import { certFolderOf, dataFolderOf } from './folders.ts';
import { readInboxes, readToken, type InboxConfig, type TokenConfig } from './inbox-entry.ts';
import { readListenerUrl, type ListenerConfig, type ListenerDefaults } from './listener-url.ts';
import type { LogLevel } from '../log.ts';
import type { Option } from './option.ts';
import { readValue, type Source, type Value } from './option-values.ts';
import { authMechanisms, envOf, options, optionNames, tlsVersions, type OptionName } from './options.ts';
import { readPassword, type Password } from './password.ts';
import { UsageError } from './usage-error.ts';

export interface Config {
  readonly host: string;
  readonly httpPort: number;
  /** The three usual ones, where they are not off, then those of --listen. */
  readonly listeners: readonly ListenerConfig[];
  readonly allowHosts: string[];
  /** The host name in the greeting. */
  readonly name: string;
  readonly auth: {
    readonly mechanisms: (typeof authMechanisms)[number][];
    /** Empty: any login is accepted. */
    readonly users: { name: string; password: string }[];
    readonly recordCredentials: boolean;
  };
  readonly tls: {
    /** Files in PEM; null for a certificate of the local CA. */
    readonly cert: string | null;
    readonly key: string | null;
    readonly minVersion: (typeof tlsVersions)[number];
    readonly requestClientCert: boolean;
    readonly certNames: string[];
    /** Folder of the local CA; null: this user has no home folder. */
    readonly certFolder: string | null;
    /** Somebody chose it. */
    readonly certFolderGiven: boolean;
  };
  /** Those that are there from the start. */
  readonly inboxes: InboxConfig[];
  /** For all inboxes; with none, and no password, the API is open. */
  readonly tokens: TokenConfig[];
  /** Of the web interface and the API. */
  readonly password: Password | null;
  /** HTTPS on the web port. */
  readonly httpTls: boolean;
  /** A folder, or `:memory:`. */
  readonly data: string;
  /** 0 turns a limit off. */
  readonly retention: { readonly maxMessages: number; readonly maxBytes: number; readonly maxAgeMs: number };
  readonly limits: {
    /** To leave on the disk; 0: no limit. */
    readonly minFree: number;
    readonly maxSize: number;
    readonly maxRecipients: number;
    readonly maxConnections: number;
    readonly idleTimeoutMs: number;
  };
  /** Failures that are simulated from the start. */
  readonly faults: FaultRule[];
  /** Recipients may say how their mail is to fail. */
  readonly bounceAddresses: boolean;
  /** Whose API answers where two of them have the same call. */
  readonly compat: 'mailpit' | 'mailhog';
  readonly readyJson: boolean;
  readonly logLevel: LogLevel;
}

export interface ConfigSources {
  /** Values by option name, as they were written on the command line or by a program. */
  flags?: Partial<Record<OptionName, unknown>>;
  /** Default: process.env. */
  env?: Record<string, string | undefined>;
  /** Where relative paths begin and the configuration file is looked for. Default: the working directory. */
  folder?: string;
  /** False: no configuration file is read. */
  file?: boolean;
}

type Values = Record<OptionName, Value>;

function readValues({
  flags = {},
  env = process.env,
  folder = process.cwd(),
  file: wanted = true,
}: ConfigSources): Values {
  const asked =
    flags.config === undefined
      ? env[envOf('config')] || undefined
      : readValue('config', flags.config, { kind: 'flag', folder });
  const path = resolve(folder, asked === undefined ? fileName : String(asked));
  const file = wanted ? readConfigFile(path, asked !== undefined) : {};
  const inFile: Source = { kind: 'file', folder: dirname(path) };
  const values = {} as Values;
  for (const name of optionNames) {
    const variable = env[envOf(name)];
    const { default: standard, guards }: Option = options[name];
    if (flags[name] !== undefined) values[name] = readValue(name, flags[name], { kind: 'flag', folder });
    else if (variable || (guards && variable === ''))
      values[name] = readValue(name, variable, { kind: 'environment', folder });
    else if (Object.hasOwn(file, name)) values[name] = readValue(name, file[name], inFile);
    else values[name] = standard === null ? null : readValue(name, standard, { kind: 'default', folder });
  }
  return values;
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

function refuseOpen(host: string, values: Values): void {
  const isGuarded = values.password !== null || (values.token as string[]).length > 0;
  if (values.open === true || isGuarded || isLoopback(host)) return;
  throw new UsageError(
    `Mailscope does not listen on ${host} by itself.`,
    'Other machines could then read all mail and send more, without a password.',
    'Give a --password. If all may see all, as in a container of your own, add --open.',
  );
}

function usualListeners(values: Values, defaults: ListenerDefaults): ListenerConfig[] {
  const usual = [
    { name: 'smtp', port: values.smtpPort, tls: 'none' },
    { name: 'submission', port: values.submissionPort, tls: 'offered' },
    { name: 'smtps', port: values.smtpsPort, tls: 'implicit' },
  ] as const;
  return usual
    .filter(({ port }) => port !== null)
    .map(({ name, port, tls }) => ({
      name,
      protocol: 'smtp',
      host: String(values.host),
      port: Number(port),
      tls,
      authNeedsTls: false,
      ...defaults,
    }));
}

function readListeners(values: Values): ListenerConfig[] {
  const defaults = {
    auth: values.auth as ListenerConfig['auth'],
    proxy: values.proxy === true,
    xclient: values.xclient === true,
    bareNewlines: values.bareNewlines as ListenerConfig['bareNewlines'],
  };
  const further = (values.listen as string[]).map((url, i) => readListenerUrl(url, i + 1, defaults));
  const all = [...usualListeners(values, defaults), ...further];
  for (const [i, { name, host, port }] of all.entries()) {
    refuseOpen(host, values);
    const other = all
      .slice(0, i)
      .find((one) => one.name === name || (port !== 0 && one.port === port && one.host === host));
    if (!other && (port === 0 || port !== values.httpPort || host !== values.host)) continue;
    throw new UsageError(
      `The listener ${name} on ${host}:${port} cannot be opened.`,
      other
        ? `Name or port is already that of ${other.name}.`
        : 'Its port is already that of the web interface.',
      'Give it another one; port 0 takes a free port.',
    );
  }
  return all;
}

function readUsers(entries: string[]): { name: string; password: string }[] {
  return entries.map((entry) => {
    const colon = entry.indexOf(':');
    if (colon > 0) return { name: entry.slice(0, colon), password: entry.slice(colon + 1) };
    throw new UsageError(
      'A --user cannot be used.',
      'It has no name and password with a colon in between.',
      'Write --user ann:secret.',
    );
  });
}

function readHostNames(names: string[]): string[] {
  for (const name of names)
    if (!/^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.?$/.test(name) || name.length > 253)
      throw new UsageError(
        `--allow-host "${name.slice(0, 100)}" cannot be used.`,
        'It is no name of a host: letters, digits, - and dots, without a port, a path and wildcards.',
        'Write for example --allow-host mail.test.',
      );
  return names;
}

/** It stands in the greeting and in other replies, of which it must not make two. */
function readOwnName(name: string | null): string {
  if (name === null) return hostname().replace(/[^A-Za-z0-9.-]/g, '') || 'mailscope';
  if (/^[!-~]{1,255}$/.test(name)) return name;
  throw new UsageError(
    `--name ${JSON.stringify(name.slice(0, 100))} cannot be used.`,
    'It is no name of a host: in replies of SMTP it must be visible ASCII without blanks.',
    'Write for example --name mail.test; other names in their form with xn--.',
  );
}

function freeze<T>(value: T): T {
  if (value !== null && typeof value === 'object') Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}

/** Throws UsageError: what is wrong, why, and what to do. */
export function readConfig(sources: ConfigSources = {}): Config {
  const values = readValues(sources);
  const env = sources.env ?? process.env;
  refuseOpen(String(values.host), values);
  if ((values.tlsCert === null) !== (values.tlsKey === null))
    throw new UsageError(
      '--tls-cert and --tls-key belong together.',
      'Only one of them is given.',
      'Give both, or none.',
    );
  const users = readUsers(values.user as string[]);
  return freeze({
    host: String(values.host),
    httpPort: Number(values.httpPort),
    listeners: readListeners(values),
    allowHosts: readHostNames(values.allowHost as string[]),
    name: readOwnName(values.name as string | null),
    auth: {
      mechanisms: values.authMechanisms as (typeof authMechanisms)[number][],
      users,
      recordCredentials: values.recordCredentials === true,
    },
    tls: {
      cert: values.tlsCert as string | null,
      key: values.tlsKey as string | null,
      minVersion: values.tlsMinVersion as (typeof tlsVersions)[number],
      requestClientCert: values.requestClientCert === true,
      certNames: values.certName as string[],
      certFolder:
        (values.certDir as string | null) ?? certFolderOf({ ...env, [envOf('certDir')]: undefined }),
      certFolderGiven: values.certDir !== null,
    },
    inboxes: readInboxes(values.inbox as string[], users),
    tokens: (values.token as string[]).map((token) => readToken(token, 'A --token')),
    password: values.password === null ? null : readPassword(String(values.password)),
    httpTls: values.httpTls === true,
    data: (values.data as string | null) ?? dataFolderOf(env),
    retention: {
      maxMessages: Number(values.maxMessages),
      maxBytes: Number(values.maxBytes),
      maxAgeMs: Number(values.maxAge),
    },
    limits: {
      minFree: Number(values.minFree),
      maxSize: Number(values.maxSize),
      maxRecipients: Number(values.maxRecipients),
      maxConnections: Number(values.maxConnections),
      idleTimeoutMs: Number(values.idleTimeout),
    },
    faults: (values.fault as string[]).map(readFault),
    bounceAddresses: values.bounceAddresses === 'true',
    compat: values.compat as Config['compat'],
    readyJson: values.readyJson === true,
    logLevel: values.logLevel as LogLevel,
  });
}
