// All inboxes there are: made, changed and removed here, kept by the store, asked for each message and each login.
import { MailscopeError } from '../../shared/errors.ts';
import { defaultInbox } from '../../shared/inbox-name.ts';
import type { Inbox, InboxChanges, InboxInput, NewInbox } from '../../shared/inbox.ts';
import { nowUs } from '../clock.ts';
import { checkRules, countPatterns } from './check-rules.ts';
import { Router, type RoutedMail } from './router.ts';
import { newInboxName, newPassword } from './secrets.ts';
import { toldInbox, type InboxStore, type StoredInbox } from './stored.ts';
import { Tokens } from './tokens.ts';

const maxInboxes = 2000;
const maxPatterns = 500;

const builtIn: StoredInbox = {
  name: defaultInbox,
  source: 'built-in',
  createdUs: 0,
  sinceSeq: 0,
  expiresUs: null,
  user: null,
  password: null,
  rules: [],
  retention: { maxMessages: 0, maxAgeMs: 0 },
};

const noInbox = (name: string): MailscopeError =>
  new MailscopeError('not_found', `There is no inbox ${name}.`, {
    hint: 'GET /api/inboxes lists them. It may have been deleted, or its time was over.',
  });
const conflict = (message: string, hint: string): MailscopeError =>
  new MailscopeError('conflict', message, { hint });

const expiryOf = (ttl: number | null | undefined, atUs: number): number | null =>
  ttl === undefined || ttl === null ? null : atUs + ttl * 1000;

export class Inboxes {
  readonly tokens: Tokens;
  #store: InboxStore;
  #router = new Router();
  #known = new Map<string, StoredInbox>([[defaultInbox, builtIn]]);
  /** Names that are being made. */
  #coming = new Set<string>();
  /** What is still being removed: the name is free again once that is done. */
  #leaving = new Map<string, Promise<unknown>>();
  /** Whose logins they are; those of the configuration belong to no inbox. */
  #users = new Map<string, { inbox: string | null; password: string }>();
  /** Took mail since they were last looked at. */
  #busy = new Set<string>();
  /** The last change; the next one begins with what it leaves. */
  #changing: Promise<unknown> = Promise.resolve();

  constructor(store: InboxStore, users: ReadonlyMap<string, string>) {
    this.#store = store;
    this.tokens = new Tokens(store);
    for (const [user, password] of users) this.#users.set(user, { inbox: null, password });
  }

  /** Takes in one that is stored already. */
  add(inbox: StoredInbox): void {
    const before = this.#known.get(inbox.name);
    if (before?.user) this.#users.delete(before.user);
    if (inbox.user !== null)
      this.#users.set(inbox.user, { inbox: inbox.name, password: inbox.password ?? '' });
    this.#known.set(inbox.name, inbox);
    this.#router.set(inbox);
  }

