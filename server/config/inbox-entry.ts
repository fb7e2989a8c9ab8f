// An inbox of the configuration: `orders?user=orders:secret&domain=shop.example`, or an object in the file.
import * as z from 'zod';
import { inboxInput, type InboxInput, type InboxRule } from '../../shared/inbox.ts';
import { defaultInbox } from '../../shared/inbox-name.ts';
import { lacksUnit } from './option-values.ts';
import { nearest, UsageError } from './usage-error.ts';

export interface TokenConfig {
  scope: 'read' | 'write';
  secret: string;
}

export interface InboxConfig extends Omit<InboxInput, 'name' | 'token' | 'ttl'> {
  name: string;
  tokens: TokenConfig[];
}

const example = 'Write it as orders?user=orders:secret&domain=shop.example&max-messages=500';
const objectExample = 'Write it as {"name":"orders","rules":[{"domain":"shop.example"}]}';
const shortestToken = 16;

/** `SECRET`, `read:SECRET` or `write:SECRET`. Throws UsageError, which does not show it. */
export function readToken(text: string, of: string): TokenConfig {
  const [, scope = 'write', secret = ''] = /^(?:(read|write):)?(.*)$/s.exec(text) ?? [];
  if (secret.length >= shortestToken && /^[A-Za-z0-9._~+/=-]+$/.test(secret))
    return { scope: scope as TokenConfig['scope'], secret };
  throw new UsageError(
    `${of} cannot be used.`,
    `A token has at least ${shortestToken} letters, digits and . _ ~ + / = -`,
    'Make one: node -p "crypto.randomBytes(24).toString(\'base64url\')". Put read: before one that may only read.',
  );
}

/** Parameters of the short form that say which messages it takes. */
const rules: Record<string, (value: string) => InboxRule> = {
  from: (user) => ({ user }),
  recipient: (recipient) => ({ recipient }),
  domain: (domain) => ({ domain }),
  plus: (plus) => ({ plus }),
  pattern: (pattern) => ({ pattern }),
  header(text) {
    const colon = text.indexOf(':');
    return colon < 0
      ? { header: text }
      : { header: text.slice(0, colon), value: text.slice(colon + 1).trim() };
  },
};
const others = ['user', 'max-messages', 'max-age', 'token'];

function parseShort(
  text: string,
  refuse: (why: string, hint?: string) => UsageError,
): Record<string, unknown> {
  const mark = text.indexOf('?');
  const name = mark < 0 ? text : text.slice(0, mark);
  const given = new URLSearchParams(mark < 0 ? '' : text.slice(mark + 1));
  const known = [...Object.keys(rules), ...others];
  for (const key of given.keys())
    if (!known.includes(key)) {
      const near = nearest(key, known);
      throw refuse(
        `It has no parameter "${key}".`,
        near ? `Did you mean ${near}?` : `Known are ${known.join(', ')}.`,
      );
    }
  const login = given.get('user');
  const colon = login?.indexOf(':') ?? -1;
  if (login !== null && colon < 1) throw refuse('user= is a name and a password with a colon in between.');
  const count = given.get('max-messages');
  const age = given.get('max-age');
  return {
    name,
    ...(login === null ? {} : { smtp: { user: login.slice(0, colon), password: login.slice(colon + 1) } }),
    rules: [...given].flatMap(([key, value]) => rules[key]?.(value) ?? []),
    retention: {
      ...(count === null ? {} : { maxMessages: Number(count) }),
      ...(age === null ? {} : { maxAge: age }),
    },
    tokens: given.getAll('token'),
  };
}

/** Made only when it is needed: most start without. */
const inFile = () =>
  inboxInput
    .omit({ token: true, ttl: true, name: true })
    .extend({ name: z.string(), tokens: z.array(z.string()).default([]) });

/** Throws UsageError. */
function readInbox(text: string): InboxConfig {
  const isObject = text.startsWith('{');
  // What stands behind a "?" may hold secrets.
  let shown = /^[^?{]{0,63}/.exec(text)?.[0] ?? '';
  const refuse = (why: string, hint = isObject ? objectExample : example) =>
    new UsageError(`The inbox "${shown}" cannot be used.`, why, hint);
  let given: unknown;
  try {
    given = isObject ? JSON.parse(text) : parseShort(text, refuse);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw refuse('It is not valid JSON.');
  }
  const { name: named, retention } = given as { name?: unknown; retention?: { maxAge?: unknown } | null };
  if (typeof named === 'string') shown = named.slice(0, 63);
  const read = inFile().safeParse(given);
  const name = read.success ? inboxInput.shape.name.safeParse(read.data.name) : undefined;
  if (!read.success || !name?.success) {
    const [issue] = (read.error ?? name?.error)?.issues ?? [];
    const place = read.success ? 'name' : (issue?.path.join('.') ?? '');
    throw refuse(`${place === '' ? '' : `${place}: `}${issue?.message ?? 'is not valid'}.`);
  }
  if (lacksUnit(String(retention?.maxAge)))
    throw refuse(`Its greatest age has no unit: ${String(retention?.maxAge)}.`, 'Write for example 7d.');
  const { tokens, smtp, ...inbox } = read.data;
  if (smtp && smtp.password === undefined) throw refuse('Its login has no password.');
  if (inbox.name === defaultInbox && (smtp || inbox.rules.length > 0))
    throw refuse('The default inbox takes what no other does: it has no login and no rules.');
  return {
    ...inbox,
    ...(smtp && { smtp: { user: smtp.user ?? inbox.name, password: smtp.password! } }),
    tokens: tokens.map((token) => readToken(token, `A token of the inbox "${inbox.name}"`)),
  };
}

/** Throws UsageError where two have the same name or login. */
export function readInboxes(entries: string[], users: { name: string }[]): InboxConfig[] {
  const inboxes = entries.map(readInbox);
  const logins = [...users.map(({ name }) => name), ...inboxes.flatMap(({ smtp }) => smtp?.user ?? [])];
  const twice = (values: string[]): string | undefined =>
    values.find((value, n) => values.indexOf(value) !== n);
  const name = twice(inboxes.map((inbox) => inbox.name));
  const login = twice(logins);
  if (name === undefined && login === undefined) return inboxes;
  throw new UsageError(
    'The inboxes cannot be used.',
    name === undefined ? `The login "${login}" is given twice.` : `"${name}" is given twice.`,
    'Give each a name, and a login, of its own.',
  );
}
