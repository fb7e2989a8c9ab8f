// The SDK: one method for each call of the API, over fetch. At run time it needs only the table of routes.
import type { Answer, api, Body, Params, Query } from '../api.ts';
import { MailscopeError, type ErrorBody } from '../errors.ts';
import { routes, type RouteName } from '../routes.ts';
import { adviceFor } from './unreachable.ts';

type Api = typeof api;
type Has<N extends RouteName, K extends string> = K extends keyof Api[N] ? true : false;
type IsRaw<N extends RouteName> = 'bodyType' extends keyof (typeof routes)[N] ? true : false;
type Given<N extends RouteName> = (Has<N, 'params'> extends true
  ? { params: Params<N> }
  : { params?: undefined }) &
  (Has<N, 'query'> extends true ? { query?: Query<N> } : { query?: undefined }) &
  (Has<N, 'body'> extends true
    ? { body: Body<N> }
    : IsRaw<N> extends true
      ? { body: Uint8Array | Blob }
      : { body?: undefined });

/** What a call is given: `params` of the path, `query`, `body` (JSON, or raw bytes), and a `signal` to give up. */
export type Input<N extends RouteName> = Given<N> & { signal?: AbortSignal };
/** What a call gives: the answer, a text (certificate), or the bytes (raw message, part). */
export type Output<N extends RouteName> =
  Has<N, 'response'> extends true ? Answer<N> : N extends 'readCa' ? string : Uint8Array<ArrayBuffer>;

type Method<N extends RouteName> =
  Has<N, 'params'> extends true
    ? (input: Input<N>) => Promise<Output<N>>
    : Input<N> extends { body: unknown }
      ? (input: Input<N>) => Promise<Output<N>>
      : (input?: Input<N>) => Promise<Output<N>>;

/**
 * One method for each row of shared/routes.ts, e.g.
 * `await client.listMessages({ query: { limit: 100 } })` or `await client.readMessage({ params: { id: 'latest' } })`.
 *
 * Each throws MailscopeError: with the code that the server gave (`not_found`, `invalid_request` ...), or with
 * `unavailable` where nothing answered, another program did, or the answer broke off. A call that its `signal` ended
 * throws the reason of the signal.
 */
export type Client = { [N in RouteName]: Method<N> } & {
  /** A session's transcript as readable text. Default: the first 1,000 lines; messages only as their size. */
  readTranscriptText(input: Input<'readTranscript'>): Promise<string>;
  /** The address of a call, for links and downloads. */
  urlOf<N extends RouteName>(name: N, input?: Omit<Input<N>, 'body' | 'signal'>): string;
};

export interface ConnectOptions {
  /** Default: the global fetch. */
  fetch?: typeof fetch | undefined;
  /** Sent with every request. */
  headers?: Record<string, string> | undefined;
  /** Of the configuration or of an inbox; sent as `Authorization: Bearer`. */
  token?: string | undefined;
  /** Of the web interface (`--password`); sent as Basic. A `token` goes first. */
  password?: string | undefined;
  /** All calls about messages, sessions and events, waits and expectations too, are about this inbox alone, unless one names another. */
  inbox?: string | undefined;
}

interface AnyInput {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
  signal?: AbortSignal;
}

