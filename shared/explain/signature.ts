// The tags of a DKIM or ARC signature (RFC 6376 3.5, RFC 8617 4.1).
import type { AuthenticationDetail, AuthenticationFact } from './authentication-fact.ts';
import { algorithms, arcTags, signatureTags } from './authentication-tags.ts';
import { plural } from './wording.ts';

const maxTags = 40;

const known = (table: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/** Unix seconds as ISO; null for what is no time. */
function toTime(value: string): string | null {
  return /^\d{1,12}$/.test(value) && Number(value) < 253_402_300_800
    ? new Date(Number(value) * 1000).toISOString()
    : null;
}

/** Tags in their order; the first of a name counts. White space in b and bh means nothing. */
function readTags(value: string): Map<string, string> {
  const tags = new Map<string, string>();
  for (const part of value.split(';', maxTags)) {
    const equals = part.indexOf('=');
    if (equals < 1) continue;
    const name = part.slice(0, equals).trim();
    const text = part.slice(equals + 1).trim();
    if (name !== '' && !tags.has(name))
      tags.set(
        name.slice(0, 40),
        (name === 'b' || name === 'bh' ? text.replace(/\s+/g, '') : text).slice(0, 2000),
      );
  }
  return tags;
}

function explainTag(name: string, value: string, isArc: boolean): string {
  const meaning = (isArc ? known(arcTags, name) : undefined) ?? known(signatureTags, name);
  if (meaning === undefined) return 'Not a known tag; it is ignored.';
  const time = name === 't' || name === 'x' ? toTime(value) : null;
  const algorithm = name === 'a' ? known(algorithms, value.toLowerCase()) : undefined;
  const more = time ?? algorithm;
  return more === undefined ? meaning : `${meaning} Here: ${more}.`;
}

/** What weakens the signature or makes it invalid, as far as its tags alone tell. */
function findWeaknesses(tags: ReadonlyMap<string, string>, kind: string): string[] {
  const found: string[] = [];
  const signed = (tags.get('h') ?? '')
    .toLowerCase()
    .split(':')
    .map((name) => name.trim());
  if (kind !== 'arc-seal' && !signed.includes('from'))
    found.push('From is not signed, which makes it invalid.');
  if (tags.has('l')) found.push('Only a part of the body is signed.');
  if (tags.get('a')?.toLowerCase() === 'rsa-sha1') found.push('SHA-1 is no longer accepted.');
  const [signedAt, expiresAt] = [Number(tags.get('t')), Number(tags.get('x'))];
  if (signedAt && expiresAt && expiresAt <= signedAt) found.push('It expires before it was made.');
  return found;
}

export function readSignature(value: string, kind: string, unverified: string): AuthenticationFact {
  const tags = readTags(value);
  const isArc = kind !== 'dkim-signature';
  const details: AuthenticationDetail[] = [...tags].map(([name, text]) => ({
    name,
    value: text,
    meaning: explainTag(name, text, isArc),
  }));
  const domain = tags.get('d')?.toLowerCase().slice(0, 255) || null;
  const selector = tags.get('s');
  const fields = (tags.get('h') ?? '').split(':').filter((name) => name.trim() !== '').length;
  const seals =
    kind === 'arc-seal'
      ? `seals ARC set ${tags.get('i') ?? '?'}`
      : `signs ${plural(fields, 'field')} and the body`;
  const key = domain && selector ? ` The key is at ${selector.slice(0, 255)}._domainkey.${domain}.` : '';
  const weaknesses = findWeaknesses(tags, kind).map((text) => ` ${text}`);
  return {
    kind,
    result: kind === 'arc-seal' ? (tags.get('cv')?.toLowerCase().slice(0, 40) ?? null) : null,
    domain,
    details,
    sentence: `${domain ?? 'An unnamed domain'} ${seals}.${key}${weaknesses.join('')} ${unverified}`,
  };
}
