// What a store of mail does, as plainly as it can be said.
import type { Marks } from '../../server/store/store.ts';

export interface Mail {
  id: string;
  to: string[];
  /** Of the subject, and of the text. */
  words: string[];
  inboxes: string[];
  read: boolean;
  pinned: boolean;
  tags: Set<string>;
}

export interface Model {
  store(mail: Pick<Mail, 'id' | 'to' | 'words' | 'inboxes'>): void;
  /** Newest first. */
  live(inbox?: string): Mail[];
  mark(mails: Mail[], marks: Marks): void;
  remove(mails: Mail[], purge: boolean): void;
  restorable(): Mail[];
  /** Nothing was deleted so long ago that it may or may not be restorable. */
  isCertain(): boolean;
  restore(mails: Mail[]): void;
  purged(): Mail[];
  stored(): number;
  expired(): number;
}

/** A deletion can be taken back for a minute, and is made final within a few seconds after. */
const undoMs = { surely: 50_000, surelyNot: 75_000 };

/** `most`: over so many the oldest go, pinned ones stay. */
export function createModel(most: number): Model {
  /** Oldest first. */
  const all: Mail[] = [];
  const deletedAt = new Map<Mail, number>();
  const gone = new Set<Mail>();
  let expired = 0;
  const ageOf = (at: number): number => performance.now() - at;

  const live = (inbox?: string): Mail[] =>
    all.filter(
      (mail) =>
        !deletedAt.has(mail) && !gone.has(mail) && (inbox === undefined || mail.inboxes.includes(inbox)),
    );
  const expire = (): void => {
    const over = live().length - most;
    if (over <= 0) return;
    const oldest = live()
      .filter(({ pinned }) => !pinned)
      .slice(0, over);
    for (const mail of oldest) gone.add(mail);
    expired += oldest.length;
  };

  return {
    store(mail) {
      all.push({ ...mail, read: false, pinned: false, tags: new Set() });
      expire();
    },
    live: (inbox) => live(inbox).reverse(),
    mark(mails, { read, pinned, tags, addTags = [], removeTags = [] }) {
      for (const mail of mails) {
        if (read !== undefined) mail.read = read;
        if (pinned !== undefined) mail.pinned = pinned;
        if (tags !== undefined) mail.tags = new Set(tags);
        for (const tag of addTags) mail.tags.add(tag);
        for (const tag of removeTags) mail.tags.delete(tag);
      }
    },
    remove(mails, purge) {
      for (const mail of mails)
        if (purge) {
          gone.add(mail);
          deletedAt.delete(mail);
        } else deletedAt.set(mail, performance.now());
    },
    restorable: () => [...deletedAt].filter(([, at]) => ageOf(at) < undoMs.surely).map(([mail]) => mail),
    isCertain: () =>
      [...deletedAt.values()].every((at) => ageOf(at) < undoMs.surely || ageOf(at) > undoMs.surelyNot),
    restore(mails) {
      for (const mail of mails) deletedAt.delete(mail);
    },
    purged: () => [...gone],
    stored: () => all.length,
    expired: () => expired,
  };
}
