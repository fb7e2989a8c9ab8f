// Parsing after the 250: each message once, and never more of them in memory than needed.
import { expect, test } from 'vitest';
import { createBackground } from '../../server/background.ts';
import { startParseQueue } from '../../server/parse-queue.ts';
import { silentLog } from '../support/silent-log.ts';

test('large stored bodies are in memory one at a time, however many wait', async () => {
  let held = 0;
  let most = 0;
  const saved: string[] = [];
  await using queue = startParseQueue<string>({
    find: async () => ({
      size: 2_000_000,
      fresh: true,
      bytes: async () => {
        most = Math.max(most, ++held);
        return Buffer.alloc(1);
      },
    }),
    parse: () => new Promise((resolve) => setImmediate(resolve, 'derived')),
    save: async (id) => {
      held--;
      saved.push(id);
    },
    background: createBackground(),
    log: silentLog,
  });
  const ids = Array.from({ length: 40 }, (_, index) => `m_${index}`);
  for (const id of ids) queue.add(id, null);
  await Promise.all(ids.map((id) => queue.settled(id, 10_000)));
  expect(saved.toSorted()).toEqual(ids.toSorted());
  expect(most).toBe(1);
});

test('a message that is asked for twice is parsed once, and both who wait are told', async () => {
  let parsed = 0;
  await using queue = startParseQueue<string>({
    find: async () => undefined,
    parse: async () => `parse ${++parsed}`,
    save: async () => {},
    background: createBackground(),
    log: silentLog,
  });
  queue.add('m_1', Buffer.from('x'));
  const first = queue.settled('m_1', 60_000);
  queue.add('m_1', null);
  await Promise.all([first, queue.settled('m_1', 60_000)]);
  expect(parsed).toBe(1);
});

test('a message that is deleted while it waits is not parsed, and who waits for it is told at once', async () => {
  const parsed: string[] = [];
  await using queue = startParseQueue<string>({
    find: async () => undefined,
    parse: async (bytes) => {
      parsed.push(String(bytes));
      return 'derived';
    },
    save: async () => {},
    background: createBackground(),
    log: silentLog,
  });
  for (const text of ['kept', 'deleted', 'kept, too']) queue.add(text, Buffer.from(text));
  const waiting = queue.parsed('deleted');
  queue.drop(['deleted', 'unknown']);
  await waiting;
  expect(parsed).not.toContain('deleted');
  await Promise.all([queue.settled('kept', 10_000), queue.settled('kept, too', 10_000)]);
  expect(parsed).toEqual(['kept', 'kept, too']);
});

test('while mail pours in, what somebody waits for is parsed ahead of the rest and without turns', async () => {
  const asked: [string, boolean][] = [];
  let begin = (): void => {};
  const begun = new Promise<void>((resolve) => (begin = resolve));
  await using queue = startParseQueue<string>({
    find: async () => undefined,
    parse: async (bytes, { urgent }) => {
      asked.push([bytes.toString(), urgent]);
      if (asked.length === 4) begin();
      // None is done before all of these are with the parser.
      await begun;
      return '';
    },
    save: async () => {},
    background: createBackground(),
    log: silentLog,
  });
  for (let n = 0; n < 100; n += 1) queue.add(`m_${n}`, Buffer.from(`m_${n}`));
  await Promise.all(['m_97', 'm_41', 'm_12'].map((id) => queue.settled(id, 60_000)));
  expect(asked.slice(0, 4)).toEqual([
    ['m_0', false],
    ['m_97', true],
    ['m_41', true],
    ['m_12', true],
  ]);
  await queue.parsed('m_99');
  expect(asked).toHaveLength(100);
});
