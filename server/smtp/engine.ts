// smtp-server as the protocol engine behind the gate; the only importer of it. It never listens: connections are
// injected. TLS and AUTH exchanges are the gate's, and the bytes of a message do not pass through it.
import { randomBytes } from 'node:crypto';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';
import { EnginePort, type EngineReply } from './engine-port.ts';

export interface EngineOptions {
  name: string;
  lmtp: boolean;
  authRequired: boolean;
  maxSize: number;
  maxRecipients: number;
  xclient: boolean;
}

export interface EnginePeer {
  remoteAddress: string;
  remotePort: number;
  localAddress: string;
  localPort: number;
}

/** Leaves out the fixed 100 ms that smtp-server waits before its greeting. */
class PromptConnection extends SMTPConnection {
  #started = false;
  override init(): void {
    super.init();
    this.connectionReady();
  }
  override connectionReady(next?: () => void): void {
    if (this.#started) return;
    this.#started = true;
    super.connectionReady(next);
  }
}

type Socket = Parameters<SMTPServer['connect']>[0];

class InjectedServer extends SMTPServer {
  override connect(socket: Socket, options: ConstructorParameters<typeof SMTPConnection>[2]): void {
    const connection = new PromptConnection(this, socket, options);
    this.connections.add(connection);
    connection.on('error', () => {});
    connection.init();
  }
}

export class Engine {
  readonly #plain: SMTPServer;
  readonly #secure: SMTPServer;
  readonly #ports = new Map<string, EnginePort>();
  readonly #tickets = new Map<string, string>();

  constructor(options: EngineOptions) {
    const common: SMTPServerOptions = {
      name: options.name,
      banner: 'Mailscope',
      heloResponse: '%s greets %s',
      lmtp: options.lmtp,
      size: options.maxSize,
      maxRecipients: options.maxRecipients,
      useXClient: options.xclient,
      authOptional: !options.authRequired,
      authMethods: ['PLAIN'],
      disabledCommands: ['STARTTLS', 'WIZ', 'KILL', 'SHELL'],
      disableReverseLookup: true,
      lenientAddressParsing: true,
      hideENHANCEDSTATUSCODES: false,
      hideDSN: false,
      hideREQUIRETLS: true,
      logger: false,
      maxAllowedUnauthenticatedCommands: false,
      maxCommandLength: 64 * 1024,
      socketTimeout: 24 * 3600 * 1000,
      onAuth: (auth, _session, done) => {
        if (auth.method === 'XCLIENT') return done(null, { user: auth.username });
        const user = this.#tickets.get(auth.password ?? '');
        if (user === undefined) return done(new Error('no such ticket'));
        done(null, { user });
      },
      onData: (stream, session, done) => {
        stream.resume();
        stream.on('error', () => {});
        stream.on('end', () => {
          const verdict = this.#ports.get(session.id)?.verdict ?? Promise.resolve();
          // One reply whatever the number of recipients; the gate writes what the client gets.
          void verdict.then(() => done(null, options.lmtp ? ['accepted'] : 'accepted'));
        });
      },
    };
    this.#plain = new InjectedServer({ ...common, secure: false });
    this.#secure = new InjectedServer({ ...common, secure: true, secured: true } as SMTPServerOptions);
    this.#plain.on('error', () => {});
    this.#secure.on('error', () => {});
  }

  /** Starts a protocol session; its first reply is the greeting. */
  open(id: string, secure: boolean, peer: EnginePeer): EnginePort {
    const port = new EnginePort();
    this.#ports.set(id, port);
    port.once('close', () => {
      if (this.#ports.get(id) === port) this.#ports.delete(id);
    });
    (secure ? this.#secure : this.#plain).connect(port as unknown as Socket, { id, ...peer });
    return port;
  }

  /** Logs a user in whom the gate has checked; the engine's reply. */
  async login(port: EnginePort, user: string): Promise<EngineReply | null> {
    const ticket = randomBytes(16).toString('hex');
    this.#tickets.set(ticket, user);
    const credentials = Buffer.from(`\0${user}\0${ticket}`).toString('base64');
    const answered = await port.ask(`AUTH PLAIN ${credentials}\r\n`);
    this.#tickets.delete(ticket);
    return answered;
  }
}
