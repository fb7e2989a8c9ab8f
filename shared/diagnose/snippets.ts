// The settings that mend what was found, as each client calls them.
import type { FixSnippet } from '../finding.ts';
import { ehloName, pool, timeouts } from './snippets/connection.ts';
import { login } from './snippets/login.ts';
import { charset, dateAndId } from './snippets/message.ts';
import { debugLog, partialRefusal } from './snippets/outcome.ts';
import { implicitTls, noTls, starttls } from './snippets/tls.ts';
import { trustCa } from './snippets/trust.ts';

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
  'no-tls': noTls,
  starttls,
  'implicit-tls': implicitTls,
  'trust-ca': trustCa,
  login,
  'ehlo-name': ehloName,
  timeouts,
  'debug-log': debugLog,
  'partial-refusal': partialRefusal,
  pool,
  'date-and-id': dateAndId,
  charset,
};

/** All of a kind, that of `client` first. */
export const snippetsOf = (kind: SnippetKind, client: string | null): FixSnippet[] =>
  snippets[kind].toSorted((one, other) => Number(other.client === client) - Number(one.client === client));
