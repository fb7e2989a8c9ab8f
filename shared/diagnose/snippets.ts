// The settings that mend what was found, as each client calls them.
import type { FixSnippet } from '../finding.ts';

export const snippetKinds = [
  'no-tls',
  'starttls',
  'implicit-tls',
  'trust-ca',
  'login',
  'ehlo-name',
  'timeouts',
  'debug-log',
  'partial-refusal',
  'pool',
  'date-and-id',
  'charset',
] as const;
export type SnippetKind = (typeof snippetKinds)[number];

type Snippets = Readonly<Record<SnippetKind, readonly FixSnippet[]>>;
export const snippets: Snippets = {
  'no-tls': [],
  starttls: [],
  'implicit-tls': [],
  'trust-ca': [
    { client: 'nodemailer', language: 'sh', code: 'NODE_EXTRA_CA_CERTS=mailscope-ca.pem node app.js' },
  ],
  login: [],
  'ehlo-name': [],
  timeouts: [],
  'debug-log': [],
  'partial-refusal': [],
  pool: [],
  'date-and-id': [],
  charset: [],
};

/** All of a kind, that of `client` first. */
export const snippetsOf = (kind: SnippetKind, client: string | null): FixSnippet[] =>
  snippets[kind].toSorted((one, other) => Number(other.client === client) - Number(one.client === client));
