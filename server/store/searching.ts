// Searches page by page. A search goes back in time in steps, so that a common word costs no more than its page.
import type { MessageSummary } from '../../shared/message.ts';
import { foldText, wordsOf } from '../../shared/search/fold.ts';
import type { Query } from '../../shared/search/query.ts';
import { nowUs } from '../clock.ts';
import { formatCursor } from './cursors.ts';
import type { Driver } from './driver.ts';
import { firstSpan, nextSpan, nextSpanOfWords } from './spans.ts';
import type { Page } from './store.ts';

/** The full-text index answers, which for some searches gathers as much for few messages as for many. */
function isOfWords(query: Query): boolean {
  if (query.type === 'and' || query.type === 'or') return query.of.every(isOfWords);
  if (query.type === 'not') return isOfWords(query.of);
  if (query.type === 'field') return query.field === 'body';
  if (query.type === 'phrase') return true;
  const words = wordsOf(foldText(query.text));
  // A sequence that ends in a single letter is rather looked for in the messages, some at a time.
  return words.length < 2 || words.at(-1)!.length > 1;
}

export async function searchPage(
  driver: Driver,
  ask: { query: Query; below: number; limit: number; inbox: string | null },
): Promise<Page<MessageSummary>> {
  const { query, limit, inbox } = ask;
  const items: MessageSummary[] = [];
  const now = nowUs();
  const widen = inbox === null && isOfWords(query) ? nextSpanOfWords : nextSpan;
  let { below } = ask;
  let span = firstSpan;
  do {
    const wanted = limit + 1 - items.length;
    const step = await driver.read('searchMessages', {
      query,
      below,
      span,
      limit: wanted,
      inbox,
      nowUs: now,
    });
    items.push(...step.items);
    below = step.low;
    span = widen(span);
  } while (items.length <= limit && below > 0);
  const shown = items.slice(0, limit);
  const last = items.length > limit ? shown.at(-1) : undefined;
  return { items: shown, nextCursor: last === undefined ? null : formatCursor('m', last.seq) };
}
