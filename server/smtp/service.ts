// All listeners together: one engine for each, one count of connections, the sessions that are running.
import { newSessionId } from '../ids.ts';
import type { Accounts } from './auth/mechanisms.ts';
import type { Intake } from './arrival.ts';
import type { Connection, GateLimits, GateOptions } from './connection.ts';
import { Engine } from './engine.ts';
import type { FaultSource } from './fault-source.ts';
import { listen, type Listener, type ListenerHost } from './listener.ts';
import type { Recorder, RecorderWatch } from './record/recorder.ts';
import type { TlsSetup } from './tls/terminator.ts';

export interface ListenerConfig {
  name: string;
  protocol: 'smtp' | 'lmtp';
  /** `localhost` stands for 127.0.0.1 and, where there is one, ::1. */
  host: string;
  port: number;
  tls: 'none' | 'offered' | 'required' | 'implicit';
  auth: 'none' | 'offered' | 'required';
  authNeedsTls: boolean;
  proxy: boolean;
  xclient: boolean;
  bareNewlines: 'accept' | 'refuse';
}

export interface SmtpOptions {
  listeners: ListenerConfig[];
  /** In the greeting and the answer to EHLO. */
  name: string;
  limits: GateLimits;
  maxRecipients: number;
  maxConnections: number;
  /** They are as few as that because the system lets this process have no more files open. */
  fewFiles: boolean;
  mechanisms: string[];
  accounts: Accounts;
  recordCredentials: boolean;
  tls: TlsSetup | null;
  /** The address of the web page, for clients that took an SMTP port for it. */
  web: string | null;
}

export interface SmtpHost {
  intake: Intake;
  watch: RecorderWatch;
  /** Failures that are simulated. */
  faults: FaultSource;
  lastSessionSeq: number;
  opened(recorder: Recorder): void;
  /** Keeps the finished record. */
  closed(connection: Connection): Promise<void>;
  onFault(error: unknown): void;
  onNotice(text: string): void;
}

export interface SmtpService extends AsyncDisposable {
  readonly ports: number[];
  readonly running: ReadonlyMap<string, Connection>;
}

/** Why a port could not be opened; the config says which flag sets it. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly listener: ListenerConfig;
  readonly code: string | undefined;
  constructor(listener: ListenerConfig, cause: NodeJS.ErrnoException) {
    super(cause.message, { cause });
    this.listener = listener;
    this.code = cause.code;
  }
}

export async function startSmtp(options: SmtpOptions, host: SmtpHost): Promise<SmtpService> {
  const running = new Map<string, Connection>();
  const listeners: Listener[] = [];
  let seq = host.lastSessionSeq;
  let entered = 0;
  const shared: ListenerHost = {
    nextSession: () => ({ id: newSessionId(), seq: ++seq }),
    enter() {
      if (entered >= options.maxConnections) return false;
      entered++;
      return true;
    },
    fewFiles: options.fewFiles,
    leave: () => void entered--,
    opened(connection) {
      running.set(connection.id, connection);
      host.opened(connection.recorder);
    },
    async closed(connection) {
      await host.closed(connection);
      running.delete(connection.id);
    },
    onFault: host.onFault,
    onNotice: host.onNotice,
  };
  const ports: number[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(listeners.map((listener) => listener[Symbol.asyncDispose]()));
  };
  // Hints name the ports of the other listeners, which are known once all are bound.
  const hints: GateOptions['hints'] = { startTls: null, plain: null, web: options.web };
  for (const listener of options.listeners) {
    const addresses = listener.host === 'localhost' ? ['127.0.0.1', '::1'] : [listener.host];
    try {
      const opened = await listen(
        addresses,
        listener.port,
        gateOptions(options, listener, host, hints),
        shared,
      );
      listeners.push(opened);
      ports.push(opened.port);
    } catch (error) {
      await stop();
      throw new ListenError(listener, error as NodeJS.ErrnoException);
    }
  }
  const portWith = (wanted: ListenerConfig['tls']): number | undefined =>
    ports[options.listeners.findIndex(({ tls, protocol }) => tls === wanted && protocol === 'smtp')];
  const startTls = portWith('offered') ?? portWith('required');
  if (startTls) hints.startTls = `STARTTLS is offered on port ${startTls}`;
  const clear = portWith('none') ?? startTls;
  if (clear) hints.plain = `SMTP that begins in clear is spoken on port ${clear}`;
  return { ports, running, [Symbol.asyncDispose]: stop };
}

function gateOptions(
  options: SmtpOptions,
  listener: ListenerConfig,
  host: SmtpHost,
  hints: GateOptions['hints'],
): GateOptions {
  const engine = new Engine({
    name: options.name,
    lmtp: listener.protocol === 'lmtp',
    authRequired: listener.auth === 'required',
    maxSize: options.limits.maxSize,
    maxRecipients: options.maxRecipients,
    xclient: listener.xclient,
  });
  return {
    listener,
    limits: { ...options.limits },
    mechanisms: options.mechanisms,
    accounts: options.accounts,
    recordCredentials: options.recordCredentials,
    tls: options.tls,
    engine,
    intake: host.intake,
    watch: host.watch,
    faults: host.faults,
    hints,
  };
}
