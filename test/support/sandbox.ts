// A running Mailscope on free ports, in memory, as a disposable.
import { setTimeout as delay } from 'node:timers/promises';
import { startSandbox, type Tuning } from '../../server/app.ts';
import { openCertificate } from '../../server/certificate/open-certificate.ts';
import { readConfig } from '../../server/config/read-config.ts';
import { startOwnParser } from '../../server/parsing.ts';
import type { OptionName } from '../../server/config/options.ts';
import type { Session } from '../../shared/session.ts';
import type { TranscriptLine } from '../../shared/transcript.ts';
import { connect, type Client } from '../../shared/client/client.ts';
import { areTold } from './told-sessions.ts';
import { openWire, type Wire } from './wire.ts';
import { silentLog } from './silent-log.ts';

/** One certificate for all tests of a file: making it takes longer than starting the rest. */
const certificate = openCertificate({ folder: null, names: [] });

/** One thread for all sandboxes that keep nothing: to start it takes eight times as long as the rest of a sandbox. */
const parser = startOwnParser(null);

export interface TestSandbox extends AsyncDisposable {
  url: string;
  client: Client;
  caPem: string;
  /** Ports in the order of the listeners: smtp, submission, smtps, then further ones. */
  ports: number[];
  /** A raw SMTP connection that has not read the greeting yet. */
  wire(listener?: number): Promise<Wire>;
  /** The only session, or the newest, once it is closed. */
  closedSession(): Promise<Session>;
  /** Sessions once `count` of them are closed, oldest first. */
  closedSessions(count: number): Promise<Session[]>;
  /** All lines with their bytes. */
  lines(sessionId: string): Promise<TranscriptLine[]>;
}

export async function startTestSandbox(
  flags: Partial<Record<OptionName, unknown>> = {},
  tuning: Tuning = {},
): Promise<TestSandbox> {
  const config = readConfig({
    flags: {
      smtpPort: '0',
      submissionPort: '0',
      smtpsPort: '0',
      httpPort: '0',
      data: ':memory:',
      host: '127.0.0.1',
      ...flags,
    },
    env: {},
    folder: '/nonexistent',
  });
  const sandbox = await startSandbox(config, {
    log: silentLog,
    checkAnswers: true,
    certificate: await certificate,
    ...(config.data === ':memory:' ? { parser } : {}),
    ...tuning,
  });
  const url = sandbox.ready.http;
  const client = connect(url);
  const ports = sandbox.ready.smtp.map((address) => Number(new URL(address).port));
  const closedSessions = async (count: number): Promise<Session[]> => {
    const deadline = Date.now() + 40_000;
    for (;;) {
      const { items } = await client.listSessions({ query: { limit: 500 } });
      const closed = items.filter((session) => session.outcome !== 'open');
      if (closed.length >= count && (await areTold(client, closed))) {
        return Promise.all(closed.reverse().map(({ id }) => client.readSession({ params: { id } })));
      }
      if (Date.now() > deadline) {
        throw new Error(
          `${count} closed sessions did not come; there are: ${items.map(({ outcome }) => outcome).join(', ') || 'none'}`,
        );
      }
      await delay(5);
    }
  };
  return {
    url,
    client,
    caPem: sandbox.caPem ?? '',
    ports,
    wire: (listener = 0) => openWire(ports[listener]!),
    closedSessions,
    closedSession: async () => (await closedSessions(1)).at(-1)!,
    async lines(id) {
      const lines: TranscriptLine[] = [];
      for (let cursor: string | undefined = '0'; cursor !== undefined;) {
        const page: Awaited<ReturnType<Client['readTranscript']>> = await client.readTranscript({
          params: { id },
          query: { data: 'full', limit: 5000, cursor },
        });
        lines.push(...page.items);
        cursor = page.nextCursor ?? undefined;
      }
      return lines;
    },
    [Symbol.asyncDispose]: () => sandbox[Symbol.asyncDispose](),
  };
}

/** The exact bytes of one side, put together from transcript lines. */
export function bytesOfSide(lines: TranscriptLine[], side: 'client' | 'server'): Buffer {
  const endings = { CRLF: '\r\n', LF: '\n', CR: '\r', '': '' };
  return Buffer.concat(
    lines
      .filter((line) => line.from === side && line.kind !== 'tls')
      .flatMap((line) => [
        line.base64 === undefined
          ? Buffer.from(line.kind === 'data' ? '' : line.text)
          : Buffer.from(line.base64, 'base64'),
        Buffer.from(endings[line.eol]),
      ]),
  );
}