function fillPath(path: string, params: Record<string, unknown> = {}): string {
  return path.replace(/:([a-z]+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
}

function formatQuery(query: Record<string, unknown> = {}): string {
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    (Array.isArray(value) ? (value as unknown[]) : [value])
      .filter((one) => one !== undefined && one !== null)
      .map((one) => [name, String(one)]),
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

/** RFC 7617: the user is left empty, and the password is UTF-8. */
function authorizationOf({ token, password }: ConnectOptions): Record<string, string> {
  if (token !== undefined) return { Authorization: `Bearer ${token}` };
  if (password === undefined) return {};
  const bytes = new TextEncoder().encode(`:${password}`);
  return { Authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` };
}

const strange = ({ status }: Response, text: string): MailscopeError =>
  new MailscopeError('unavailable', `The answer was ${status}, and not from Mailscope.`, {
    hint: 'Is the address that of the web port, and is there a proxy in between?',
    details: text.slice(0, 500),
  });

async function toError(response: Response): Promise<MailscopeError> {
  const text = await response.text().catch(() => '');
  try {
    const { code, message, hint, details } = (JSON.parse(text) as ErrorBody).error;
    // Others have an `error` in their answers, too.
    if (typeof code === 'string') return new MailscopeError(code, message, { hint, details });
  } catch {
    // No JSON, or none of ours.
  }
  return strange(response, text);
}

/** The type of an answer that is not the bytes of a mail. */
function typeOf(name: RouteName, { query }: AnyInput): string {
  if (name === 'readCa') return 'application/x-pem-file';
  return name === 'readTranscript' && query?.['format'] === 'text' ? 'text/plain' : 'application/json';
}

/**
 * A client of the Mailscope at `baseUrl`, e.g. `http://127.0.0.1:8025`; in a page of Mailscope itself `''` or
 * `location.origin`. Nothing is sent before the first call, and there is nothing to close.
 */
export function connect(baseUrl: string, options: ConnectOptions = {}): Client {
  const base = baseUrl.replace(/(?<!\/)\/+$/, '');
  const shown = base || 'this address';
  const ask = options.fetch ?? fetch;
  const authorization = authorizationOf(options);

  const ofInbox = /^\/api\/(messages|sessions|events|status)\b/;
  const urlOf = (name: RouteName, { params, query }: AnyInput = {}): string => {
    const { path } = routes[name];
    const limited =
      options.inbox !== undefined && ofInbox.test(path) ? { inbox: options.inbox, ...query } : query;
    return `${base}${fillPath(path, params)}${formatQuery(limited)}`;
  };

  async function call(name: RouteName, input: AnyInput = {}): Promise<Response> {
    const { method, bodyType }: { method: string; bodyType?: string } = routes[name];
    const headers: Record<string, string> = { ...options.headers, ...authorization };
    if (method !== 'GET') headers['X-Mailscope'] = '1';
    if (input.body !== undefined) headers['Content-Type'] = bodyType ?? 'application/json';
    const body =
      name === 'checkExpectation' && options.inbox !== undefined
        ? { inbox: options.inbox, ...(input.body as object) }
        : input.body;
    let response: Response;
    try {
      response = await ask(urlOf(name, input), {
        method,
        headers,
        ...(body === undefined ? {} : { body: bodyType ? (body as Blob) : JSON.stringify(body) }),
        ...(input.signal === undefined ? {} : { signal: input.signal }),
      });
    } catch (cause) {
      if (input.signal?.aborted) throw cause;
      throw new MailscopeError('unavailable', `Mailscope does not answer at ${shown}.`, {
        hint: adviceFor(cause) ?? 'Is it running? Start it with "mailscope".',
        cause,
      });
    }
    if (!response.ok) throw await toError(response);
    return response;
  }

  async function read(name: RouteName, input: AnyInput, response: Response): Promise<unknown> {
    if (name === 'readRaw' || name === 'readPart') return new Uint8Array(await response.arrayBuffer());
    const type = typeOf(name, input);
    // Such as the page of a development server, which it answers whatever it is asked.
    if (!response.headers.get('content-type')?.startsWith(type))
      throw strange(response, await response.text());
    return type === 'application/json' ? response.json() : response.text();
  }

  async function answer(name: RouteName, input: AnyInput = {}): Promise<unknown> {
    const response = await call(name, input);
    try {
      return await read(name, input, response);
    } catch (cause) {
      if (cause instanceof MailscopeError || input.signal?.aborted) throw cause;
      throw new MailscopeError('unavailable', `The answer of Mailscope at ${shown} broke off.`, {
        hint: 'Was it stopped meanwhile? Ask again once it runs.',
        cause,
      });
    }
  }

  const methods = Object.fromEntries(
    (Object.keys(routes) as RouteName[]).map((name) => [name, (input?: AnyInput) => answer(name, input)]),
  );
  const readTranscriptText = (input: AnyInput): Promise<unknown> =>
    answer('readTranscript', { ...input, query: { ...input.query, format: 'text' } });
  return { ...methods, readTranscriptText, urlOf } as unknown as Client;
}
