// The tokens that are valid, by their hash. All are in memory: each request asks.
import { MailscopeError } from '../../shared/errors.ts';
import type { InboxToken, TokenScope } from '../../shared/inbox.ts';
import { nowUs } from '../clock.ts';
import { newTokenId } from '../ids.ts';
import { hashToken, newToken } from './secrets.ts';
import { toldToken, type InboxStore, type StoredToken } from './stored.ts';

/** What whoever has a token may do. */
export interface Grant {
  readonly scope: TokenScope;
  /** The only one that it sees; null: all. */
  readonly inbox: string | null;
  /** It was taken back, or its inbox went, since it was looked up. */
  revoked: boolean;
}

export interface ConfiguredToken {
  scope: TokenScope;
  secret: string;
}

const maxOfInbox = 100;

export class Tokens {
  #store: InboxStore;
  #grants = new Map<string, Grant>();
  #stored = new Map<string, StoredToken>();

  constructor(store: InboxStore) {
    this.#store = store;
  }

  find(token: string): Grant | undefined {
    return this.#grants.get(hashToken(token));
  }

  addStored(token: StoredToken): void {
    this.#stored.set(token.id, token);
    this.#grants.set(token.hash, { scope: token.scope, inbox: token.inbox, revoked: false });
  }

  /** Only as long as this process runs. */
  addConfigured({ scope, secret }: ConfiguredToken, inbox: string | null): void {
    this.#grants.set(hashToken(secret), { scope, inbox, revoked: false });
  }

  list(inbox: string): InboxToken[] {
    return this.#of(inbox).map(toldToken);
  }

  async create(inbox: string, scope: TokenScope, label: string): Promise<InboxToken & { token: string }> {
    if (this.#of(inbox).length >= maxOfInbox)
      throw new MailscopeError('conflict', `The inbox ${inbox} has ${maxOfInbox} tokens already.`, {
        hint: 'Delete one that nobody uses any more.',
      });
    const token = newToken();
    const stored = { id: newTokenId(), inbox, scope, label, createdUs: nowUs(), hash: hashToken(token) };
    // Nobody knows it yet, and so it goes with its inbox, should that go meanwhile.
    this.addStored(stored);
    try {
      await this.#store.saveInboxToken(stored);
    } catch (error) {
      this.#revoke(stored);
      throw error;
    }
    if (!this.#stored.has(stored.id))
      throw new MailscopeError('not_found', `The inbox ${inbox} was deleted meanwhile.`);
    return { ...toldToken(stored), token };
  }

  async delete(inbox: string, id: string): Promise<void> {
    const stored = this.#stored.get(id);
    if (stored?.inbox !== inbox)
      throw new MailscopeError('not_found', `The inbox ${inbox} has no token ${id.slice(0, 64)}.`, {
        hint: `GET /api/inboxes/${inbox}/tokens lists them.`,
      });
    this.#revoke(stored);
    await this.#store.removeInboxToken(id);
  }

  /** The inbox is gone. */
  forgetInbox(inbox: string): void {
    for (const token of this.#of(inbox)) this.#revoke(token);
  }

  #of(inbox: string): StoredToken[] {
    return [...this.#stored.values()].filter((token) => token.inbox === inbox);
  }

  #revoke({ id, hash }: StoredToken): void {
    const grant = this.#grants.get(hash);
    if (grant) grant.revoked = true;
    this.#grants.delete(hash);
    this.#stored.delete(id);
  }
}
