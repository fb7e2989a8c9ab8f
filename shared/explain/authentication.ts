// What the header of a message says about SPF, DKIM, DMARC and ARC. Nothing is verified here: anybody can write these
// fields, so each sentence says whose word it is.
import type { HeaderField } from '../message.ts';
import type { AuthenticationDetail, AuthenticationFact } from './authentication-fact.ts';
import { methods, properties, results } from './authentication-tags.ts';
import { readSignature } from './signature.ts';
import { scanWords, type Word } from './received-words.ts';

const maxFacts = 200;
const maxDetails = 60;
const maxField = 10_000;
const unverified = 'Mailscope did not verify it.';

const known = (table: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

const unquote = (text: string): string =>
  text.startsWith('"') && text.endsWith('"') && text.length > 1
    ? text.slice(1, -1).replace(/\\(.)/g, '$1')
    : text;

/** Clauses between semicolons that are outside quotes and comments. */
function splitClauses(value: string): string[] {
  const found: string[] = [];
  let start = 0;
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < value.length; i++) {
    const c = value[i];
    if (c === '\\') i++;
    else if (c === '"' && depth === 0) quoted = !quoted;
    else if (quoted) continue;
    else if (c === '(') depth++;
    else if (c === ')') depth = Math.max(0, depth - 1);
    else if (c === ';' && depth === 0) {
      found.push(value.slice(start, i));
      start = i + 1;
    }
  }
  return [...found, value.slice(start)].map((clause) => clause.trim()).filter(Boolean);
}

/** `name = value` is legal too (RFC 8601 2.2), so lone equals signs are joined to their neighbours. */
const words = (clause: string): Word[] => scanWords(clause.replace(/ ?= ?/g, '='));

function toDetail(text: string): AuthenticationDetail | null {
  const equals = text.indexOf('=');
  if (equals < 1) return null;
  const name = text.slice(0, equals).toLowerCase();
  return {
    name,
    value: unquote(text.slice(equals + 1)).slice(0, 500),
    meaning: known(properties, name) ?? '',
  };
}

const domainOf = (address: string): string => {
  const at = address.lastIndexOf('@');
  return (at < 0 ? address : address.slice(at + 1)).replace(/[<>;,]/g, '').toLowerCase();
};

/** Which property names the domain, by method. */
const domainNames = ['header.d', 'header.from', 'smtp.mailfrom', 'header.i', 'smtp.helo', 'policy.iprev'];
const dmarcNames = ['header.from', 'header.d'];

function readDomain(method: string, details: readonly AuthenticationDetail[]): string | null {
  for (const name of method === 'dmarc' ? dmarcNames : domainNames) {
    const found = details.find((detail) => detail.name === name);
    // Microsoft writes none where there is no domain.
    if (found && found.value !== '' && found.value !== 'none') return domainOf(found.value);
  }
  return null;
}

function readMethod(clause: string, author: string): AuthenticationFact | null {
  const [first, ...rest] = words(clause);
  const [, name, result] = /^([\w-]{1,40})(?:\/\d{1,3})?=([\w-]{1,40})$/.exec(first?.text ?? '') ?? [];
  if (name === undefined || first?.comment) return null;
  const method = name.toLowerCase();
  const verdict = result!.toLowerCase();
  const details: AuthenticationDetail[] = [];
  for (const { text, comment } of rest.slice(0, maxDetails)) {
    if (comment) details.push({ name: 'comment', value: text.slice(0, 500), meaning: '' });
    else {
      const detail = toDetail(text);
      if (detail) details.push(detail);
    }
  }
  const domain = readDomain(method, details);
  const what = known(methods, method) ?? method;
  return {
    kind: method,
    result: verdict,
    domain,
    details,
    sentence: `${author} says: ${what}${domain ? ` for ${domain}` : ''} ${known(results, verdict) ?? `is "${verdict}"`}. ${unverified}`,
  };
}

/** RFC 8601 2.2, and Microsoft, which leaves the name of the host out. */
function readResults(value: string, kind: string): AuthenticationFact[] {
  const clauses = splitClauses(value);
  let set: string | null = null;
  if (kind === 'arc-authentication-results' && /^i ?= ?\d/.test(clauses[0] ?? ''))
    set = clauses.shift()!.replace(/\D+/g, '').slice(0, 3);
  const isMethod = /^[\w-]{1,40}(?:\/\d{1,3})? ?= ?[\w-]/.test(clauses[0] ?? '');
  const host = isMethod ? null : (words(clauses.shift() ?? '').find(({ comment }) => !comment)?.text ?? null);
  const author = `${host ? host.slice(0, 255) : 'An unnamed host'}${set === null ? '' : ` (ARC set ${set})`}`;
  const facts = clauses.map((clause) => readMethod(clause, author)).filter((fact) => fact !== null);
  if (facts.length === 0 && clauses.some((clause) => /^none\b/i.test(clause)))
    return [
      {
        kind,
        result: 'none',
        domain: null,
        details: [],
        sentence: `${author} says that it checked nothing.`,
      },
    ];
  return set === null ? facts : facts.map((fact) => ({ ...fact, kind: `arc-${fact.kind}` }));
}

/** `pass (host: domain of a@b designates 1.2.3.4 as permitted sender) client-ip=1.2.3.4;` (RFC 7208 9.1) */
function readSpf(value: string): AuthenticationFact {
  const [first, ...rest] = words(value.replaceAll(';', ' '));
  const result = first && !first.comment ? first.text.toLowerCase().slice(0, 40) : null;
  const details: AuthenticationDetail[] = [];
  for (const { text, comment } of rest.slice(0, maxDetails)) {
    const detail = comment ? { name: 'comment', value: text.slice(0, 500), meaning: '' } : toDetail(text);
    if (detail) details.push(detail);
  }
  const find = (name: string): string | undefined => details.find((detail) => detail.name === name)?.value;
  const domain = domainOf(find('envelope-from') || find('helo') || '') || null;
  const author = find('receiver') ?? 'A host on the way';
  const verdict = (result !== null && known(results, result)) || `is "${result ?? ''}"`;
  return {
    kind: 'spf',
    result,
    domain,
    details,
    sentence: `${author} says: SPF${domain ? ` for ${domain}` : ''} ${verdict}. ${unverified}`,
  };
}

/** All fields of a message, in their order; others are passed over. Never throws. */
export function readAuthentication(headers: readonly HeaderField[]): AuthenticationFact[] {
  const facts: AuthenticationFact[] = [];
  for (const field of headers) {
    if (facts.length >= maxFacts) break;
    const name = field.name.trim().toLowerCase();
    const value = field.value.slice(0, maxField);
    if (name === 'authentication-results' || name === 'arc-authentication-results')
      facts.push(...readResults(value, name));
    else if (name === 'received-spf') facts.push(readSpf(value));
    else if (name === 'dkim-signature' || name === 'arc-message-signature' || name === 'arc-seal')
      facts.push(readSignature(value, name, unverified));
  }
  return facts.slice(0, maxFacts);
}
