// Messages whose parse somebody waits for. They are parsed ahead of the others; what a small one says is known at once.
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { InboxView } from '../../shared/inbox-view.ts';
import type { MessageSummary } from '../../shared/message.ts';
import { messageMatcher } from '../../shared/search/match-message.ts';
import type { QuickText, WaitParts } from './parts.ts';
import { searchableSummary, type Matches } from './searchable.ts';

export interface Asker {
  summary: MessageSummary;
  view: InboxView;
  /** Is told what the text says, at most once. Returns whether that was enough. */
  judge(matches: Matches): boolean;
}

export interface Hurry {
  /** The event of its parse tells when it is parsed. */
  ask(asker: Asker): void;
  /** Resolves once all that somebody was told of before its parse is parsed, so that a search finds it too. */
  caughtUp(): Promise<void>;
}

interface Hurried {
  tell(asker: Asker): void;
  isTold: boolean;
  parsed: Promise<void>;
}

/** So many are asked to be parsed ahead of the others at once; those beyond come in their turn. */
const maxHurried = 200;

export function createHurry({ settled, quickText }: Pick<WaitParts, 'settled' | 'quickText'>): Hurry {
  const hurried = new Map<string, Hurried>();

  /** Judges by the text, in each view once for all who ask. */
  function teller(one: Hurried, text: QuickText | undefined): Hurried['tell'] {
    if (text === undefined) return () => {};
    const matchers = new Map<InboxView, Matches>();
    return ({ summary, view, judge }) => {
      let matches = matchers.get(view);
      if (matches === undefined) {
        matches = messageMatcher({ ...searchableSummary(summary), ...text });
        matchers.set(view, matches);
      }
      if (judge(matches)) one.isTold = true;
    };
  }

  function begin(id: string): Hurried {
    const askers: Asker[] = [];
    const parse = async (): Promise<void> => {
      // Only now has whoever stored the message had time to line it up.
      await yieldToOthers();
      const parsed = settled(id);
      one.tell = teller(one, quickText(id));
      for (const asker of askers) one.tell(asker);
      await parsed;
    };
    const one: Hurried = {
      tell: (asker) => void askers.push(asker),
      isTold: false,
      parsed: Promise.resolve(),
    };
    one.parsed = parse().finally(() => hurried.delete(id));
    return one;
  }

  return {
    ask(asker) {
      const { id } = asker.summary;
      let one = hurried.get(id);
      if (one === undefined) {
        if (hurried.size >= maxHurried) return;
        hurried.set(id, (one = begin(id)));
      }
      one.tell(asker);
    },
    async caughtUp() {
      await Promise.all([...hurried.values()].map(({ isTold, parsed }) => isTold && parsed));
    },
  };
}
