// What a snippet is, and how its placeholders become the addresses of the running server.

export type TlsMode = 'none' | 'starttls' | 'implicit';

/** What the placeholders stand for. */
export interface Settings {
  host: string;
  /** A name of the host that the certificate has; an address has none to ask for in SNI (RFC 6066 section 3). */
  name: string;
  port: number;
  tls: TlsMode;
  hasLogin: boolean;
  user: string;
  password: string;
  /** Where the page and the API are. */
  url: string;
}

/**
 * A text with placeholders such as `{{host}}`. A line that begins with guards belongs only to some settings:
 * `[starttls]`, `[starttls|implicit]`, `[login]`, `[no-login]`; of several, `[starttls][login]`, all must hold.
 */
export type Template = string;

export interface Block {
  /** The file that it goes into, or `Terminal`. */
  file: string;
  text: Template;
}

export type Group = 'Frameworks' | 'Languages' | 'Command line' | 'Servers and pipelines';

export interface Snippet {
  id: string;
  name: string;
  group: Group;
  /** Other words that people look for. */
  also?: string;
  blocks: readonly Block[];
  /** How it comes to trust the CA; absent where `blocks` say it. */
  trust?: Block;
  /** What else one must know, by TLS mode or always. */
  notes?: Partial<Record<TlsMode | 'always', string>>;
  /** What it cannot do, with the reason. */
  cannot?: Partial<Record<TlsMode, string>>;
}

const guard = /^\[([a-z|-]+)\]/;
const known = new Set(['none', 'starttls', 'implicit', 'login', 'no-login']);

function keeps(words: string, { tls, hasLogin }: Settings): boolean {
  return words.split('|').some((word) => word === tls || word === (hasLogin ? 'login' : 'no-login'));
}

/** The line without its guards, or null where they do not hold. */
function resolve(line: string, settings: Settings): string | null {
  let rest = line;
  for (;;) {
    const found = guard.exec(rest);
    const words = found?.[1];
    if (!words || !words.split('|').every((word) => known.has(word))) return rest;
    if (!keeps(words, settings)) return null;
    rest = rest.slice(found[0].length);
  }
}

export function fill(template: Template, settings: Settings): string {
  const { host, name, port, user, password, url } = settings;
  const authority = (address: string): string => (address.includes(':') ? `[${address}]` : address);
  const values: Record<string, string> = {
    host,
    name,
    port: String(port),
    user,
    password,
    url,
    // In addresses with a port, IPv6 stands in brackets (RFC 3986 section 3.2.2).
    urlHost: authority(host),
    ca: 'mailscope-ca.pem',
    // SASL PLAIN (RFC 4616): authorization id, user and password, each behind a NUL but the first.
    plain: btoa(`\0${user}\0${password}`),
  };
  const lines = template
    .trim()
    .split('\n')
    .flatMap((line) => resolve(line, settings) ?? []);
  return lines.join('\n').replace(/\{\{([a-zA-Z]+)\}\}/g, (whole, key: string) => values[key] ?? whole);
}

/** How every tool but those with an own store gets at the CA. */
export const download = 'curl -o {{ca}} {{url}}/api/ca.pem';
