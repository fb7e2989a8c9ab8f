// Mailpit's search as ours: https://mailpit.axllent.org/docs/usage/search-filters/. Its terms are pieces of text that
// stand anywhere in a field; ours for fields mean the same, so only free text has to be spelled out over all fields.
import { and, not, or, type Query } from '../../../shared/search/query.ts';
import { parseWallTime } from './wall-time.ts';

export interface MailpitSearch {
  /** Null: everything matches. */
  query: Query | null;
  /** Whether there must be inline parts, or must not be; null: not asked. */
  inline: boolean | null;
}

const mostLetters = 4096;
const mostTerms = 40;

const field = (name: string, value: string): Query => ({ type: 'field', field: name, header: null, value });
const header = (name: string, value: string): Query => ({
  type: 'field',
  field: 'header',
  header: name,
  value,
});

/** Blanks separate; double quotes hold together and are dropped. */
const split = (text: string): string[] =>
  (text.match(/(?:[^\s"]|"[^"]*(?:"|$))+/g) ?? []).map((word) => word.replaceAll('"', '')).filter(Boolean);

const clean = (text: string): string => text.replace(/\s+/g, ' ').trim();
/** Addresses are kept without what stands around them in a field. */
const bare = (text: string): string => clean(text.replace(/[<>",;()]+/g, ' '));

/** The sender of the envelope counts here: Mailpit writes it into the field Return-Path. */
const anywhere = (text: string): Query =>
  or([
    ...['subject', 'from', 'to', 'cc', 'bcc', 'body', 'filename'].map((name) => field(name, text)),
    header('reply-to', text),
  ]);

const fields: Record<string, (value: string) => Query> = {
  to: (value) => field('to', bare(value)),
  // Ours looks at MAIL FROM too.
  from: (value) => header('from', value),
  cc: (value) => field('cc', bare(value)),
  bcc: (value) => field('bcc', bare(value)),
  'reply-to': (value) => header('reply-to', value),
  addressed: (value) =>
    or([
      ...['to', 'cc', 'bcc'].map((name) => field(name, bare(value))),
      ...['from', 'reply-to'].map((name) => header(name, value)),
    ]),
  subject: (value) => field('subject', value),
  'message-id': (value) => header('message-id', value),
  tag: (value) => field('tag', value),
};

const flags = new Map<string, Query>([
  ['is:read', field('is', 'read')],
  ['is:unread', field('is', 'unread')],
  ['is:tagged', field('is', 'tagged')],
  ['has:attachment', field('has', 'attachment')],
  ['has:attachments', field('has', 'attachment')],
]);

/** `500kb`, `1.5m`; of 1,024 each. Undefined where it is no size. */
function readSize(text: string): number | undefined {
  const found = /^(\d{1,12}(?:\.\d{1,6})?)\s?(k|kb|m|mb)?$/i.exec(text);
  if (!found) return undefined;
  const unit = { k: 1024, m: 1024 * 1024 }[found[2]?.[0]?.toLowerCase() ?? ''] ?? 1;
  return Math.floor(Number(found[1]) * unit) || undefined;
}

/** Null: the term says nothing that is asked for, as with a date that is none. */
function translate(term: string, zone: string | null): Query | null {
  const flag = flags.get(term.toLowerCase());
  if (flag) return flag;
  const colon = term.indexOf(':');
  const name = colon < 0 ? '' : term.slice(0, colon).toLowerCase();
  const value = clean(term.slice(colon + 1));
  const known = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (known) return value === '' ? null : known(value);
  if (name === 'after' || name === 'before') {
    const at = parseWallTime(value, zone);
    return at === undefined ? null : field(name, at);
  }
  const size = name === 'larger' || name === 'smaller' ? readSize(value) : undefined;
  if (size !== undefined) return field(name, `${size}B`);
  const text = clean(term);
  return text === '' ? null : anywhere(text);
}

/** `problem` where it is longer than anyone writes. */
export function parseMailpitSearch(
  text: string,
  zone: string | null,
): ({ ok: true } & MailpitSearch) | { ok: false; problem: string } {
  if (text.length > mostLetters)
    return { ok: false, problem: `Error: the search is longer than ${mostLetters} characters` };
  const terms = split(text);
  if (terms.length > mostTerms)
    return { ok: false, problem: `Error: the search has more than ${mostTerms} terms` };
  const found: Query[] = [];
  let inline: boolean | null = null;
  for (const term of terms) {
    const isNot = term.length > 1 && /^[-!]/.test(term);
    const rest = isNot ? term.slice(1) : term;
    if (!/[\p{L}\p{N}]/u.test(rest)) continue;
    if (/^has:inlines?$/i.test(rest)) {
      inline = !isNot;
      continue;
    }
    const query = translate(rest, zone);
    if (query) found.push(isNot ? not(query) : query);
  }
  return { ok: true, query: found.length === 0 ? null : and(found), inline };
}
