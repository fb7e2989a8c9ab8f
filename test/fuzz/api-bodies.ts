// Every call of the API with whatever comes as parameters and body: never a fault of the server's, always one body of errors.
import { errorBody } from '../../shared/error-body.ts';
import { errorStatus } from '../../shared/errors.ts';
import { openApiDocument } from '../../shared/openapi/document.ts';
import type { Random } from '../search/random.ts';
import { randomJunk } from '../search/random-queries.ts';

const calls = Object.entries(openApiDocument('0.0.0').paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
);
export const callCount = calls.length;

const names = [
  ...[
    'ids',
    'query',
    'all',
    'read',
    'pinned',
    'tags',
    'addTags',
    'removeTags',
    'purge',
    'name',
    'rules',
    'smtp',
  ],
  ...[
    'ttl',
    'token',
    'scope',
    'messages',
    'sessions',
    'count',
    'timeout',
    'inbox',
    'after',
    'subject',
    'from',
    'to',
  ],
  ...['listener', 'kind', 'limit', 'cursor', 'html', 'text', 'selector', 'matches', 'password', '__proto__'],
  ...['constructor', 'toString', '', 'plus', 'pattern', 'header', 'tls', 'min', 'user', 'quit', 'since'],
];

function value(random: Random, depth: number): unknown {
  switch (random.below(depth > 3 ? 8 : 11)) {
    case 0:
      return null;
    case 1:
      return random.chance(0.5);
    case 2:
      return random.pick([0, 1, -1, 1.5, 1e308, 2 ** 53, -0, 500, 10_000]);
    case 3:
      return random.pick([
        'latest',
        'm_0',
        's_0',
        'default',
        '1ms',
        '1',
        '',
        'true',
        '10m',
        '*',
        'write',
        '/(a+)+$/',
      ]);
    case 4:
      return randomJunk(random);
    case 5:
      return random.pick([
        '\0',
        '\ud800',
        '\r\nX: y',
        '%00',
        '../../etc/passwd',
        'a'.repeat(3000),
        '(?<x',
        '[',
        'x y',
      ]);
    case 6:
    case 7:
      return random.pick([
        'subject:x',
        'from:a@b.test',
        'text/plain',
        'TLSv1.3',
        'a@b.test',
        '2026-01-01T00:00:00Z',
      ]);
    case 8:
      return Array.from({ length: random.below(4) }, () => value(random, depth + 1));
    default: {
      const entries = Array.from({ length: random.below(5) }, () => {
        // A key that sets a prototype when JSON is read carelessly.
        return `${JSON.stringify(random.pick(names))}:${JSON.stringify(value(random, depth + 1)) ?? 'null'}`;
      });
      return JSON.parse(`{${entries.join(',')}}`);
    }
  }
}

const asText = (found: unknown): string =>
  typeof found === 'string' ? found : (JSON.stringify(found) ?? '');
/** A lone surrogate has no form in a URL. */
const encode = (text: string): string => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));

export async function fuzzApi(random: Random, url: string): Promise<void> {
  const { path, method, operation } = random.pick(calls);
  const filled = path.replace(/\{\w+\}/g, () => encode(asText(value(random, 4)).slice(0, 300)) || 'latest');
  const known = (operation.parameters ?? [])
    .filter(({ in: place }) => place === 'query')
    .map(({ name }) => name);
  const query = [
    ...known.filter(() => random.chance(0.6)),
    ...(random.chance(0.1) ? [random.pick(names)] : []),
  ]
    .map((name) => `${encode(name)}=${encode(asText(value(random, 4)).slice(0, 2000))}`)
    // A wait would take its time.
    .filter((part) => !part.startsWith('timeout='));
  if (known.includes('timeout')) query.push('timeout=1');
  const hasBody = method !== 'GET';
  const given = value(random, random.chance(0.8) ? 0 : 4);
  const timed =
    typeof given === 'object' && given !== null && !Array.isArray(given) ? { ...given, timeout: 1 } : given;
  const body = random.chance(0.05) ? '{"a":' : JSON.stringify(path.endsWith('/expect') ? timed : given);
  const type = random.pick([
    ...Array(9).fill('application/json'),
    'text/plain',
    'message/rfc822',
    'application/json; charset=utf-16',
  ]) as string;
  const response = await fetch(`${url}${filled}?${query.join('&')}`, {
    method,
    headers: { ...(hasBody ? { 'content-type': type } : {}), 'x-mailscope': '1' },
    ...(hasBody ? { body } : {}),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  const asked = `${method} ${filled}?${query.join('&')} ${hasBody ? body : ''}`;
  if (response.status >= 500) throw new Error(`${asked} was answered ${response.status} ${text}`);
  if (response.status < 400) return;
  const parsed = errorBody.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`${asked} was answered ${response.status} with another body: ${text}`);
  if (errorStatus[parsed.data.error.code] !== response.status)
    throw new Error(`${asked} was answered ${response.status}, but the code is ${parsed.data.error.code}`);
}
