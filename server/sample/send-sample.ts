// Mailscope as its own client: a sample mail goes through one of its listeners, so that it has a session.
import { MailscopeError } from '../../shared/errors.ts';
import { createSample, type SampleKind } from './sample.ts';
import { openSmtp, type SmtpOptions } from './smtp-client.ts';

export interface SampleListener {
  name: string;
  host: string;
  port: number;
  protocol: 'smtp' | 'lmtp';
  tls: 'none' | 'offered' | 'required' | 'implicit';
  auth: 'none' | 'offered' | 'required';
  proxy: boolean;
}

export interface SampleSetup {
  listeners: SampleListener[];
  /** What signed our certificate; null: it is the user's, and is not checked. */
  caPem: string | null;
  /** One that is accepted; without it any is. */
  login: { name: string; password: string } | undefined;
  findMessage(id: string): Promise<{ sessionId: string | null } | undefined>;
}

/**
 * Resolves once the sample is stored. Throws MailscopeError: `not_found` for an unknown listener, `conflict` where the
 * listener refused the mail.
 */
export type SendSample = (ask: {
  listener?: string | undefined;
  kind: SampleKind;
}) => Promise<{ messageId: string; sessionId: string }>;

const envelope = { from: 'sample@mailscope.test', to: ['you@example.com'] };

/** By name; without one the first that needs neither TLS nor a login, else the first. */
function chooseListener(listeners: SampleListener[], name: string | undefined): SampleListener {
  const smtp = listeners.filter(({ protocol }) => protocol === 'smtp');
  const found =
    name === undefined
      ? (smtp.find(({ tls, auth }) => (tls === 'none' || tls === 'offered') && auth !== 'required') ??
        smtp[0] ??
        listeners[0])
      : listeners.find((listener) => listener.name === name);
  if (found) return found;
  const names = listeners.map((listener) => listener.name).join(', ');
  throw new MailscopeError(
    'not_found',
    name === undefined ? 'There is no SMTP port to send to.' : `There is no listener "${name.slice(0, 40)}".`,
    { hint: names === '' ? 'Start with --smtp-port 0.' : `There are: ${names}.` },
  );
}

const anyAddress: Record<string, string> = { localhost: '127.0.0.1', '0.0.0.0': '127.0.0.1', '::': '::1' };

function optionsFor(listener: SampleListener, isNamed: boolean, setup: SampleSetup): SmtpOptions {
  const { host, port, protocol, auth, proxy } = listener;
  const { name, password } = setup.login ?? { name: 'sample', password: 'sample' };
  // Who names a listener wants to see what it can do; the default is the shortest session there is.
  const wantsTls = listener.tls === 'required' || (listener.tls === 'offered' && isNamed);
  const tls = listener.tls === 'implicit' ? 'implicit' : wantsTls ? 'starttls' : 'none';
  const logsIn = auth === 'required' || (auth === 'offered' && isNamed && tls !== 'none');
  return {
    ...{ host: anyAddress[host] ?? host, port, protocol, proxy, tls },
    ...(setup.caPem === null ? {} : { ca: setup.caPem }),
    ...(logsIn ? { login: { user: name, password } } : {}),
  };
}

async function send(options: SmtpOptions, kind: SampleKind): Promise<string> {
  const smtp = await openSmtp(options);
  try {
    const { lines } = await smtp.send(envelope, createSample({ ...envelope, kind }));
    const id = /\bm_[A-Za-z0-9_-]+/.exec(lines.join(' '))?.[0];
    if (id === undefined) throw new Error('The reply to the sample names no message.');
    return id;
  } finally {
    await smtp.close();
  }
}

export const createSampleSender =
  (setup: SampleSetup): SendSample =>
  async (ask) => {
    const listener = chooseListener(setup.listeners, ask.listener);
    const options = optionsFor(listener, ask.listener !== undefined, setup);
    const messageId = await send(options, ask.kind).catch((cause: unknown) => {
      if (!(cause instanceof MailscopeError)) throw cause;
      const text = `The listener ${listener.name} did not take the sample. ${cause.message}`;
      throw new MailscopeError('conflict', text, { hint: cause.hint, cause });
    });
    const sessionId = (await setup.findMessage(messageId))?.sessionId;
    if (!sessionId) throw new Error('The sample was deleted at once.');
    return { messageId, sessionId };
  };
