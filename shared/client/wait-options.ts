// What a wait was given, as options. What it does not know it would pass over, and then take any message.
import { MailscopeError } from '../errors.ts';
import type { WaitOptions } from './waiting.ts';

const fields = ['query', 'after', 'timeout', 'inbox', 'signal'];
/** Of these `count` is the summaries' alone; waitForMessage gives the newest of so many. */
const counting = new Set(['waitForMessage', 'waitForMessages']);

/** Throws MailscopeError `invalid_request` where `wait` is neither a search nor options that `call` knows. */
export function optionsOf<T extends WaitOptions = WaitOptions>(
  call: string,
  wait: T | string | undefined,
): Partial<T> {
  if (typeof wait === 'string') return { query: wait } as Partial<T>;
  const given: Partial<T> = wait ?? {};
  const isPlain = Object.prototype.toString.call(given) === '[object Object]';
  const unknown = Object.keys(given).find(
    (name) => !fields.includes(name) && !(name === 'count' && counting.has(call)),
  );
  if (isPlain && unknown === undefined) return given;
  const what = isPlain
    ? `knows no ${unknown!}`
    : `cannot wait for ${typeof given === 'function' ? 'a function' : String(given)}`;
  throw new MailscopeError(
    'invalid_request',
    `${call} ${what}. It takes a search, such as "to:ann@example.com subject:reset", or ${fields.join(', ')}.`,
  );
}

/** Throws MailscopeError `invalid_request` where it is neither a cursor nor a time. */
export function formatAfter(after: WaitOptions['after']): { after?: string } {
  if (after === undefined) return {};
  if (typeof after === 'string') return { after };
  try {
    return { after: after.toISOString() };
  } catch {
    throw new MailscopeError(
      'invalid_request',
      `after is ${String(after)}, and neither a cursor nor a Date. Give it what readCursor() gave, or use fromNow().`,
    );
  }
}
