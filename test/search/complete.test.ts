import { expect, test } from 'vitest';
import { completeSearch } from '../../shared/search/complete-search.ts';
import { fieldsOf } from '../../shared/search/fields.ts';
import { parseSearch } from '../../shared/search/parse-search.ts';
import type { SearchScope } from '../../shared/search/query.ts';
import { createRandom } from './random.ts';
import { randomJunk } from './random-queries.ts';

/** The caret is where the bar stands. */
function complete(marked: string, scope: SearchScope = 'messages', values = {}) {
  const caret = marked.indexOf('|');
  const text = marked.replace('|', '');
  const { start, end, suggestions } = completeSearch(text, caret, { scope, values, limit: 100 });
  const taken = suggestions.map(({ insert }) => text.slice(0, start) + insert + text.slice(end));
  return { labels: suggestions.map(({ label }) => label), taken, suggestions };
}

test('of a session without a message it is not said that the client tried nothing, as it may have got to RCPT', () => {
  const { suggestions } = complete('outcome:no-c|', 'sessions');
  expect(suggestions.map(({ explain }) => explain)).toEqual(['The client left without sending a message.']);
});

test('an empty box offers all operators with what they mean', () => {
  for (const scope of ['messages', 'sessions'] as const) {
    const { labels, suggestions } = complete('|', scope);
    expect(labels).toHaveLength(fieldsOf(scope).length);
    for (const { explain } of suggestions) expect(explain).toMatch(/^[A-Z].*\.$/);
  }
});

test('the beginning of a name offers those operators, and taking one replaces only it', () => {
  expect(complete('reset su| is:unread').taken).toEqual(['reset subject: is:unread']);
  expect(complete('-fro|').taken).toEqual(['-from:']);
  expect(complete('(ta|)').taken).toEqual(['(tag:)']);
  expect(complete('be|fo:x').taken).toEqual(['before:x']);
  expect(complete('pee|').labels).toEqual([]);
  expect(complete('pee|', 'sessions').labels).toEqual(['peer:']);
});

test('behind the colon the values of the operator are offered', () => {
  expect(complete('is:|').labels).toEqual(['unread', 'read', 'pinned', 'tagged']);
  expect(complete('a is:un| b').taken).toEqual(['a is:unread  b']);
  expect(complete('outcome:t|', 'sessions').labels).toEqual(['tls-failed', 'timed-out']);
  expect(complete('tls:1.|').labels).toEqual(['TLSv1.3', 'TLSv1.2']);
  expect(complete('is:unread|').labels).toEqual([]);
  expect(complete('from:|').labels).toEqual([]);
});

test('values of the list are offered too, in quotes where they need them', () => {
  const values = { tag: ['checkout', 'new flow'] };
  expect(complete('tag:|', 'messages', values).taken).toEqual(['tag:checkout ', 'tag:"new flow" ']);
  expect(complete('tag:"new|', 'messages', values).taken).toEqual(['tag:"new flow" ']);
});

test('header names are offered behind header.', () => {
  expect(complete('header.x-m|').taken).toEqual(['header.X-Mailer:']);
  expect(complete('header.x|', 'sessions').labels).toEqual([]);
});

test('OR is offered between things to search for, in capitals only', () => {
  expect(complete('a O|').labels).toEqual(['OR']);
  expect(complete('O|').labels).toEqual([]);
  expect(complete('a or|').labels).toEqual([]);
  expect(complete('a |').labels).toContain('OR');
});

test('nothing is offered within a phrase', () => {
  expect(complete('"fro|m"').labels).toEqual([]);
});

test('whatever is typed, wherever the caret is, completion answers within its text', () => {
  const random = createRandom(5);
  for (let n = 0; n < 3000; n += 1) {
    const text = randomJunk(random);
    const caret = random.below(text.length + 10) - 5;
    const { start, end } = completeSearch(text, caret, { scope: random.pick(['messages', 'sessions']) });
    expect(start >= 0 && start <= end && end <= text.length, text).toBe(true);
  }
  expect(completeSearch('a', NaN, { scope: 'messages' })).toMatchObject({ start: 0, end: 0 });
});

test('every example, and every value that is offered, is a search', () => {
  for (const scope of ['messages', 'sessions'] as const) {
    for (const field of fieldsOf(scope)) {
      expect(parseSearch(field.example, scope), field.example).toMatchObject({ ok: true });
      const values: readonly { value: string }[] = 'values' in field ? (field.values ?? []) : [];
      for (const { value } of values) {
        expect(parseSearch(`${field.name}:${value}`, scope), value).toMatchObject({ ok: true });
      }
    }
  }
});
