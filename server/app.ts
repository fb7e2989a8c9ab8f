// startSandbox: the only file that knows every part. It builds them in order and closes them in reverse.
import { join } from 'node:path';
import { summaryOf } from '../shared/session-summary.ts';
import { openCertificate, type ServerCertificate } from './certificate/open-certificate.ts';
import { nowUs } from './clock.ts';
import { createBounces } from './bounces.ts';
import { createClosing } from './closing.ts';
import type { Config } from './config/read-config.ts';
import { openDiagnosing } from './diagnosing.ts';
import { createEvents } from './events.ts';
import { openFaultParts } from './fault-parts.ts';
import { saveEnded, saveSession, startHousekeeping } from './housekeeping.ts';
import { createGuests, mailForms } from './guests.ts';
import type { HttpClocks } from './http/parts.ts';
import { startHttp } from './http/server.ts';
import { createIntake } from './intake.ts';
import type { ListenerConfig } from './config/listener-url.ts';
import { createBackground } from './background.ts';
import { openAgents } from './agents.ts';
import { createLog, type Log } from './log.ts';
import { forScheme } from './mail/color-scheme.ts';
import { servedType } from './mail/content-type.ts';
import { textAsHtml } from './mail/frame.ts';
import { openInboxParts } from './inbox-parts.ts';
import type { Parser } from './mail/parser.ts';
import { selectHtml } from './mail/select-html.ts';
import { startParsing } from './parsing.ts';
import { distPath } from './paths.ts';
import { statusReader } from './read-status.ts';
import { refuseListen } from './refusal.ts';
import { roomForConnections } from './open-files.ts';
import { createRunning, createWatch } from './running.ts';
import type { Connection, GateLimits } from './smtp/connection.ts';
import type { Recorder } from './smtp/record/recorder.ts';
import { createSampleSender, type SendSample } from './sample/send-sample.ts';
import { smtpOptions } from './smtp-options.ts';
import { ListenError, startSmtp, type SmtpService } from './smtp/service.ts';
import { watchStorage } from './storage-watch.ts';
import { openStore } from './store/open.ts';
import { createSubmission } from './submission.ts';
import { createExpectations } from './wait/expectations.ts';
import { createHub } from './wait/hub.ts';
import type { WaitParts } from './wait/parts.ts';
import { createWaits } from './wait/waits.ts';

export interface Sandbox extends AsyncDisposable {
  readonly ready: { smtp: string[]; http: string };
  readonly caPem: string | null;
}

/** What tests set to be quicker or to look closer; not for users. */
export interface Tuning {
  limits?: Partial<GateLimits>;
  checkAnswers?: boolean;
  clocks?: Partial<HttpClocks>;
  certificate?: ServerCertificate;
  /** In place of an own one, whose thread costs more processor than all the rest of the start. */
  parser?: Parser;
  log?: Log;
}

