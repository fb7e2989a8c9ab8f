// Runs the sandbox until a signal comes: the first stops it properly, the second at once.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { misspelledSettings } from '../config/misspelled.ts';
import { readConfig, type Config } from '../config/read-config.ts';
import type { OptionName } from '../config/options.ts';
import { UsageError } from '../config/usage-error.ts';
import { createLog } from '../log.ts';

interface Ready {
  smtp: string[];
  http: string;
}

/**
 * From version 13 on, better-sqlite3 is built for Node-API 10 and takes the process down without a word where there
 * is less of it.
 */
export function checkDriver(nodeApi: number, driverVersion: string | undefined, node: string): void {
  if (driverVersion === undefined || Number.parseInt(driverVersion, 10) < 13 || nodeApi >= 10) return;
  throw new UsageError(
    `better-sqlite3 ${driverVersion} does not run on Node ${node}.`,
    `It needs Node-API 10, and this Node has ${nodeApi}.`,
    'Use Node 22.14 or newer, or install better-sqlite3 12.9.0.',
  );
}

function driverVersion(): string | undefined {
  try {
    const path = createRequire(import.meta.url).resolve('better-sqlite3/package.json');
    return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
  } catch {
    // Not there, or not to be looked into: opening the store will say what is wrong.
    return undefined;
  }
}

/** What is printed for people once all is ready. */
function welcome(ready: Ready, config: Pick<Config, 'data'>): string {
  const names: Record<string, string> = {
    none: 'SMTP',
    offered: 'SMTP, STARTTLS',
    required: 'SMTP, STARTTLS',
    implicit: 'SMTPS',
  };
  const rows = ready.smtp.map((address) => {
    const url = new URL(address);
    const tls = url.protocol === 'smtps:' ? 'implicit' : (url.searchParams.get('tls') ?? 'none');
    return [url.protocol === 'lmtp:' ? 'LMTP' : (names[tls] ?? 'SMTP'), url.host];
  });
  const data = config.data === ':memory:' ? 'in memory, gone at the end' : config.data;
  rows.push(['Web and API', ready.http], ['Data', data]);
  const table = rows.map(([name = '', value = '']) => `  ${name.padEnd(16)}${value}\n`).join('');
  const first = ready.smtp[0] === undefined ? '' : new URL(ready.smtp[0]).host;
  return `Mailscope is ready.\n\n${table}
Next: open ${ready.http} and let your application send its mail to ${first || 'one of the addresses'}.
To try it, run "mailscope send --sample${sampleTarget(first)}". Ctrl+C stops it.\n`;
}

function sampleTarget(address: string): string {
  const port = /:(\d+)$/.exec(address)?.[1];
  return port === undefined || port === '1025' ? '' : ` --port ${port}`;
}

function nextSignal(): Promise<void> {
  return new Promise((done) => {
    let isFirst = true;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        // By convention 128 and the number of the signal.
        if (!isFirst) process.exit(signal === 'SIGINT' ? 130 : 143);
        isFirst = false;
        done();
      });
  });
}

/** Resolves with the exit code once it was stopped. Throws when it cannot start. */
export async function serve(flags: Partial<Record<OptionName, unknown>>): Promise<number> {
  const config = readConfig({ flags });
  const log = createLog(config.logLevel);
  for (const text of misspelledSettings(process.env)) log.warn(text);
  checkDriver(Number(process.versions.napi), driverVersion(), process.versions.node);
  const stop = nextSignal();
  const { startSandbox } = await import('../app.ts');
  const sandbox = await startSandbox(config);
  const { smtp, http } = sandbox.ready;
  process.stdout.write(
    config.readyJson ? `${JSON.stringify({ event: 'ready', smtp, http })}\n` : welcome(sandbox.ready, config),
  );
  await stop;
  if (!config.readyJson) process.stdout.write('Stopping ...\n');
  await sandbox[Symbol.asyncDispose]();
  return 0;
}
