// The way of a message through its servers, read from its Received fields (RFC 5321 4.4). Each server writes them in
// its own way, and anybody can forge them below the ones that the own servers wrote.
import type { HeaderField } from '../message.ts';
import { parseMailDate } from './mail-date.ts';
import { scanWords, type Word } from './received-words.ts';

export interface Hop {
  /** The name that the client gave, with what the server found out about it in `fromDetail`. */
  from: string | null;
  fromDetail: string | null;
  by: string | null;
  with: string | null;
  /** What `with` means, e.g. `ESMTP inside TLS, after a login`. */
  protocol: string | null;
  id: string | null;
  for: string | null;
  /** TLS version and cipher as written there; null says nothing about whether TLS was used. */
  tls: string | null;
  /** In UTC. */
  date: string | null;
  /** Seconds since the newest older hop with a date; negative when the clocks differ. Null for the first. */
  delaySeconds: number | null;
  raw: string;
}

const maxHops = 100;
const maxField = 4000;

/** RFC 3848, RFC 6531 and what others write. */
const protocols: Readonly<Record<string, string>> = {
  SMTP: 'SMTP without extensions',
  ESMTP: 'SMTP with extensions',
  ESMTPS: 'ESMTP inside TLS',
  ESMTPA: 'ESMTP after a login',
  ESMTPSA: 'ESMTP inside TLS, after a login',
  SMTPS: 'SMTP inside TLS',
  SMTPSA: 'SMTP inside TLS, after a login',
  ASMTP: 'SMTP after a login',
  ESMTPSMTPUTF8: 'ESMTP with UTF-8',
  LMTP: 'LMTP, the last step to the mailbox',
  LMTPS: 'LMTP inside TLS',
  LMTPA: 'LMTP after a login',
  LMTPSA: 'LMTP inside TLS, after a login',
  UTF8SMTP: 'ESMTP with UTF-8',
  UTF8SMTPS: 'ESMTP with UTF-8 inside TLS',
  UTF8SMTPA: 'ESMTP with UTF-8 after a login',
  UTF8SMTPSA: 'ESMTP with UTF-8 inside TLS, after a login',
  UTF8LMTP: 'LMTP with UTF-8',
  UTF8LMTPS: 'LMTP with UTF-8 inside TLS',
  HTTP: 'web mail or an HTTP API',
  HTTPS: 'web mail or an HTTP API, inside TLS',
  MAPI: 'Outlook to Exchange',
  LOCAL: 'handed in by a program on the same host',
  QMQP: 'QMQP, between qmail hosts',
  'MICROSOFT SMTP SERVER': 'SMTP between Exchange servers',
};

function explainProtocol(name: string): string | null {
  const key = name.toUpperCase();
  if (Object.hasOwn(protocols, key)) return protocols[key]!;
  return key.startsWith('MICROSOFT SMTP SERVER') ? protocols['MICROSOFT SMTP SERVER']! : null;
}

/** Of Postfix, Exim, Exchange, Gmail and sendmail: a version, then perhaps a cipher. */
function findTls(words: readonly Word[]): string | null {
  const tls = words.findIndex(({ text }) => /\bTLS ?v?\d|\bTLS1|SSLv3|cipher[ =]/i.test(text));
  // Exim: `tls TLS_AES_256_GCM_SHA384` outside a comment.
  const bare = words.findIndex(({ text, comment }) => !comment && text.toLowerCase() === 'tls');
  const text = tls < 0 ? '' : words[tls]!.text;
  const version = /\b(TLS ?v?\d(?:[._]\d)?|SSLv3)\b/i.exec(text)?.[1];
  const cipher =
    /\bcipher[ =]([\w-]{3,80})/i.exec(text)?.[1] ??
    (bare < 0 ? undefined : words[bare + 1]?.text.slice(0, 80));
  const found = [
    version?.replace(
      /^TLS ?v?(\d)[._]?(\d?)$/i,
      (_, major: string, minor: string) => `TLSv${major}${minor && `.${minor}`}`,
    ),
    cipher,
  ];
  return found.filter(Boolean).join(' ') || null;
}

const keywords = new Set(['from', 'by', 'via', 'with', 'id', 'for', 'tls', 'envelope-from']);
type Clause = { words: string[]; comments: string[] };

/** The clauses by their first word; each keyword counts once, so that a host called `with` does little harm. */
function readClauses(words: readonly Word[]): Map<string, Clause> {
  const found = new Map<string, Clause>();
  let open: Clause = { words: [], comments: [] };
  for (const { text, comment } of words) {
    const key = text.toLowerCase();
    if (comment) open.comments.push(text);
    else if (keywords.has(key) && !found.has(key)) found.set(key, (open = { words: [], comments: [] }));
    else open.words.push(text);
  }
  return found;
}

function readHop(field: HeaderField): Hop {
  const value = field.value.slice(0, maxField);
  const semicolon = lastSemicolon(value);
  const words = scanWords(semicolon < 0 ? value : value.slice(0, semicolon));
  const clauses = readClauses(words);
  const first = (key: string): string | null => clauses.get(key)?.words[0] ?? null;
  // Only Exchange has a protocol of several words: `Microsoft SMTP Server`.
  const via = clauses.get('with')?.words ?? [];
  const protocol = (via[0]?.toLowerCase() === 'microsoft' ? via.slice(0, 4).join(' ') : via[0]) ?? null;
  const detail = clauses.get('from')?.comments.join(' ') ?? '';
  // qmail: `(qmail 1234 invoked from network)`, with nothing else.
  const qmail =
    clauses.size === 0 ? (words.find(({ text }) => /^qmail \d+ invoked/.test(text)) ?? null) : null;
  return {
    from: first('from'),
    fromDetail: detail || null,
    by: first('by'),
    with: protocol ?? (qmail ? qmail.text : null),
    protocol: protocol ? explainProtocol(protocol) : qmail ? 'handed over inside qmail' : null,
    id: first('id'),
    for: first('for')?.replace(/^<(.*)>$/, '$1') ?? null,
    tls: findTls(words),
    date: parseMailDate(value.slice(semicolon + 1)),
    delaySeconds: null,
    raw: field.raw.slice(0, maxField),
  };
}

/** The date follows the last semicolon that is outside comments; Haraka and others have more behind it. */
function lastSemicolon(value: string): number {
  let depth = 0;
  let found = -1;
  for (let i = 0; i < value.length; i++) {
    const c = value[i];
    if (c === '(') depth++;
    else if (c === ')') depth = Math.max(0, depth - 1);
    else if (c === ';' && depth === 0) found = i;
  }
  return found >= 0 ? found : value.lastIndexOf(';');
}

/** All fields of a message, in their order; others than Received are passed over. Oldest hop first. Never throws. */
export function readReceived(headers: readonly HeaderField[]): Hop[] {
  const hops = headers
    .filter(({ name }) => name.trim().toLowerCase() === 'received')
    .slice(0, maxHops)
    .map(readHop)
    .reverse();
  let before: number | null = null;
  for (const hop of hops) {
    if (hop.date === null) continue;
    const at = Date.parse(hop.date);
    hop.delaySeconds = before === null ? null : Math.round((at - before) / 1000);
    before = at;
  }
  return hops;
}
