// Which inboxes a message is for. Asked for each message before its 250, so it looks things up instead of going
// through the inboxes one by one; only patterns are tried in turn.
import { defaultInbox } from '../../shared/inbox-name.ts';
import type { InboxRule } from '../../shared/inbox.ts';
import { compilePattern, type Pattern } from './pattern.ts';

export interface RoutedMail {
  /** Who had logged in. */
  user: string | null;
  /** Of the envelope, accepted. */
  recipients: readonly string[];
  /** The values of header fields by their names in small letters; asked only where a rule wants one. */
  headers: ((names: ReadonlySet<string>) => ReadonlyMap<string, readonly string[]>) | null;
}

export interface RoutedInbox {
  name: string;
  /** Its own login. */
  user: string | null;
  rules: readonly InboxRule[];
}

/** So many recipients are held against patterns; a mailing with thousands must not keep others waiting. */
const patternRecipients = 100;
/** Of one text that is held against a pattern. */
const patternText = 1000;
/** Labels of a domain that `*.` rules are looked up for. */
const maxLabels = 10;

/** A rule in the form in which it is looked up. */
type Entry =
  | { in: 'users' | 'recipients' | 'domains' | 'parents'; key: string }
  | { in: 'plus'; key: string; address: string | null }
  | { in: 'patterns'; matches: Pattern }
  | { in: 'headers'; key: string; value: string | null; matches: Pattern | null };
type Table = Entry['in'];
interface Placed {
  entry: Entry;
  inbox: string;
}

const patternOf = (text: string): Pattern => {
  const compiled = compilePattern(text);
  // Rules are checked where they come in; one that an older version took holds of nothing.
  return compiled.ok ? compiled.matches : () => false;
};

function entryOf(rule: InboxRule): Entry {
  if ('user' in rule) return { in: 'users', key: rule.user };
  if ('recipient' in rule) return { in: 'recipients', key: rule.recipient.toLowerCase() };
  if ('domain' in rule) {
    const domain = rule.domain.toLowerCase();
    return domain.startsWith('*.') ? { in: 'parents', key: domain.slice(2) } : { in: 'domains', key: domain };
  }
  if ('plus' in rule)
    return { in: 'plus', key: rule.plus.toLowerCase(), address: rule.address?.toLowerCase() ?? null };
  if ('header' in rule)
    return {
      in: 'headers',
      key: rule.header.toLowerCase(),
      value: rule.value?.trim().toLowerCase() ?? null,
      matches: rule.pattern === undefined ? null : patternOf(rule.pattern),
    };
  return { in: 'patterns', matches: patternOf(rule.pattern) };
}

const keyOf = (entry: Entry): string => ('key' in entry ? entry.key : '');

export class Router {
  #tables: Record<Table, Map<string, Placed[]>> = {
    users: new Map(),
    recipients: new Map(),
    domains: new Map(),
    parents: new Map(),
    plus: new Map(),
    patterns: new Map(),
    headers: new Map(),
  };
  #placed = new Map<string, Placed[]>();

  /** No inbox takes anything: all goes to the default one. */
  get isIdle(): boolean {
    return this.#placed.size === 0;
  }

  set({ name, user, rules }: RoutedInbox): void {
    this.delete(name);
    const entries = [...(user === null ? [] : [{ in: 'users', key: user } as Entry]), ...rules.map(entryOf)];
    if (entries.length === 0) return;
    const placed = entries.map((entry) => ({ entry, inbox: name }));
    this.#placed.set(name, placed);
    for (const one of placed) {
      const table = this.#tables[one.entry.in];
      const key = keyOf(one.entry);
      table.set(key, [...(table.get(key) ?? []), one]);
    }
  }

  delete(name: string): void {
    for (const { entry } of this.#placed.get(name) ?? []) {
      const table = this.#tables[entry.in];
      const key = keyOf(entry);
      const left = (table.get(key) ?? []).filter(({ inbox }) => inbox !== name);
      if (left.length > 0) table.set(key, left);
      else table.delete(key);
    }
    this.#placed.delete(name);
  }

  /** Those whose login or rule the user is. */
  ofUser(user: string | null): string[] {
    return user === null ? [] : (this.#tables.users.get(user) ?? []).map(({ inbox }) => inbox);
  }

  /** Sorted; the default one where no other takes it. */
  route(mail: RoutedMail): string[] {
    if (this.isIdle) return [defaultInbox];
    const found = new Set(this.ofUser(mail.user));
    for (const recipient of mail.recipients) this.#addOfRecipient(recipient.toLowerCase(), found);
    this.#addOfPatterns(mail.recipients, found);
    if (mail.headers && this.#tables.headers.size > 0) this.#addOfHeaders(mail.headers, found);
    return found.size === 0 ? [defaultInbox] : [...found].sort();
  }

  #addOfRecipient(recipient: string, found: Set<string>): void {
    const { recipients, domains, parents, plus } = this.#tables;
    const at = recipient.lastIndexOf('@');
    const local = at < 0 ? recipient : recipient.slice(0, at);
    const domain = at < 0 ? '' : recipient.slice(at + 1);
    for (const { inbox } of recipients.get(recipient) ?? []) found.add(inbox);
    for (const { inbox } of domains.get(domain) ?? []) found.add(inbox);
    if (parents.size > 0) {
      let parent = domain;
      for (let n = 0; n < maxLabels && parent.includes('.'); n += 1) {
        parent = parent.slice(parent.indexOf('.') + 1);
        for (const { inbox } of parents.get(parent) ?? []) found.add(inbox);
      }
    }
    const sign = plus.size > 0 ? local.indexOf('+') : -1;
    if (sign < 0) return;
    const address = `${local.slice(0, sign)}@${domain}`;
    for (const { entry, inbox } of plus.get(local.slice(sign + 1)) ?? [])
      if (entry.in === 'plus' && (entry.address === null || entry.address === address)) found.add(inbox);
  }

  #addOfPatterns(recipients: readonly string[], found: Set<string>): void {
    const patterns = this.#tables.patterns.get('') ?? [];
    if (patterns.length === 0) return;
    const texts = recipients
      .slice(0, patternRecipients)
      .map((one) => one.toLowerCase().slice(0, patternText));
    for (const { entry, inbox } of patterns)
      if (entry.in === 'patterns' && !found.has(inbox) && texts.some(entry.matches)) found.add(inbox);
  }

  #addOfHeaders(read: NonNullable<RoutedMail['headers']>, found: Set<string>): void {
    const { headers } = this.#tables;
    for (const [name, values] of read(new Set(headers.keys()))) {
      const texts = values.map((value) => value.trim().toLowerCase());
      for (const { entry, inbox } of headers.get(name) ?? []) {
        if (entry.in !== 'headers' || found.has(inbox)) continue;
        const { value, matches } = entry;
        const isMet = (text: string): boolean =>
          (value === null || text === value) && (matches === null || matches(text.slice(0, patternText)));
        if (texts.some(isMet)) found.add(inbox);
      }
    }
  }
}
