// What the store keeps beside mail: inboxes, rules of simulated failures, issues. Mostly it does not look inside.
import type { Fault } from '../../shared/fault.ts';
import type { Inbox } from '../../shared/inbox.ts';
import type { Issue } from '../../shared/issue.ts';

/** An inbox or token as it is kept; the fields that the store itself uses are here, the rest passes through it. */
export type KeptInbox = { name: string; sinceSeq: number };
export type KeptToken = { id: string; inbox: string; hash: string };

export interface StoredInboxes {
  loadInboxes<I extends KeptInbox, T extends KeptToken>(): Promise<{ inboxes: I[]; tokens: T[] }>;
  /** Announces it; resolves with the seq of that event. */
  saveInbox(inbox: KeptInbox, told: Inbox, event: 'inbox:created' | 'inbox:changed'): Promise<number>;
  /** Removes it with all that is only in it, for good; resolves with the number of its messages. */
  removeInbox(name: string, reason: 'request' | 'expired'): Promise<number>;
  saveInboxToken(token: KeptToken): Promise<void>;
  removeInboxToken(id: string): Promise<void>;
  /** Removes the oldest over the limits of the inbox from it; pinned ones stay. */
  pruneInbox(name: string, retention: Inbox['retention'], nowUs: number): Promise<void>;
  /** Of those that have anything. */
  countInboxes(): Promise<Record<string, { messages: number; unread: number; sessions: number }>>;
}

export interface KeptFault {
  id: string;
}

export interface StoredFaults {
  /** Oldest first. */
  loadFaults<F extends KeptFault>(): Promise<F[]>;
  /** Announces it. */
  saveFault(fault: KeptFault, told: Fault, event: 'fault:created' | 'fault:changed'): Promise<void>;
  removeFaults(ids: string[]): Promise<void>;
}

export interface StoredIssues {
  /** Oldest first; perhaps of another version. */
  loadIssues(): Promise<unknown[]>;
  /** In one transaction. Announces those that are told, and those removed. */
  saveIssues(issues: { issue: Issue; isTold: boolean }[], removed: string[]): Promise<void>;
  removeIssues(ids: string[]): Promise<void>;
}
