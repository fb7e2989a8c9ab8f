// What of all there is a wait in one inbox looks at: the same parts, with nothing of others in them.
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import {
  eventInView,
  isInView,
  lineJudge,
  sessionInView,
  wholeSessionInView,
  type InboxView,
} from '../../shared/inbox-view.ts';
import type { Session, SessionSummary } from '../../shared/session.ts';
import { findWhole } from '../find-session.ts';
import type { WaitParts } from './parts.ts';

export interface Sight extends WaitParts {
  readonly view: InboxView;
  /** Whether a session of a list has a part that the view does not: searches of the store know only the whole. */
  isShared(summary: SessionSummary): boolean;
}

const linesAtOnce = 5000;

function hasOthers(session: Session, view: InboxView): boolean {
  const judge = lineJudge(session, view);
  return (
    session.inboxMessages !== undefined ||
    session.transactions.some(({ n }) => judge({ transaction: n }) !== 'shown')
  );
}

/** Codes of the replies that the view has: the lines tell whose they are. */
async function readCodes(parts: WaitParts, id: string, view: InboxView): Promise<number[]> {
  const { store, running } = parts;
  const held = running.find(id);
  const codes = new Set<number>();
  const session = await findWhole(parts, id);
  if (session === undefined || !isInView(session, view)) return [];
  if (!hasOthers(session, view)) return held?.codes ?? store.readCodes(id);
  const judge = lineJudge(session, view);
  const take = (lines: Awaited<ReturnType<typeof store.readTranscript>>['lines']): void => {
    for (const line of lines) if (line.code !== undefined && judge(line) === 'shown') codes.add(line.code);
  };
  take(held?.lines ?? []);
  for (let from = 0; ; await yieldToOthers()) {
    const { lines } = await store.readTranscript(id, from, linesAtOnce);
    take(lines);
    if (lines.length < linesAtOnce) return [...codes];
    from = lines.at(-1)!.n + 1;
  }
}

/** Throws `not_found` where the inbox is gone. */
export function partsInView(parts: WaitParts, view: InboxView): Sight {
  if (view === null) return { ...parts, view, isShared: () => false };
  const { store, running, inboxes } = parts;
  // None of an earlier inbox of the same name.
  const sinceSeq = inboxes.sinceSeq(view);
  const shared = new WeakSet<SessionSummary>();
  return {
    ...parts,
    view,
    isShared: (summary) => shared.has(summary),
    store: {
      cursor: () => store.cursor(),
      listMessages: (ask) => store.listMessages({ ...ask, inbox: view }),
      findMessage: (id) => store.findMessage(id, view),
      async listSessions(ask) {
        const page = await store.listSessions({ ...ask, inbox: view });
        const items = page.items.flatMap((summary) => {
          const own = sessionInView(summary, view);
          if (own && summary.inboxMessages !== undefined) shared.add(own);
          return own ?? [];
        });
        return { ...page, items };
      },
      async findSession(id) {
        const session = await store.findSession(id);
        return session && wholeSessionInView(session, view);
      },
      readCodes: (id) => readCodes(parts, id, view),
      async readTranscript(id, from, limit) {
        // Lines first: what is known of their transactions is newer then.
        const { lines } = await store.readTranscript(id, from, limit);
        const session = await findWhole(parts, id);
        if (session === undefined || !isInView(session, view)) return { lines: [] };
        const judge = lineJudge(session, view);
        return { lines: lines.filter((line) => judge(line) === 'shown') };
      },
      async readEvents(since, limit) {
        for (let from = since; ; await yieldToOthers()) {
          const page = await store.readEvents(from, limit, view);
          const items = page.items.flatMap((event) =>
            event.seq < sinceSeq ? [] : (eventInView(event, view) ?? []),
          );
          if (page.reset || items.length > 0 || page.items.length < limit) return { ...page, items };
          from = page.next;
        }
      },
    },
    running: {
      list: () => running.list().flatMap((summary) => sessionInView(summary, view) ?? []),
      find(id) {
        const open = running.find(id);
        const session = open && wholeSessionInView(open.session, view);
        if (session === undefined) return undefined;
        const judge = lineJudge(open!.session, view);
        const codes = hasOthers(open!.session, view) ? undefined : open!.codes;
        return { session, codes, lines: open!.lines.filter((line) => judge(line) === 'shown') };
      },
    },
  };
}
