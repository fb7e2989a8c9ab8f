// Says of a session to which inboxes it belongs: that of its login, those of its messages, and where it sent nothing
// the ones that its recipients would have gone to.
import { defaultInbox } from '../../shared/inbox-name.ts';
import { emptyByInbox } from '../../shared/inbox-view.ts';
import type { Session } from '../../shared/session.ts';
import type { Transaction } from '../../shared/transaction.ts';
import type { Inboxes } from './inboxes.ts';

/** A session whose record is being kept. */
export interface Placed {
  readonly session: Session;
  readonly transactions: { readonly changed: ReadonlySet<Transaction> };
}

export interface Placing {
  /** Its message goes to these. Call it before the record is saved. */
  placeMessage(record: Placed, transaction: Transaction, inboxes: string[], messageId: string): void;
  /** Takes in what has changed. Costs nothing where there is no inbox but the default one. */
  place(record: Placed): void;
  /**
   * The same at its end. False: it belonged only to inboxes that are gone, and is to go too once it is stored.
   */
  placeEnded(record: Placed): boolean;
}

/** Ids of messages that are kept for each inbox. */
const maxIds = 100;
/** Logins that were tried that are looked at. */
const maxLogins = 50;

const isInDefault = ({ inboxes }: Session): boolean => inboxes.every((name) => name === defaultInbox);

export function createPlacing(inboxes: Inboxes): Placing {
  const messages = new WeakMap<Session, Record<string, string[]>>();
  const left = new WeakSet<Session>();
  /** Placed by the login alone: what is decided at their end counts. */
  const early = new WeakSet<Transaction>();

  const ofLogins = ({ auth }: Session): string[] =>
    auth.slice(0, maxLogins).flatMap(({ user }) => inboxes.ofUser(user));

  function add(session: Session, names: readonly string[]): void {
    if (names.every((name) => session.inboxes.includes(name))) return;
    session.inboxes = [...new Set([...session.inboxes, ...names])].sort();
    if (session.inboxes.length > 1) session.inboxMessages = messagesOf(session);
  }

  /** Those that came while there was nothing to place are in the default inbox. */
  function messagesOf(session: Session, newest?: string): Record<string, string[]> {
    let known = messages.get(session);
    if (known === undefined) {
      const before = session.messageIds.filter((id) => id !== newest);
      known = emptyByInbox();
      if (before.length > 0) known[defaultInbox] = before;
      messages.set(session, known);
    }
    return known;
  }

  /** One without a message belongs to where its recipients would have gone. */
  function ofTransaction({ recipients }: Transaction, logins: string[]): string[] {
    const routed = inboxes.route({
      user: null,
      recipients: recipients.map(({ address }) => address),
      headers: null,
    });
    const names = routed.filter((name) => name !== defaultInbox || logins.length === 0);
    return [...new Set([...names, ...logins])].sort();
  }

  function placeByRules({ session, transactions }: Placed): void {
    const logins = ofLogins(session);
    add(session, logins);
    for (const transaction of transactions.changed) {
      if (transaction.messageId !== null || (transaction.inboxes && !early.has(transaction))) continue;
      if (transaction.outcome === 'open') {
        if (logins.length === 0) continue;
        transaction.inboxes = logins;
        early.add(transaction);
        continue;
      }
      early.delete(transaction);
      transaction.inboxes = ofTransaction(transaction, logins);
      add(session, transaction.inboxes);
    }
    // One that went while the session ran; another of that name is another one.
    if (session.inboxes.every((name) => inboxes.has(name))) return;
    session.inboxes = session.inboxes.filter((name) => inboxes.has(name));
    left.add(session);
  }

  function place(record: Placed): void {
    const { session } = record;
    if (!inboxes.isIdle || !isInDefault(session)) placeByRules(record);
    if (session.closedAt !== null && session.inboxes.length === 0 && !left.has(session))
      session.inboxes = [defaultInbox];
  }

  return {
    place,
    placeEnded(record) {
      place(record);
      return record.session.inboxes.length > 0;
    },
    placeMessage(record, transaction, names, messageId) {
      place(record);
      const { session } = record;
      if (inboxes.isIdle && isInDefault(session)) return add(session, names);
      transaction.inboxes = names;
      early.delete(transaction);
      const known = messagesOf(session, messageId);
      for (const name of names) {
        const ids = (known[name] ??= []);
        if (ids.length < maxIds) ids.push(messageId);
      }
      add(session, names);
    },
  };
}
