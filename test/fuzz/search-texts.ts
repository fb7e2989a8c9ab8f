// Texts in the search box: understood, and then written down and read again the same; or refused with a place.
import { completeSearch } from '../../shared/search/complete-search.ts';
import { formatSearch } from '../../shared/search/format-search.ts';
import { parseSearch } from '../../shared/search/parse-search.ts';
import type { Random } from '../search/random.ts';
import { randomJunk, randomQuery } from '../search/random-queries.ts';
import { cpuNow } from '../support/cpu-time.ts';
import { mutate } from './budget.ts';

export function fuzzSearch(random: Random): void {
  const scope = random.pick(['messages', 'sessions'] as const);
  const make = (): string =>
    random.chance(0.5) ? randomJunk(random) : randomQuery(random, scope, ['m_1', 's_1']);
  const text = random.chance(0.5)
    ? make()
    : mutate(random, Buffer.from(make()), Buffer.from(make())).toString();
  const started = cpuNow();
  const parsed = parseSearch(text, scope);
  const { start, end } = completeSearch(text, random.below(text.length + 2), { scope });
  if (!(start >= 0 && start <= end && end <= text.length))
    throw new Error(`${JSON.stringify(text)} is completed from ${start} to ${end}`);
  const took = cpuNow() - started;
  if (took > 500) throw new Error(`it took ${took.toFixed(0)} ms: ${JSON.stringify(text)}`);
  if (parsed.ok) {
    const written = formatSearch(parsed.query);
    const again = parseSearch(written, scope);
    if (!again.ok || formatSearch(again.query) !== written)
      throw new Error(`${JSON.stringify(text)} is written ${written}, which is read otherwise`);
    return;
  }
  if (parsed.errors.length === 0) throw new Error(`${JSON.stringify(text)} is refused without a reason`);
  for (const { start, end, message, hint } of parsed.errors)
    if (!(start >= 0 && start <= end && end <= text.length && message && hint))
      throw new Error(`${JSON.stringify(text)} is refused at ${start} to ${end}: ${message} ${hint}`);
}
