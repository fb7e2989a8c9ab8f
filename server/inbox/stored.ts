// What is kept of inboxes and tokens, and what this folder asks of the store.
import { isoOf } from '../clock.ts';
import type { Inbox, InboxRule, InboxToken, TokenScope } from '../../shared/inbox.ts';

export interface StoredInbox {
  name: string;
  source: Inbox['source'];
  createdUs: number;
  /** Of the event that told of it: what was before belongs to another inbox of that name. */
  sinceSeq: number;
  expiresUs: number | null;
  user: string | null;
  /** In clear, as CRAM-MD5 and SCRAM need it. */
  password: string | null;
  rules: InboxRule[];
  retention: Inbox['retention'];
}

export interface StoredToken {
  id: string;
  inbox: string;
  scope: TokenScope;
  label: string;
  createdUs: number;
  hash: string;
}

export interface InboxStore {
  loadInboxes(): Promise<{ inboxes: StoredInbox[]; tokens: StoredToken[] }>;
  /** Tells of it, and returns the seq of that event. */
  saveInbox(inbox: StoredInbox, told: Inbox, event: 'inbox:created' | 'inbox:changed'): Promise<number>;
  /** With all that is only in it; the number of its messages. */
  removeInbox(name: string, reason: 'request' | 'expired'): Promise<number>;
  saveInboxToken(token: StoredToken): Promise<void>;
  removeInboxToken(id: string): Promise<void>;
  pruneInbox(name: string, retention: Inbox['retention'], nowUs: number): Promise<void>;
}

export const toldInbox = (inbox: StoredInbox): Inbox => ({
  name: inbox.name,
  createdAt: inbox.source === 'built-in' ? null : isoOf(inbox.createdUs),
  expiresAt: inbox.expiresUs === null ? null : isoOf(inbox.expiresUs),
  source: inbox.source,
  user: inbox.user,
  rules: inbox.rules,
  retention: inbox.retention,
});

export const toldToken = ({ id, inbox, scope, label, createdUs }: StoredToken): InboxToken => ({
  id,
  inbox,
  scope,
  label,
  createdAt: isoOf(createdUs),
});
