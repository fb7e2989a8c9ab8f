// What of all there is belongs to one inbox, for those who see no other: a list, a wait, a live connection, a token.
// In the view of an inbox a message or session names that inbox alone.
import { linesOf } from './diagnose/evidence-lines.ts';
import { summarise } from './diagnose/summarise.ts';
import type { DurableEvent } from './events.ts';
import type { Found } from './finding.ts';
import { defaultInbox } from './inbox-name.ts';
import type { MessageSummary } from './message.ts';
import type { Session, SessionSummary } from './session.ts';
import type { Transaction } from './transaction.ts';

/** null: all inboxes. */
export type InboxView = string | null;

/** Whether a message or session, or a summary of one, is in the view. */
export const isInView = ({ inboxes }: { inboxes: readonly string[] }, view: InboxView): boolean =>
  view === null || inboxes.includes(view);

/** By inbox, where a message is in several or not all are in the default one. */
export type ByInbox<T> = Record<string, T>;
/** An inbox may be named constructor, which every other object has. */
export const emptyByInbox = <T>(): ByInbox<T> => Object.create(null) as ByInbox<T>;
export const ofInbox = <T>(byInbox: ByInbox<T>, name: string): T | undefined =>
  Object.hasOwn(byInbox, name) ? byInbox[name] : undefined;

type MarksByInbox = ByInbox<{ read: boolean; pinned: boolean }> | undefined;

/** The summary as the view has it; undefined where it is not in it. */
export function messageInView(
  message: MessageSummary,
  view: InboxView,
  marks?: MarksByInbox,
): MessageSummary | undefined {
  if (view === null) return message;
  return isInView(message, view)
    ? { ...message, ...(marks && ofInbox(marks, view)), inboxes: [view] }
    : undefined;
}

/** The summary as the view has it: only its own messages. Undefined where it is not in it. */
export function sessionInView<T extends SessionSummary>(session: T, view: InboxView): T | undefined {
  if (view === null) return session;
  if (!isInView(session, view)) return undefined;
  const { inboxMessages, ...rest } = session;
  const own = { ...rest, inboxes: [view] } as unknown as T;
  if (inboxMessages === undefined) return own;
  const messageIds = ofInbox(inboxMessages, view) ?? [];
  // Perhaps that of another inbox, or about its mail.
  delete own.firstMail;
  delete own.findings;
  return { ...own, messageIds, messages: messageIds.length };
}

/** `undecided`: it is not known yet where the message will go. */
type Visibility = 'shown' | 'hidden' | 'undecided';

function visibilityOf({ inboxes, outcome }: Transaction, view: string): Visibility {
  if (inboxes === undefined && outcome === 'open') return 'undecided';
  return (inboxes ?? [defaultInbox]).includes(view) ? 'shown' : 'hidden';
}

/** Without the evidence of others, if what it says is about its own; undefined: it is not. */
function findingInView(found: Found, isWhole: boolean, isOwn: (line: number) => boolean): Found | undefined {
  // Other sessions may be those of other inboxes, and its words count them.
  if (found.evidence.some(({ kind }) => kind === 'session')) return undefined;
  if (isWhole) return found;
  const [first] = found.evidence.flatMap(linesOf);
  if (first === undefined || !isOwn(first)) return undefined;
  return { ...found, evidence: found.evidence.filter((one) => linesOf(one).every(isOwn)) };
}

/** The session as the view has it, without the transactions of others, the faults that they met and their findings. */
export function wholeSessionInView(session: Session, view: InboxView): Session | undefined {
  const own = sessionInView(session, view);
  if (own === undefined || view === null) return own;
  const transactions = own.transactions.filter((one) => visibilityOf(one, view) === 'shown');
  // What is not in the list cannot be told apart.
  const { faultList: all, faults: _, findingList: found, findings: __, ...rest } = own;
  const isOwn = (line: number): boolean => {
    const within = own.transactions.findLast(({ from }) => from.line <= line);
    return within === undefined || transactions.includes(within);
  };
  const faultList = (all ?? []).filter(({ line }) => isOwn(line));
  const isWhole = transactions.length === own.transactions.length;
  const met = faultList.length > 0 && { faults: isWhole ? own.faults : faultList.length, faultList };
  const findingList = (found ?? []).flatMap((one) => findingInView(one, isWhole, isOwn) ?? []);
  const findings = summarise(findingList);
  return {
    ...{ ...rest, transactions, ...met },
    ...(findings && { findings }),
    ...(findingList.length > 0 && { findingList }),
  };
}

/**
 * Judges the lines of a session by their transaction. All are to be given: what is not known is not shown. Lines of no
 * transaction are everybody's who has the session.
 */
export function lineJudge(
  { transactions }: Session,
  view: InboxView,
): (line: { transaction?: number | undefined }) => Visibility {
  if (view === null) return () => 'shown';
  const byNumber = new Map(transactions.map((one) => [one.n, visibilityOf(one, view)]));
  return ({ transaction }) => (transaction === undefined ? 'shown' : (byNumber.get(transaction) ?? 'hidden'));
}

/** `ids` of an event, as the view has them; null: all, undefined: none. */
function idsInView(
  { ids, byInbox }: { ids: string[] | null; byInbox?: ByInbox<string[]> | undefined },
  view: string,
): string[] | null | undefined {
  if (byInbox === undefined) return ids === null || view === defaultInbox ? ids : undefined;
  const own = ofInbox(byInbox, view) ?? [];
  return own.length === 0 ? undefined : own;
}

/** The event as the view has it; undefined where it is about nothing in it. */
export function eventInView(event: DurableEvent, view: InboxView): DurableEvent | undefined {
  if (view === null) return event;
  const { type, payload } = event;
  switch (type) {
    case 'message:stored': {
      const message = messageInView(payload.message, view);
      return message && { ...event, type, payload: { message } };
    }
    case 'message:parsed': {
      const message = messageInView(payload.message, view, payload.byInbox);
      return message && { ...event, type, payload: { message } };
    }
    case 'messages:changed':
    case 'messages:deleted':
    case 'messages:restored':
    case 'sessions:deleted':
    case 'sessions:restored': {
      const ids = idsInView(payload, view);
      if (ids === undefined) return undefined;
      const { byInbox: _, ...rest } = payload;
      return { ...event, payload: { ...rest, ids } } as DurableEvent;
    }
    case 'session:closed': {
      const session = sessionInView(payload.session, view);
      return session && { ...event, type, payload: { session } };
    }
    case 'inbox:created':
    case 'inbox:changed':
      return payload.inbox.name === view ? event : undefined;
    case 'inbox:deleted':
      return payload.name === view ? event : undefined;
    case 'fault:created':
    case 'fault:changed':
    case 'faults:deleted':
    case 'issue:changed':
    case 'issues:deleted':
      // They are about all sessions.
      return undefined;
  }
}
