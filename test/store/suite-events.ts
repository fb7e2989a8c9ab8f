import { expect, test } from 'vitest';
import { durableEvent } from '../../shared/events.ts';
import type { OpenFresh } from './opened.ts';
import { closedSession, sampleDerived, samplePart, save } from './samples.ts';

export function eventSuite(openFresh: OpenFresh): void {
  test('each change is told once, in order, with contiguous numbers, and is in the log', async () => {
    const { store, events } = await openFresh();
    const { id } = await save(store, 'one');
    await expect(save(store, 'fails', { id })).rejects.toThrow();
    await store.saveDerived(id, sampleDerived());
    const part = samplePart();
    await store.saveSession({ ...part, session: closedSession(part.session) }, true);
    expect(events.map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'message:stored'],
      [2, 'message:parsed'],
      [3, 'session:closed'],
    ]);
    for (const event of events) expect(durableEvent.parse(event)).toEqual(event);
    expect(events[0]?.payload).toEqual({
      message: expect.objectContaining({ id, seq: 1, parse: 'pending' }),
    });
    expect(await store.readEvents(undefined, 10)).toEqual({
      items: events,
      next: `${store.id}.3`,
      reset: false,
    });
    expect(store.cursor()).toBe(`${store.id}.3`);
    await store[Symbol.asyncDispose]();
  });

  test('the log continues from a cursor, page by page', async () => {
    const { store, events } = await openFresh();
    const start = store.cursor();
    for (const subject of ['a', 'b', 'c']) await save(store, subject);
    const first = await store.readEvents(start, 2);
    expect(first).toEqual({ items: events.slice(0, 2), next: `${store.id}.2`, reset: false });
    expect(await store.readEvents(first.next, 2)).toEqual({
      items: events.slice(2),
      next: store.cursor(),
      reset: false,
    });
    expect(await store.readEvents(store.cursor(), 2)).toEqual({
      items: [],
      next: store.cursor(),
      reset: false,
    });
    await store[Symbol.asyncDispose]();
  });

  test('a cursor of another store, or of the future, asks for a reset', async () => {
    const { store } = await openFresh();
    await save(store, 'a');
    const reset = { items: [], next: store.cursor(), reset: true };
    expect(await store.readEvents('0123456789abcdef.1', 10)).toEqual(reset);
    expect(await store.readEvents(`${store.id}.2`, 10)).toEqual(reset);
    await store[Symbol.asyncDispose]();
  });

  test('the log is read from a time on', async () => {
    const { store, events } = await openFresh();
    await save(store, 'a');
    expect((await store.readEvents('2020-01-01T00:00:00Z', 10)).items).toEqual(events);
    expect((await store.readEvents(events[0]?.at, 10)).items).toEqual(events);
    const later = await store.readEvents('2999-01-01T00:00:00Z', 10);
    expect(later).toEqual({ items: [], next: store.cursor(), reset: false });
    await store[Symbol.asyncDispose]();
  });

  test.each(['', 'x', 'yesterday', '1.', '.1', '2026-13-45', '2026-02-30', "x.1'"])(
    '%j is no place in the log',
    async (since) => {
      const { store } = await openFresh();
      await expect(store.readEvents(since, 10)).rejects.toMatchObject({ code: 'invalid_request' });
      await store[Symbol.asyncDispose]();
    },
  );

  test('after its end the storage says that it is closed', async () => {
    const { store } = await openFresh();
    await store[Symbol.asyncDispose]();
    await store[Symbol.asyncDispose]();
    await expect(save(store, 'late')).rejects.toMatchObject({ code: 'unavailable' });
    await expect(store.counts()).rejects.toMatchObject({ code: 'unavailable' });
  });
}
