// `--listen smtp://127.0.0.1:2587?tls=required&auth=required` to a listener.
import { authModes, newlineModes, tlsModes } from './options.ts';
import { nearest, UsageError } from './usage-error.ts';

export interface ListenerConfig {
  /** `smtp`, `submission`, `smtps`, or the name of a further one. */
  name: string;
  protocol: 'smtp' | 'lmtp';
  /** An address, or `localhost` for 127.0.0.1 and, where there is one, [::1]. */
  host: string;
  /** 0 takes a free port. */
  port: number;
  tls: (typeof tlsModes)[number];
  auth: (typeof authModes)[number];
  /** AUTH is hidden before TLS and answered 538. */
  authNeedsTls: boolean;
  proxy: boolean;
  xclient: boolean;
  /** What becomes of a message with a bare LF or CR. */
  bareNewlines: (typeof newlineModes)[number];
}

export type ListenerDefaults = Pick<ListenerConfig, 'auth' | 'proxy' | 'xclient' | 'bareNewlines'>;

const parameters = ['tls', 'auth', 'auth-tls', 'name', 'proxy', 'xclient', 'bare-newlines'] as const;

/** Throws UsageError. `n` counts the further listeners from 1 and names those without a name. */
export function readListenerUrl(text: string, n: number, defaults: ListenerDefaults): ListenerConfig {
  const refuse = (why: string, hint = 'Write it as smtp://127.0.0.1:2587?tls=offered&auth=offered') =>
    new UsageError(`The listener "${text}" cannot be used.`, why, hint);
  const url = URL.canParse(text) ? new URL(text) : null;
  const scheme = url?.protocol.slice(0, -1);
  if (!url || !scheme || !['smtp', 'smtps', 'lmtp'].includes(scheme))
    throw refuse('It is not a URL that begins with smtp://, smtps:// or lmtp://.');
  if (url.hostname === '' || url.port === '')
    throw refuse('It needs an address and a port; port 0 takes a free one.');
  if (!['', '/'].includes(url.pathname) || url.hash || url.username || url.password)
    throw refuse('It has something beside address, port and parameters.');

  for (const [key] of url.searchParams)
    if (!(parameters as readonly string[]).includes(key)) {
      const near = nearest(key, parameters);
      throw refuse(
        `It has no parameter "${key}".`,
        near ? `Did you mean ${near}?` : `Known are ${parameters.join(', ')}.`,
      );
    }
  const one = <T extends string>(
    key: (typeof parameters)[number],
    choices: readonly T[],
    otherwise: T,
  ): T => {
    const given = url.searchParams.getAll(key);
    if (given.length === 0) return otherwise;
    const found = choices.find((choice) => given.length === 1 && choice === given[0]);
    if (found === undefined) throw refuse(`${key}=${given.join(', ')} is not one of ${choices.join(', ')}.`);
    return found;
  };
  const isOn = (key: 'proxy' | 'xclient'): boolean =>
    one(key, ['true', 'false'], String(defaults[key])) === 'true';

  const tls = one('tls', tlsModes, scheme === 'smtps' ? 'implicit' : 'none');
  if (scheme === 'smtps' && tls !== 'implicit')
    throw refuse('smtps:// is TLS from the first byte.', 'Use smtp://.');
  const authNeedsTls = one('auth-tls', ['required', 'optional'], 'optional') === 'required';
  if (authNeedsTls && tls === 'none')
    throw refuse('auth-tls=required without TLS would make every login impossible.', 'Add tls=offered.');
  const name = url.searchParams.get('name') ?? `listener-${n}`;
  if (!/^[A-Za-z0-9._-]{1,40}$/.test(name)) throw refuse('Its name has more than letters, digits and . _ -');
  return {
    name,
    protocol: scheme === 'lmtp' ? 'lmtp' : 'smtp',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port),
    tls,
    auth: one('auth', authModes, defaults.auth),
    authNeedsTls,
    proxy: isOn('proxy'),
    xclient: isOn('xclient'),
    bareNewlines: one('bare-newlines', newlineModes, defaults.bareNewlines),
  };
}
