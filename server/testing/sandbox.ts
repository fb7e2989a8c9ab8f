// startSandbox for tests: a Mailscope in this process, with its client.
import { connectForTests } from '../../shared/client/test-client.ts';
import type { TestClient, Waiting } from '../../shared/client/waiting.ts';
import { fetchWith } from '../own-fetch.ts';
import { loadServer } from './load-server.ts';
import type { SandboxOptions } from './options.ts';

/** Where mail can be sent to; Nodemailer takes it as it is. */
export interface SmtpAddress {
  host: string;
  port: number;
  /** TLS from the first byte. */
  secure: boolean;
  /** The CA to trust, in PEM; absent on the port without TLS. */
  tls?: { ca: string };
}

export interface Sandbox extends Waiting, AsyncDisposable {
  /** Web page and API. */
  readonly url: string;
  readonly client: TestClient;
  /** Without TLS. */
  readonly smtp: SmtpAddress;
  /** STARTTLS is offered. */
  readonly submission: SmtpAddress;
  /** TLS from the first byte. */
  readonly smtps: SmtpAddress;
  /** All of them by name, those of `listen` included. */
  readonly listeners: Readonly<Record<string, SmtpAddress>>;
  /** The certificate of the CA that signed ours; null with `tlsCert`. */
  readonly caPem: string | null;
  /** Ends it and forgets what it holds in memory. */
  close(): Promise<void>;
}

/** Vitest and Jest give a test 5 s: a wait has to end before, so that it can say why. */
const timeout = '4s';

function addressOf(url: string, caPem: string | null): SmtpAddress {
  const { protocol, hostname, port, searchParams } = new URL(url);
  const secure = protocol === 'smtps:' || searchParams.get('tls') === 'implicit';
  const isPlain = searchParams.get('tls') === 'none';
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port),
    secure,
    ...(isPlain || caPem === null ? {} : { tls: { ca: caPem } }),
  };
}

/** A client of the Mailscope that was started with these, wherever it runs. */
export function clientFor(url: string, options: SandboxOptions, timeout?: string): TestClient {
  const token = options.token?.find((one) => !one.startsWith('read:'))?.replace(/^write:/, '');
  return connectForTests(url, {
    timeout,
    token,
    password: options.password,
    fetch: options.httpTls ? fetchWith({ rejectUnauthorized: false }) : undefined,
  });
}

/**
 * Starts a Mailscope in this process, on free ports and in memory unless `options` say otherwise, and resolves when it
 * listens. It reads neither environment nor configuration file. Throws an Error that says what to do.
 *
 * `await using sandbox = await startSandbox();` closes it by itself.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { url, listeners, caPem, close } = await loadServer().startServer(options);
  const client = clientFor(url, options, timeout);
  const addresses = Object.fromEntries(listeners.map((one) => [one.name, addressOf(one.url, caPem)]));
  return {
    ...waitsOf(client),
    url,
    client,
    smtp: addresses['smtp']!,
    submission: addresses['submission']!,
    smtps: addresses['smtps']!,
    listeners: addresses,
    caPem,
    close,
    [Symbol.asyncDispose]: close,
  };
}

export const waitsOf = (client: TestClient): Waiting => ({
  readCursor: client.readCursor,
  fromNow: client.fromNow,
  waitForMessage: client.waitForMessage,
  waitForMessages: client.waitForMessages,
  waitForSession: client.waitForSession,
  expectMessage: client.expectMessage,
  expectNoMessage: client.expectNoMessage,
  expect: client.expect,
  fault: client.fault,
  explainArrivals: client.explainArrivals,
});
