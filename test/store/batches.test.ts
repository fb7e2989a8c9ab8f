// Mail that arrives is never committed together with a step of a long change, and waits for one step at most.
import { expect, test } from 'vitest';
import { createBatches } from '../../server/store/threads/batches.ts';

/** Names, or a name with its input; gives what is committed, batch by batch, until nothing is left. */
function commitsOf(...given: (string | [name: string, input: unknown, bytes?: number])[]): string[] {
  const batches = createBatches();
  for (const [id, each] of given.entries()) {
    const [name, input = null, bytes = 0] = typeof each === 'string' ? [each] : each;
    const transfer = bytes === 0 ? [] : [new ArrayBuffer(bytes)];
    batches.add({ request: { id, name, input, atUs: 0 }, transfer });
  }
  const commits: string[] = [];
  for (let batch = batches.next(); batch.length > 0; batch = batches.next())
    commits.push(batch.map(({ request }) => request.name).join(' '));
  return commits;
}

test('what has come goes together, steps one by one and in turn with it', () => {
  expect(
    commitsOf('saveMessage', 'indexStep', 'purgeStep', 'saveMessage', 'saveDerived', 'mergeStep'),
  ).toEqual(['indexStep', 'saveMessage saveMessage saveDerived', 'purgeStep', 'mergeStep']);
});

test('mail that comes during a step goes before the next one', () => {
  const batches = createBatches();
  const add = (name: string) => batches.add({ request: { id: 0, name, input: null, atUs: 0 }, transfer: [] });
  const next = () => batches.next().map(({ request }) => request.name);
  for (const name of ['purgeStep', 'indexStep', 'shrinkStep']) add(name);
  expect(next()).toEqual(['purgeStep']);
  add('saveMessage');
  expect(next()).toEqual(['saveMessage']);
  add('saveMessage');
  // Nor does a step wait for ever.
  expect(next()).toEqual(['indexStep']);
  expect(next()).toEqual(['saveMessage']);
  expect(next()).toEqual(['shrinkStep']);
  expect(next()).toEqual([]);
});

test('a change of all, or of all that match, is a step, one of some is not', () => {
  expect(
    commitsOf(
      ['deleteMessages', { which: { all: true, limit: 2000 } }],
      ['deleteMessages', { which: { ids: '["m_1"]' } }],
      ['markMessages', { which: { query: {}, limit: 2000 } }],
      ['markMessages', { which: { ids: '["m_1"]' } }],
    ),
  ).toEqual(['deleteMessages', 'deleteMessages markMessages', 'markMessages']);
});

test('a commit takes in 256 requests and some 16 MB', () => {
  expect(
    commitsOf(...Array.from({ length: 300 }, () => 'saveMessage')).map((all) => all.split(' ').length),
  ).toEqual([256, 44]);
  const large: [string, unknown, number] = ['saveMessage', null, 9 * 1024 * 1024];
  expect(commitsOf(large, large, large)).toEqual(['saveMessage saveMessage', 'saveMessage']);
});

test('of what was parsed 32 go together, and mail that comes meanwhile goes before the rest', () => {
  const parsed = Array.from({ length: 80 }, () => 'saveDerived');
  expect(commitsOf(...parsed, 'saveMessage').map((all) => all.split(' '))).toEqual([
    ['saveMessage', ...parsed.slice(0, 32)],
    parsed.slice(0, 32),
    parsed.slice(0, 16),
  ]);
});

test('the end comes when all else is done', () => {
  const many = Array.from({ length: 300 }, () => 'saveMessage');
  expect(commitsOf(...many, 'indexStep', 'close').map((all) => all.split(' ').at(-1))).toEqual([
    'indexStep',
    'saveMessage',
    'saveMessage',
    'close',
  ]);
});