  list(): Inbox[] {
    const now = nowUs();
    return [...this.#known.values()].filter((inbox) => !isOver(inbox, now)).map(toldInbox);
  }

  stored = (): StoredInbox[] => [...this.#known.values()];

  /** Throws not_found. */
  find(name: string): StoredInbox {
    const inbox = this.#known.get(name);
    if (inbox === undefined || isOver(inbox, nowUs())) throw noInbox(name);
    return inbox;
  }

  has(name: string): boolean {
    return this.#known.has(name);
  }

  /** Where a message goes: never to none. */
  route(mail: RoutedMail): string[] {
    const names = this.#router.route(mail);
    for (const name of names) if (this.#known.get(name)?.retention.maxMessages) this.#busy.add(name);
    return names;
  }

  get isIdle(): boolean {
    return this.#router.isIdle;
  }

  ofUser(user: string | null): string[] {
    return this.#router.ofUser(user);
  }

  passwordOf(user: string): string | undefined {
    return this.#users.get(user)?.password;
  }

  /** Those that took mail since the last call and have a limit. */
  takeBusy(): string[] {
    const names = [...this.#busy];
    this.#busy.clear();
    return names;
  }

  async create(input: InboxInput, source: 'api' | 'config' = 'api'): Promise<NewInbox> {
    const name = input.name ?? newInboxName();
    if (this.#known.has(name) || this.#coming.has(name))
      throw conflict(`There is an inbox ${name} already.`, 'Take another name, or leave it out to get one.');
    if (this.#known.size + this.#coming.size >= maxInboxes)
      throw conflict(
        `There are ${maxInboxes} inboxes already.`,
        'Delete some, or give those of tests a ttl.',
      );
    this.#check(input.rules, name);
    const user = input.smtp ? (input.smtp.user ?? name) : null;
    const password = input.smtp ? (input.smtp.password ?? newPassword()) : null;
    this.#claim(user, name, password);
    this.#coming.add(name);
    try {
      await this.#leaving.get(name)?.catch(() => undefined);
      const { maxMessages = 0, maxAge: maxAgeMs = 0 } = input.retention;
      const createdUs = nowUs();
      const inbox: StoredInbox = {
        ...{ name, source, user, password, rules: input.rules },
        ...{ createdUs, sinceSeq: 0, expiresUs: expiryOf(input.ttl, createdUs) },
        retention: { maxMessages, maxAgeMs },
      };
      inbox.sinceSeq = await this.#store.saveInbox(inbox, toldInbox(inbox), 'inbox:created');
      this.add(inbox);
      const token = input.token && (await this.tokens.create(name, input.token, '')).token;
      return { inbox: toldInbox(inbox), password, token: token ?? null };
    } catch (error) {
      if (!this.#known.has(name)) this.#disclaim(user, name);
      throw error;
    } finally {
      this.#coming.delete(name);
    }
  }

  change(name: string, changes: InboxChanges): Promise<NewInbox> {
    const changed = this.#changing.then(() => this.#change(name, changes));
    this.#changing = changed.catch(() => undefined);
    return changed;
  }

  async #change(name: string, changes: InboxChanges): Promise<NewInbox> {
    const before = this.find(name);
    if (before.source === 'config')
      throw conflict(`The inbox ${name} comes from the configuration.`, 'Change it there, and start again.');
    const { smtp, rules = before.rules, retention = {}, ttl } = changes;
    if (name === defaultInbox && (smtp || rules.length > 0 || typeof ttl === 'number'))
      throw conflict(
        'The default inbox takes what no other does, and stays.',
        'Only its retention can be set. Make another inbox for logins, rules and a ttl.',
      );
    if (changes.rules) this.#check(rules, name);
    const user = smtp === undefined ? before.user : smtp === null ? null : (smtp.user ?? before.user ?? name);
    const kept = user !== null && user === before.user ? before.password : null;
    const password = user === null ? null : (smtp?.password ?? kept ?? newPassword());
    if (user !== before.user) this.#claim(user, name, password);
    const { maxMessages = before.retention.maxMessages, maxAge = before.retention.maxAgeMs } = retention;
    const after: StoredInbox = {
      ...before,
      ...{ user, password, rules },
      expiresUs: ttl === undefined ? before.expiresUs : expiryOf(ttl, nowUs()),
      retention: { maxMessages, maxAgeMs: maxAge },
    };
    try {
      await this.#store.saveInbox(after, toldInbox(after), 'inbox:changed');
    } catch (error) {
      if (user !== before.user) this.#disclaim(user, name);
      throw error;
    }
    // It may have been removed meanwhile.
    if (this.#known.has(name)) this.add(after);
    else this.#disclaim(user, name);
    this.#busy.add(name);
    return { inbox: toldInbox(after), password: password === before.password ? null : password, token: null };
  }

  /** With all that is only in it; the number of its messages. It takes nothing from the first moment on. */
  async remove(name: string, reason: 'request' | 'expired'): Promise<number> {
    const inbox = reason === 'request' ? this.find(name) : this.#known.get(name);
    if (inbox === undefined) return 0;
    if (inbox.source !== 'api' && reason === 'request')
      throw conflict(
        `The inbox ${name} ${inbox.source === 'config' ? 'comes from the configuration' : 'is always there'}.`,
        'Its messages can be deleted: POST /api/messages/delete?inbox=NAME with {"all":true}.',
      );
    this.#known.delete(name);
    this.#router.delete(name);
    if (inbox.user !== null) this.#users.delete(inbox.user);
    this.tokens.forgetInbox(name);
    const removed = this.#store.removeInbox(name, reason);
    this.#leaving.set(name, removed);
    try {
      return await removed;
    } catch (error) {
      // A full disk, for example: it is still there.
      if (!this.#known.has(name)) this.add(inbox);
      throw error;
    } finally {
      this.#leaving.delete(name);
    }
  }

  #claim(user: string | null, inbox: string, password: string | null): void {
    if (user === null) return;
    if (this.#users.has(user))
      throw conflict(
        `The user name ${JSON.stringify(user)} is taken.`,
        'A login belongs to one inbox: give another one in smtp.user.',
      );
    this.#users.set(user, { inbox, password: password ?? '' });
  }

  #disclaim(user: string | null, inbox: string): void {
    if (user !== null && this.#users.get(user)?.inbox === inbox) this.#users.delete(user);
  }

  #check(rules: InboxInput['rules'], name: string): void {
    checkRules(rules);
    const others = [...this.#known.values()].filter((inbox) => inbox.name !== name);
    if (others.reduce((sum, inbox) => sum + countPatterns(inbox.rules), countPatterns(rules)) > maxPatterns)
      throw conflict(
        `All inboxes together may have ${maxPatterns} patterns.`,
        'Use recipient, domain, plus or header rules.',
      );
  }
}

const isOver = ({ expiresUs }: StoredInbox, now: number): boolean => expiresUs !== null && expiresUs <= now;