/** Starts everything and resolves when all ports listen. Throws an Error with what happened, why, and what to do. */
export async function startSandbox(config: Config, tuning: Tuning = {}): Promise<Sandbox> {
  const log = tuning.log ?? createLog(config.logLevel);
  const open: AsyncDisposable[] = [];
  const keep = <T extends AsyncDisposable>(part: T): T => {
    open.unshift(part);
    return part;
  };
  const close = async (): Promise<void> => {
    for (const part of open.splice(0)) {
      try {
        await part[Symbol.asyncDispose]();
      } catch (error) {
        // The others still want to be closed.
        log.error('A part could not be closed', error);
      }
    }
  };
  try {
    const startedUs = nowUs();
    const events = createEvents(log);
    const background = createBackground();
    const [store, certificate] = await Promise.all([
      openStore({
        data: config.data,
        background,
        // Whoever waits for the commit goes first: a 250 is not later for those who only watch.
        onEvents: (batch) => void setImmediate(() => events.emit('durable', batch)),
        onNotice: (text) => log.warn(text),
        onUnparsed: (id) => events.emit('unparsed', id),
      }).then(keep),
      tuning.certificate ?? openOwnCertificate(config, { onNotice: (text) => log.warn(text) }),
    ]);
    const storage = keep(await watchStorage(store, config.limits.minFree, log));
    const { inboxes, placing, access, life } = await openInboxParts(store, config, log);
    keep(life);
    const { faults, engine } = await openFaultParts(store.faults, config, events, log);
    const diagnosing = keep(await openDiagnosing(store.issues, events, log));
    const noteFile = config.data === ':memory:' ? null : join(config.data, 'parsing.note');
    const parsing = keep(startParsing(store, background, log, noteFile, tuning.parser, diagnosing.parsed));
    const { settled } = parsing;
    const closing = createClosing((connection: Connection) =>
      saveEnded(store, placing, connection).catch((error: unknown) =>
        log.error('A session could not be stored', error),
      ),
    );
    const saveRunning = (recorder: Recorder): Promise<void> => {
      placing.place(recorder);
      return saveSession(store, { recorder }, false);
    };
    const intake = createIntake({
      store,
      parsing: parsing.queue,
      log,
      storage,
      saveRecord: saveRunning,
      beforeStore: closing.flush,
      onStored(arrival) {
        housekeeping.poke();
        bounces.consider(arrival);
      },
      route: (mail) => inboxes.route(mail),
      placeMessage: placing.placeMessage,
    });
    const live: { smtp?: SmtpService; web?: string } = {};
    const connections = (): SmtpService['running'] => live.smtp?.running ?? new Map();
    const housekeeping = keep(
      startHousekeeping({
        store,
        background,
        connections: () => connections().values(),
        retention: config.retention,
        isTroubled: () => storage.status().state !== 'ok',
        save: ({ recorder }) => saveRunning(recorder),
        log,
      }),
    );
    const running = createRunning(() => connections().values(), placing.place);
    const waitParts: WaitParts = {
      store,
      running,
      events,
      settled,
      quickText: parsing.quickText,
      selectHtml,
      inboxes: access.inboxes,
    };
    const hub = createHub(waitParts);
    const agents = keep(openAgents(() => live.web ?? '', log));
    const { maxSize } = config.limits;
    const submission = createSubmission(
      { store, storage, parsing: parsing.queue, maxSize, route: (mail) => inboxes.route(mail) },
      () => housekeeping.poke(),
    );
    const bounces = keep(
      createBounces({
        ...{ faults: engine, host: config.name, submission, log },
        findBody: (id) => store.findBody(id),
        hasInbox: (name) => inboxes.list().some((inbox) => inbox.name === name),
      }),
    );
    const guests = createGuests(
      { store, faults, events, log, settled, status: () => readStatus(null) },
      submission,
      {
        primary: config.compat,
        maxSize,
      },
    );
    const http = keep(
      await startHttp(
        {
          store,
          running,
          settled,
          caughtUp: hub.caughtUp,
          waits: { ...createWaits(waitParts, hub), expect: createExpectations(waitParts, hub) },
          status: (inbox) => readStatus(inbox),
          ...access,
          faults,
          issues: diagnosing.issues,
          submission,
          agents: (request) => agents.fetch(request),
          sendSample: (ask) => sendSample(ask),
          caPem: certificate.caPem,
          mail: {
            ...mailForms,
            frameText: ({ text }) => textAsHtml(text ?? ''),
            forScheme,
            servedType,
          },
          events,
          guests,
          log,
        },
        {
          host: config.host,
          port: config.httpPort,
          allowHosts: config.allowHosts,
          ...(config.httpTls ? { tls: { key: certificate.key, cert: certificate.cert } } : {}),
          webFolder: distPath('web'),
          checkAnswers: tuning.checkAnswers ?? false,
          clocks: tuning.clocks ?? {},
        },
      ).catch((error: unknown) => {
        throw refuseListen(error, config.host, config.httpPort, '--http-port');
      }),
    );
    live.web = http.url;
    // Ahead of the web server: whoever waits is told.
    keep({ [Symbol.asyncDispose]: async () => hub[Symbol.dispose]() });
    const smtp = keep(
      await startSmtp(
        smtpOptions(config, certificate, http.url, {
          limits: tuning.limits,
          passwordOf: (user) => inboxes.passwordOf(user),
          room: roomForConnections(),
        }),
        {
          intake,
          watch: createWatch(events, placing.place),
          faults: engine,
          lastSessionSeq: store.lastSessionSeq,
          opened(recorder) {
            if (events.heard('session:opened'))
              events.emit('session:opened', { session: summaryOf(recorder.session) });
          },
          closed(connection) {
            diagnosing.ended(connection.recorder.session);
            return closing.add(connection);
          },
          onFault: (error) => log.error('A session ended because of a fault', error),
          onNotice: (text) => log.warn(text),
        },
      ),
    );
    live.smtp = smtp;
    const sendSample: SendSample = createSampleSender({
      listeners: config.listeners.map((listener, index) => ({ ...listener, port: smtp.ports[index]! })),
      caPem: certificate.caPem,
      login: config.auth.users[0],
      findMessage: (id) => store.findMessage(id),
    });
    events.on('durable', parsing.follow);
    events.on('unparsed', parsing.again);
    void parsing.recover();

    const urls = config.listeners.map((listener, index) => urlOf(listener, smtp.ports[index]!));
    const readStatus = statusReader({
      ...{ store, storage, config, startedUs, running, web: http.url, issues: diagnosing.issues },
      listeners: smtp.ports.map((port, index) => ({ port, url: urls[index]! })),
      openSessions: () => connections().size,
    });
    return {
      ready: { smtp: urls, http: http.url },
      caPem: certificate.caPem,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error instanceof ListenError ? refuseSmtp(error) : error;
  }
}

const portFlags: Record<string, string> = {
  smtp: '--smtp-port',
  submission: '--submission-port',
  smtps: '--smtps-port',
};

const refuseSmtp = ({ listener, cause }: ListenError): Error =>
  refuseListen(cause, listener.host, listener.port, portFlags[listener.name] ?? '--listen');

/**
 * `keep: false` uses the CA that is there and writes nothing. `onNotice` is told why the usual folder of the CA cannot
 * be used, which keeps nobody from starting; one that was asked for does.
 */
export function openOwnCertificate(
  { tls }: Config,
  { keep = true, onNotice }: { keep?: boolean; onNotice?: (text: string) => void } = {},
): Promise<ServerCertificate> {
  return openCertificate({
    caFolderReadOnly: !keep,
    folder: tls.certFolder,
    names: tls.certNames,
    ...(tls.certFolderGiven || !onNotice ? {} : { orInMemory: onNotice }),
    ...(tls.key && tls.cert ? { keyFile: tls.key, certFile: tls.cert } : {}),
  });
}

function urlOf({ protocol, host, tls }: ListenerConfig, port: number): string {
  const name = host === 'localhost' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return tls === 'implicit' && protocol === 'smtp'
    ? `smtps://${name}:${port}`
    : `${protocol}://${name}:${port}?tls=${tls}`;
}
