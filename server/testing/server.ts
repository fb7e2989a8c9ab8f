// Starts the server in this process for a program: free ports and memory unless told otherwise, no environment and no
// configuration file, nothing written to the home folder. It is a module of its own so that it can be loaded apart.
import { openOwnCertificate, startSandbox } from '../app.ts';
import { readConfig, type Config } from '../config/read-config.ts';
import { optionNames } from '../config/options.ts';
import { nearest, UsageError } from '../config/usage-error.ts';
import type { SandboxOptions } from './options.ts';

export interface StartedServer {
  url: string;
  /** In the order in which they were asked for. */
  listeners: { name: string; url: string }[];
  caPem: string | null;
  close(): Promise<void>;
}

const defaults = {
  host: '127.0.0.1',
  smtpPort: 0,
  submissionPort: 0,
  smtpsPort: 0,
  httpPort: 0,
  data: ':memory:',
  logLevel: 'error',
} satisfies SandboxOptions;

/** Making a CA and a key takes longer than the rest, and one serves all sandboxes of a process. */
const certificates = new Map<string, ReturnType<typeof openOwnCertificate>>();

function certificateFor(config: Config): ReturnType<typeof openOwnCertificate> {
  const key = JSON.stringify(config.tls);
  const known = certificates.get(key);
  if (known) return known;
  const made = openOwnCertificate(config, { keep: false });
  certificates.set(key, made);
  made.catch(() => certificates.delete(key));
  return made;
}

const known: string[] = optionNames.filter((name) => name !== 'config' && name !== 'readyJson');

function refuseUnknown(options: object): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const near = nearest(unknown, known);
  throw new UsageError(
    `A sandbox knows no setting "${unknown}".`,
    'What it does not know it would leave as it is by default.',
    near ? `Did you mean "${near}"?` : `It takes: ${known.join(', ')}.`,
  );
}

function configOf(options: SandboxOptions): Config {
  try {
    refuseUnknown(options);
    const given = Object.entries(options).filter(([, value]) => value !== undefined);
    return readConfig({ flags: { ...defaults, ...Object.fromEntries(given) }, env: {}, file: false });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    // A test runner prints the message alone.
    const { message, why, hint } = error;
    const sentences = [message, why, hint]
      .filter(Boolean)
      .map((one) => (/[.?!:]$/.test(one) ? one : `${one}.`));
    throw new UsageError(sentences.join(' '), why, hint);
  }
}

/** Throws an Error that says what happened, why, and what to do. */
export async function startServer(options: SandboxOptions): Promise<StartedServer> {
  const config = configOf(options);
  const sandbox = await startSandbox(config, { certificate: await certificateFor(config) });
  const urls = sandbox.ready.smtp;
  return {
    url: sandbox.ready.http,
    listeners: config.listeners.map(({ name }, index) => ({ name, url: urls[index]! })),
    caPem: sandbox.caPem,
    async close() {
      await sandbox[Symbol.asyncDispose]();
    },
  };
}
