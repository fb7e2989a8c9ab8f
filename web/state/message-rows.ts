// What a list keeps of a message, and how marks change it.
import type { ByInbox } from '../../shared/inbox-view.ts';
import type { MessageSummary } from '../../shared/message.ts';
import { foldText } from '../../shared/search/fold.ts';

export interface Marks {
  read?: boolean | undefined;
  pinned?: boolean | undefined;
  tags?: string[] | undefined;
  addTags?: string[] | undefined;
  removeTags?: string[] | undefined;
}

export function newer(kept: MessageSummary, incoming: MessageSummary): MessageSummary {
  return incoming.parse === 'pending' && kept.parse !== 'pending' ? kept : incoming;
}

/** A list of many thousands keeps only what a row shows: of long lists of addresses the first. */
export function lighten(row: MessageSummary): MessageSummary {
  if (row.to.length <= 1 && row.rcptTo.length <= 1 && row.from.length <= 1) return row;
  return { ...row, from: row.from.slice(0, 1), to: row.to.slice(0, 1), rcptTo: row.rcptTo.slice(0, 1) };
}

/** The row itself where nothing changes. Tags that differ only in case and accents are one. */
export function applyMarks(row: MessageSummary, marks: Marks): MessageSummary {
  const { read = row.read, pinned = row.pinned, addTags = [], removeTags = [] } = marks;
  const known = row.tags;
  let tags = marks.tags ?? known;
  const removed = new Set(removeTags.map(foldText));
  if (tags.some((tag) => removed.has(foldText(tag))))
    tags = tags.filter((tag) => !removed.has(foldText(tag)));
  for (const tag of addTags) if (!tags.some((has) => foldText(has) === foldText(tag))) tags = [...tags, tag];
  const isSame = tags.length === known.length && tags.every((tag, index) => tag === known[index]);
  if (read === row.read && pinned === row.pinned && isSame) return row;
  return { ...row, read, pinned, tags: isSame ? known : [...tags] };
}

/** The row as it is once it left inboxes, or came back into them. */
export function applyInboxes(
  row: MessageSummary,
  byInbox: ByInbox<string[]>,
  how: 'left' | 'back',
): MessageSummary {
  const named = Object.keys(byInbox).filter((name) => byInbox[name]?.includes(row.id));
  const changed = named.filter((name) => row.inboxes.includes(name) === (how === 'left'));
  if (changed.length === 0) return row;
  const inboxes =
    how === 'left' ? row.inboxes.filter((name) => !changed.includes(name)) : [...row.inboxes, ...changed];
  return { ...row, inboxes };
}
