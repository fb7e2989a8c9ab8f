// Which inboxes there are, and how much is in each. Counts follow new mail at once and are read again soon after the
// rest, because an event about marks or deletions does not say what each inbox has now.
/* eslint-disable svelte/prefer-svelte-reactivity -- maps are replaced, never changed in place */
import type { DurableEvent } from '../../shared/events.ts';
import type { CountedInbox, InboxRule, NewInbox, TokenScope } from '../../shared/inbox.ts';
import type { MessageSummary } from '../../shared/message.ts';
import type { Client } from './client.ts';
import { attempt } from './attempt.ts';
import type { Feed } from './live.svelte.ts';

const refreshAfterMs = 800;

/** `unknown`: as far as one can say here it never was. */
export type Presence = 'there' | 'unknown' | 'request' | 'expired';

type Calls = Pick<Client, 'listInboxes' | 'createInbox' | 'deleteInbox'>;

interface Wanted {
  /** Empty: one is made up. */
  name: string;
  hasLogin: boolean;
  rules: InboxRule[];
  token: TokenScope | null;
}

export class Inboxes {
  /** null: not known yet. The default one is among them. */
  all = $state.raw<readonly CountedInbox[] | null>(null);
  /** With the default one alone nothing needs to be said of inboxes. */
  readonly areSeveral = $derived((this.all?.length ?? 0) > 1);

  readonly #client: Calls;
  readonly #refreshMs: number;
  /** The last one made here; its password and token are known only from this answer. */
  made = $state.raw<NewInbox | null>(null);
  error = $state.raw<unknown>(null);
  #ended = $state.raw<ReadonlyMap<string, 'request' | 'expired'>>(new Map());
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Calls, options: { refreshMs?: number } = {}) {
    this.#client = client;
    this.#refreshMs = options.refreshMs ?? refreshAfterMs;
  }

  find(name: string | null): CountedInbox | undefined {
    return this.all?.find((inbox) => inbox.name === name);
  }

  /** What became of an inbox; while that is not known it counts as there. */
  presence(name: string | null): Presence {
    if (name === null || this.all === null || this.find(name)) return 'there';
    return this.#ended.get(name) ?? 'unknown';
  }

  async load(): Promise<void> {
    try {
      this.all = (await this.#client.listInboxes()).items;
    } catch {
      // What is known stays; that nobody answers is said by the frame.
    }
  }

  /** False where the server refuses; then `error` says why. */
  async create({ name, hasLogin, rules, token }: Wanted): Promise<boolean> {
    return attempt(this, async () => {
      const made = await this.#client.createInbox({
        body: { ...(name && { name }), ...(hasLogin && { smtp: {} }), rules, ...(token && { token }) },
      });
      this.#put(made.inbox);
      this.made = made;
    });
  }

  /** With all that is in it alone. */
  async delete(name: string): Promise<boolean> {
    return attempt(this, async () => {
      await this.#client.deleteInbox({ params: { name } });
      if (this.made?.inbox.name === name) this.made = null;
    });
  }

  listen(feed: Feed): () => void {
    const stop = feed.listen({
      event: (event) => this.#hear(event),
      resumed: () => this.#loadSoon(),
      reset: () => this.#loadSoon(),
    });
    return () => {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      stop();
    };
  }

  #hear({ type, payload }: DurableEvent): void {
    if (type === 'inbox:created' || type === 'inbox:changed') this.#put(payload.inbox);
    else if (type === 'inbox:deleted') {
      this.#ended = new Map([...this.#ended, [payload.name, payload.reason]]);
      this.all = this.all && this.all.filter(({ name }) => name !== payload.name);
    } else if (!this.areSeveral || type === 'message:parsed') return;
    if (type === 'message:stored') this.#count(payload.message);
    this.#loadSoon();
  }

  #put(inbox: Omit<CountedInbox, 'messages' | 'unread' | 'sessions'>): void {
    const known = this.find(inbox.name);
    const put = { messages: 0, unread: 0, sessions: 0, ...known, ...inbox };
    if (known) this.all = this.all && this.all.map((one) => (one === known ? put : one));
    else this.all = this.all && [...this.all, put];
  }

  #count({ inboxes, read }: MessageSummary): void {
    const add = (one: CountedInbox): CountedInbox => ({
      ...one,
      messages: one.messages + 1,
      unread: one.unread + (read ? 0 : 1),
    });
    this.all = this.all && this.all.map((one) => (inboxes.includes(one.name) ? add(one) : one));
  }

  #loadSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.load();
    }, this.#refreshMs);
  }
}
