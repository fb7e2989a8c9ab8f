// Searches before the first one: code that a thread runs for the first time takes several times as long.
import { parseSearch } from '../../../shared/search/parse-search.ts';
import type { Query } from '../../../shared/search/query.ts';
import { nowUs } from '../../clock.ts';
import type { Driver } from '../driver.ts';
import type { SearchMessages } from '../search/search-messages.ts';
import { searchPage } from '../searching.ts';
import type { WorkerClient } from './worker-client.ts';

/** Of each kind; what they find is the more the commoner their letters are. */
const searches = [
  ...['-e -a -t -s', '"of the"', 't.e', 'from:e -subject:a', 'body:"e t" OR body:ing OR body:the', 'is:read'],
  ...['larger:1B header.subject:e', 'client:e OR -code:250'],
];
const rounds = 5;
/** Some milliseconds, which a list may have to wait. */
const span = 16_384;

const queriesOf = (texts: string[]): Query[] =>
  texts.flatMap((text) => {
    const parsed = parseSearch(text, 'messages');
    return parsed.ok && parsed.query !== null ? parsed.query : [];
  });

/** Gives up where the thread has ended or something cannot be read, which will be told to who asks for it. */
export async function warmUp(reader: WorkerClient): Promise<void> {
  const all = queriesOf(searches);
  const ask = { below: Number.MAX_SAFE_INTEGER, span, limit: 51, inbox: null };
  for (let round = 0; round < rounds; round += 1)
    for (const query of all) {
      const search: SearchMessages = { ...ask, query, nowUs: nowUs() };
      await reader.call('searchMessages', search);
    }
}

/** What is in no mail, so that all of each column is looked through. */
const nothing = 'qzjxqwzj';
const fields = ['from', 'to', 'cc', 'bcc', 'rcpt', 'subject', 'attachment', 'client', 'header.subject'];
/** The columns of more are not kept for the next search. */
const mostKept = 150_000;

/** Reads the columns as a search does: each reader those that it will be asked for. */
export async function readColumns(driver: Pick<Driver, 'read'>): Promise<void> {
  const { messages } = await driver.read('readCounters', null);
  if (messages > mostKept) return;
  const [query] = queriesOf([fields.map((field) => `${field}:${nothing}`).join(' OR ')]);
  if (query !== undefined)
    await searchPage(driver, { query, below: Number.MAX_SAFE_INTEGER, limit: 1, inbox: null });
}
