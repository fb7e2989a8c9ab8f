// The message that is open: late answers, and what happens to it meanwhile.
import { expect, test } from 'vitest';
import { OpenMessage } from '../../web/state/open-message.svelte.ts';
import { createFeed, later } from './support/feed.ts';
import { makeMessage } from './support/fixture-messages.ts';

type Answer = ReturnType<typeof makeMessage>;

test('a slow answer for a message that is left again is dropped', async () => {
  const slow = later<Answer>();
  const opened: string[] = [];
  const open = new OpenMessage(
    {
      readMessage: ({ params }) =>
        params.id === 'm_slow' ? slow.promise : Promise.resolve(makeMessage(2, { id: params.id })),
    },
    ({ id }) => opened.push(id),
  );
  open.open('m_slow');
  open.open('m_fast');
  await expect.poll(() => open.message?.id).toBe('m_fast');
  slow.give(makeMessage(1, { id: 'm_slow' }));
  await slow.promise;
  expect(open.message?.id).toBe('m_fast');
  expect(opened).toEqual(['m_fast']);
});

/** Opens m_1, of which these are the answers one after the other. */
function openFirst(answers: (Answer | Promise<Answer>)[]) {
  const opened: string[] = [];
  const open = new OpenMessage({ readMessage: async () => answers.shift() ?? makeMessage(1) }, ({ id }) =>
    opened.push(id),
  );
  const feed = createFeed();
  open.listen(feed);
  open.open('m_1');
  return { open, feed, opened };
}

test('an open message is read again once it is parsed, and is not marked again', async () => {
  const answers = [makeMessage(1, { id: 'm_1', parse: 'pending' }), makeMessage(1, { id: 'm_1' })];
  const { open, feed, opened } = openFirst(answers);
  await expect.poll(() => open.message?.parse).toBe('pending');
  feed.say('message:parsed', { message: makeMessage(1, { id: 'm_1' }) });
  await expect.poll(() => open.message?.parse).toBe('parsed');
  expect(opened.length).toBe(1);
});

test('a message that is parsed while it is being opened is still marked as opened, once', async () => {
  const first = later<Answer>();
  const answers = [first.promise, Promise.resolve(makeMessage(1, { id: 'm_1' }))];
  const { open, feed, opened } = openFirst(answers);
  feed.say('message:parsed', { message: makeMessage(1, { id: 'm_1' }) });
  await expect.poll(() => open.message?.parse).toBe('parsed');
  first.give(makeMessage(1, { id: 'm_1', parse: 'pending' }));
  await first.promise;
  expect(opened.length).toBe(1);
  expect(open.message?.parse).toBe('parsed');
});

test('a message that is deleted while it is being opened is said to be deleted, whatever the answer is', async () => {
  const asks: ReturnType<typeof later<Answer>>[] = [];
  const feed = createFeed();
  const open = new OpenMessage(
    {
      readMessage: () => {
        const ask = later<Answer>();
        asks.push(ask);
        return ask.promise;
      },
    },
    () => {},
  );
  open.listen(feed);
  open.open('m_1');
  feed.say('messages:deleted', { ids: ['m_2'], upToSeq: null, reason: 'request' });
  expect(open.deleted).toBeNull();
  feed.say('messages:deleted', { ids: ['m_1'], upToSeq: null, reason: 'retention' });
  asks[0]?.give(makeMessage(1, { id: 'm_1' }));
  await expect.poll(() => open.message?.id).toBe('m_1');
  expect(open.deleted).toBe('retention');

  // Up to some message: whether it is one of these only the server knows.
  open.open('m_3');
  feed.say('messages:deleted', { ids: null, upToSeq: 9, reason: 'request' });
  asks[1]?.give(makeMessage(3, { id: 'm_3' }));
  expect(asks).toHaveLength(3);
  asks[2]?.fail(new Error('gone'));
  await expect.poll(() => open.error).toMatchObject({ message: 'gone' });
  expect(open.message).toBeNull();
});
