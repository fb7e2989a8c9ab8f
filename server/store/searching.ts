// Searches page by page. A search goes back in time in steps, so that a common word costs no more than its page.
// All steps but the first are large, and two threads look at a half of it each.
import type { MessageSummary } from '../../shared/message.ts';
import { foldText, wordsOf } from '../../shared/search/fold.ts';
import type { Query } from '../../shared/search/query.ts';
import { nowUs } from '../clock.ts';
import { formatCursor } from './cursors.ts';
import type { Driver } from './driver.ts';
import { rowsOfBlock } from './index/search-blocks.ts';
import { firstReadSpan, firstSpan, nextSpan, nextSpanOfWords } from './search/spans.ts';
import { usualEnough } from './search/word-reach.ts';
import type { Page } from './store.ts';

/** A sequence that ends in a single letter is rather looked for in the messages, some at a time. */
function endsInLetter(query: Query): boolean {
  if (query.type === 'and' || query.type === 'or') return query.of.some(endsInLetter);
  if (query.type === 'not') return endsInLetter(query.of);
  if (query.type !== 'word') return false;
  const words = wordsOf(foldText(query.text));
  return words.length > 1 && words.at(-1)!.length === 1;
}

/** The full-text index answers, which for some searches gathers as much for few messages as for many. */
function isOfWords(query: Query): boolean {
  if (query.type === 'and' || query.type === 'or') return query.of.every(isOfWords);
  if (query.type === 'not') return isOfWords(query.of);
  return query.type === 'field' ? query.field === 'body' : !endsInLetter(query);
}

interface Part {
  below: number;
  span: number;
}

/** A step begins and ends with a block, all but the first. */
function halvesOf({ below, span }: Part, oldest: number): Part[] {
  const half = Math.ceil(Math.min(span, below - oldest) / 2 / rowsOfBlock) * rowsOfBlock;
  return [
    { below, span: half },
    { below: below - half, span: Math.max(1, span - half) },
  ];
}

/** Set by tests alone. */
interface Steps {
  first?: number;
  /** See word-reach.ts. */
  enough?: number;
}

export async function searchPage(
  driver: Pick<Driver, 'read'>,
  ask: { query: Query; below: number; limit: number; inbox: string | null },
  { first = endsInLetter(ask.query) ? firstReadSpan : firstSpan, enough = usualEnough }: Steps = {},
): Promise<Page<MessageSummary>> {
  const { query, limit, inbox } = ask;
  const items: MessageSummary[] = [];
  const now = nowUs();
  const ofWords = inbox === null && isOfWords(query);
  let span = first;
  let parts: Part[] = [{ below: ask.below, span }];
  while (parts.length > 0) {
    const wanted = limit + 1 - items.length;
    const found = await Promise.all(
      parts.map((part, n) =>
        driver.read('searchMessages', {
          ...{ query, ...part, limit: wanted, inbox, nowUs: now },
          enough: ofWords && n === parts.length - 1 ? enough : undefined,
        }),
      ),
    );
    items.push(...found.flatMap((part) => part.items));
    const { low, oldest, reach } = found.at(-1)!;
    const distance = reach === null ? null : low - reach;
    span = ofWords ? nextSpanOfWords(span, items.length, distance) : nextSpan(span);
    parts = items.length > limit || low === 0 ? [] : halvesOf({ below: low, span }, oldest);
  }
  const shown = items.slice(0, limit);
  const last = items.length > limit ? shown.at(-1) : undefined;
  return { items: shown, nextCursor: last === undefined ? null : formatCursor('m', last.seq) };
}
