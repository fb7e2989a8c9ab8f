// Loads the inboxes that are stored and brings those of the configuration among them.
import { defaultInbox } from '../../shared/inbox-name.ts';
import type { InboxInput } from '../../shared/inbox.ts';
import type { MailscopeError } from '../../shared/errors.ts';
import { nowUs } from '../clock.ts';
import { Refusal } from '../refusal.ts';
import { checkRules } from './check-rules.ts';
import { Inboxes } from './inboxes.ts';
import { toldInbox, type InboxStore, type StoredInbox } from './stored.ts';
import type { ConfiguredToken } from './tokens.ts';

export interface ConfiguredInbox extends Omit<InboxInput, 'name' | 'token' | 'ttl'> {
  name: string;
  tokens: ConfiguredToken[];
}

export interface InboxesConfig {
  inboxes: readonly ConfiguredInbox[];
  /** For all inboxes. Once there is one, nobody is let in without. */
  tokens: readonly ConfiguredToken[];
  users: ReadonlyMap<string, string>;
}

export async function openInboxes(store: InboxStore, config: InboxesConfig): Promise<Inboxes> {
  const inboxes = new Inboxes(store, config.users);
  const stored = await store.loadInboxes();
  const configured = new Map(config.inboxes.map((one) => [one.name, one]));
  const logins = new Set([...config.users.keys(), ...config.inboxes.flatMap(({ smtp }) => smtp?.user ?? [])]);
  const now = nowUs();
  for (const inbox of stored.inboxes) {
    const wanted = configured.get(inbox.name);
    if (inbox.expiresUs !== null && inbox.expiresUs <= now && !wanted)
      await store.removeInbox(inbox.name, 'expired');
    else if (inbox.source !== 'config' && !wanted) {
      // A login that the configuration has meanwhile is its own.
      const isTaken = inbox.user !== null && logins.has(inbox.user);
      inboxes.add(isTaken ? { ...inbox, user: null, password: null } : inbox);
    } else if (!wanted) inboxes.add(await leave(store, inbox));
  }
  for (const [name, wanted] of configured) {
    checkConfigured(wanted);
    const isBuiltIn = name === defaultInbox;
    const before =
      stored.inboxes.find((inbox) => inbox.name === name) ?? (isBuiltIn ? inboxes.find(name) : undefined);
    if (before) inboxes.add(await renew(store, before, wanted));
    else {
      const { tokens: _, ...input } = wanted;
      await inboxes.create(input, 'config');
    }
    for (const token of wanted.tokens) inboxes.tokens.addConfigured(token, name);
  }
  for (const token of stored.tokens) if (inboxes.has(token.inbox)) inboxes.tokens.addStored(token);
  for (const token of config.tokens) inboxes.tokens.addConfigured(token, null);
  return inboxes;
}

function checkConfigured({ name, rules }: ConfiguredInbox): void {
  try {
    checkRules(rules);
  } catch (error) {
    const problem = (error as MailscopeError).message.replace(/^body\./, '');
    throw new Refusal(
      `The inbox "${name}" of the configuration cannot be used. ${problem} Correct the pattern, or leave it out.`,
      { cause: error },
    );
  }
}

/** The configuration has it no more: what is in it stays, and nothing more comes. */
async function leave(store: InboxStore, inbox: StoredInbox): Promise<StoredInbox> {
  const left: StoredInbox = { ...inbox, source: 'api', user: null, password: null, rules: [] };
  await store.saveInbox(left, toldInbox(left), 'inbox:changed');
  return left;
}

async function renew(store: InboxStore, before: StoredInbox, wanted: ConfiguredInbox): Promise<StoredInbox> {
  const { smtp, rules, retention } = wanted;
  const after: StoredInbox = {
    ...before,
    source: before.name === defaultInbox ? 'built-in' : 'config',
    expiresUs: null,
    user: smtp?.user ?? null,
    password: smtp?.password ?? null,
    rules,
    retention: { maxMessages: retention.maxMessages ?? 0, maxAgeMs: retention.maxAge ?? 0 },
  };
  const isSame = JSON.stringify(after) === JSON.stringify(before);
  if (!isSame) await store.saveInbox(after, toldInbox(after), 'inbox:changed');
  return after;
}
