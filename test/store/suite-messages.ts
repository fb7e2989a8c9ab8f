import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { unpackDots } from '../../server/wire-bytes.ts';
import { message as messageSchema, messageSummary } from '../../shared/message.ts';
import { packDots } from '../support/pack-dots.ts';
import type { Found } from '../../shared/finding.ts';
import type { OpenFresh } from './opened.ts';
import {
  arrivedBody,
  mailBytes,
  sampleDerived,
  sampleMessage,
  samplePart,
  sampleSession,
  sampleTransaction,
  save,
} from './samples.ts';

async function streamed(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export function messageSuite(openFresh: OpenFresh): void {
  test('a saved message is in the list at once, as the contract describes it', async () => {
    const { store } = await openFresh();
    const saved = await save(store, 'first');
    const { items, nextCursor } = await store.listMessages({ limit: 10 });
    expect(items).toEqual([saved]);
    expect(nextCursor).toBeNull();
    expect(messageSummary.parse(saved)).toEqual(saved);
    expect(saved).toMatchObject({
      seq: 1,
      subject: 'first',
      parse: 'pending',
      read: false,
      inboxes: ['default'],
    });
    await store[Symbol.asyncDispose]();
  });

  for (const size of [0, 1, 10_240, 1024 * 1024, 1024 * 1024 + 1, 5_000_000]) {
    test(`a body of ${String(size)} bytes comes back as it was, as bytes and as a stream`, async () => {
      const { store } = await openFresh();
      const bytes = randomBytes(size);
      const { id } = await save(store, 'body', { bytes });
      const body = await store.findBody(id);
      expect(body?.size).toBe(size);
      expect((await body?.bytes())?.equals(bytes)).toBe(true);
      if (body !== undefined) expect((await streamed(body.stream())).equals(bytes)).toBe(true);
      await store[Symbol.asyncDispose]();
    });
  }

  test('the beginning of a large body is at hand before it is saved, and stays after', async () => {
    const { store } = await openFresh();
    const small = await arrivedBody(store, mailBytes('small', 10_000));
    const large = await arrivedBody(store, mailBytes('large', 3_000_000));
    expect(small.head.equals(mailBytes('small', 10_000))).toBe(true);
    expect(large.head.equals(mailBytes('large', 3_000_000).subarray(0, 262_144))).toBe(true);
    await store.saveMessage(await sampleMessage(store, 'small', { body: small }), null);
    expect(small.bytes?.equals(mailBytes('small', 10_000))).toBe(true);
    await store[Symbol.asyncDispose]();
  });

  test('a discarded body leaves nothing, however often and whenever it is discarded', async () => {
    const { store } = await openFresh();
    const writer = store.createBody();
    await writer.write(Buffer.alloc(2_000_000));
    await writer.finish();
    writer.discard();
    writer.discard();
    const early = store.createBody();
    early.discard();
    expect(early.write(Buffer.alloc(10))).toBeUndefined();
    expect(await store.counts()).toEqual({ messages: 0, unread: 0, sessions: 0, bytes: 0 });
    await store[Symbol.asyncDispose]();
  });

  test('removed dots and BDAT sizes come back, so that the wire bytes can be rebuilt', async () => {
    const { store } = await openFresh();
    const offsets = [0, 1, 127, 128, 20_000, 4_000_000_000];
    const { id } = await save(store, 'wire', { wire: { dots: packDots(offsets), bdat: [5, 0, 70_000] } });
    const kept = (await store.findBody(id))!.wire;
    expect([...unpackDots(kept.dots)]).toEqual(offsets);
    expect(kept.bdat).toEqual([5, 0, 70_000]);
    const plain = await save(store, 'plain');
    expect((await store.findBody(plain.id))?.wire).toEqual({ dots: new Uint8Array(), bdat: null });
    await store[Symbol.asyncDispose]();
  });

  test('pages go through all messages once, newest first, while more arrive', async () => {
    const { store } = await openFresh();
    for (let n = 1; n <= 7; n += 1) await save(store, `m${String(n)}`);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.listMessages({ limit: 3, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.items.map(({ subject }) => subject));
      cursor = page.nextCursor ?? undefined;
      await save(store, 'later');
    } while (cursor !== undefined);
    expect(seen).toEqual(['m7', 'm6', 'm5', 'm4', 'm3', 'm2', 'm1']);
    await store[Symbol.asyncDispose]();
  });

  test('a cursor that no list gave out is refused', async () => {
    const { store } = await openFresh();
    for (const cursor of ['', 'x', '5', 'bTox ', 'czox', 'bTotMQ', 'bTowMQ', 'bTox=', "m:1' OR 1"])
      await expect(store.listMessages({ limit: 1, cursor }), JSON.stringify(cursor)).rejects.toMatchObject({
        code: 'invalid_request',
      });
    await store[Symbol.asyncDispose]();
  });

  test('a message is listed in each of its inboxes and in no other', async () => {
    const { store } = await openFresh();
    await save(store, 'both', { inboxes: ['two', 'one', 'two'] });
    await save(store, 'one', { inboxes: ['one'] });
    await save(store, 'none', { inboxes: [] });
    const subjects = async (inbox: string) =>
      (await store.listMessages({ limit: 10, inbox })).items.map(({ subject, inboxes }) => [
        subject,
        inboxes,
      ]);
    expect(await subjects('one')).toEqual([
      ['one', ['one']],
      ['both', ['one']],
    ]);
    expect(await subjects('two')).toEqual([['both', ['two']]]);
    expect(await subjects('default')).toEqual([['none', ['default']]]);
    expect(await subjects('three')).toEqual([]);
    const first = await store.listMessages({ limit: 1, inbox: 'one' });
    const second = await store.listMessages({ limit: 1, inbox: 'one', cursor: first.nextCursor ?? '' });
    expect([...first.items, ...second.items].map(({ subject }) => subject)).toEqual(['one', 'both']);
    expect(second.nextCursor).toBeNull();
    await store[Symbol.asyncDispose]();
  });

  test('a message comes with its tags: nobody hears of it, finds it or lists it without them', async () => {
    const { store } = await openFresh();
    const tags = ['Nightly', 'ärger', 'NIGHTLY', 'a'];
    const saved = await save(store, 'tagged', { tags });
    expect(saved.tags).toEqual(['a', 'ärger', 'Nightly']);
    expect((await store.listMessages({ limit: 10 })).items).toEqual([saved]);
    const query = { type: 'field', field: 'tag', header: null, value: 'arger' } as const;
    expect((await store.listMessages({ limit: 10, query })).items).toEqual([saved]);
    const { items } = await store.readEvents(undefined, 10);
    expect(items).toMatchObject([{ type: 'message:stored', payload: { message: saved } }]);
    await store.saveDerived(saved.id, sampleDerived());
    expect(await store.findMessage(saved.id)).toMatchObject({ tags: saved.tags });
    const many = await save(store, 'many', { tags: Array.from({ length: 200 }, (_, n) => `t${n}`) });
    expect(many.tags).toHaveLength(100);
    expect((await store.findMessage(many.id))?.tags).toEqual(many.tags);
    await store[Symbol.asyncDispose]();
  });

  test('what is wrong with a message is told by its first parse, and not again by a later one', async () => {
    const { store } = await openFresh();
    const findingList: Found[] = [
      {
        ...{ rule: 'header.no-date', severity: 'warning', confidence: 1, vars: {} },
        evidence: [{ kind: 'missing-header', header: 'Date' }],
      },
    ];
    const { id } = await save(store, 'dateless');
    const told = await store.saveDerived(id, sampleDerived({ findingList }));
    expect(told).toEqual((await store.listMessages({ limit: 1 })).items[0]);
    expect(told?.findings).toEqual({ count: 1, worst: 'warning' });
    expect(await store.saveDerived(id, sampleDerived({ findingList }))).toBeNull();
    const other = await save(store, 'good');
    expect(await store.saveDerived(other.id, sampleDerived())).toBeNull();
    expect(await store.saveDerived('m_none', sampleDerived({ findingList }))).toBeNull();
    await store[Symbol.asyncDispose]();
  });

  test('before it is parsed a message shows its envelope and scanned header', async () => {
    const { store } = await openFresh();
    const part = samplePart(sampleSession({ transactions: [sampleTransaction(1)] }));
    const { id } = await store.saveMessage(
      await sampleMessage(store, 'pending', { user: 'ann', tls: 'TLSv1.3' }),
      part,
    );
    const found = await store.findMessage(id);
    expect(messageSchema.parse(found)).toEqual(found);
    expect(found).toMatchObject({
      sessionId: part.session.id,
      transaction: 1,
      lines: { first: 4, last: 9 },
      envelope: { from: { address: 'ann@a.test' }, to: [{ address: 'bob@b.test' }] },
      user: 'ann',
      tls: 'TLSv1.3',
      parse: 'pending',
      headers: [],
      structure: null,
      text: null,
      problem: null,
    });
    expect(await store.findMessage('latest')).toEqual(found);
    expect(await store.findMessage('m_unknown')).toBeUndefined();
    expect(await store.findBody('m_unknown')).toBeUndefined();
    await store[Symbol.asyncDispose]();
  });

  test('of a message to very many recipients the row shows twenty, the detail all', async () => {
    const { store } = await openFresh();
    const to = Array.from({ length: 1000 }, (_, n) => ({
      address: `r${String(n)}@b.test`,
      params: [],
      line: 5,
      reply: null,
    }));
    const message = await sampleMessage(store, 'many');
    const saved = await store.saveMessage({ ...message, envelope: { ...message.envelope, to } }, null);
    expect([saved.rcptTo.length, saved.rcptCount]).toEqual([20, 1000]);
    expect((await store.findMessage(saved.id))?.envelope.to).toEqual(to);
    await store[Symbol.asyncDispose]();
  });

  test('what parsing found is shown in row and detail, and can be made again', async () => {
    const { store } = await openFresh();
    const { id } = await save(store, 'raw');
    await store.saveDerived(id, sampleDerived());
    await store.saveDerived(id, sampleDerived({ version: 2, subject: 'second time' }));
    const found = await store.findMessage(id);
    expect(messageSchema.parse(found)).toEqual(found);
    expect(found).toMatchObject({
      parse: 'parsed',
      subject: 'second time',
      snippet: 'Hello Bob',
      html: '<p>Hello Bob</p>',
      to: [{ address: 'bob@b.test' }],
      cc: [{ address: 'carl@c.test' }],
      headers: [{ name: 'Subject' }, { name: 'X-Tag', value: 'blue' }],
    });
    const [row] = (await store.listMessages({ limit: 1 })).items;
    expect(row?.to).toMatchObject([{ address: 'bob@b.test' }, { address: 'carl@c.test' }]);
    await store.saveDerived('m_purged', sampleDerived());
    await store[Symbol.asyncDispose]();
  });

  test('a message that cannot be parsed keeps its scanned header and says why', async () => {
    const { store } = await openFresh();
    const { id } = await save(store, 'scanned');
    const derived = sampleDerived({ ok: false, problem: 'too deep', subject: '', headers: [], text: null });
    await store.saveDerived(id, derived);
    expect(await store.findMessage(id)).toMatchObject({
      parse: 'failed',
      subject: 'scanned',
      problem: 'too deep',
    });
    expect(await store.listUnparsed(1, 10)).toEqual([]);
    await store[Symbol.asyncDispose]();
  });

  test('messages not parsed by this version are listed, oldest first', async () => {
    const { store } = await openFresh();
    const ids: string[] = [];
    for (const subject of ['a', 'b', 'c']) ids.push((await save(store, subject)).id);
    await store.saveDerived(ids[1] ?? '', sampleDerived({ version: 1 }));
    expect(await store.listUnparsed(1, 10)).toEqual([ids[0], ids[2]]);
    expect(await store.listUnparsed(2, 10)).toEqual(ids);
    expect(await store.listUnparsed(2, 1)).toEqual([ids[0]]);
    expect(await store.listUnparsed(2, 10, ids[0])).toEqual([ids[1], ids[2]]);
    await store[Symbol.asyncDispose]();
  });

  test('a second message with the id of another is refused, and the first unharmed', async () => {
    const { store } = await openFresh();
    const bytes = randomBytes(2_000_000);
    const { id } = await save(store, 'first', { bytes });
    await expect(save(store, 'second', { id, bytes: randomBytes(2_000_000) })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect((await (await store.findBody(id))?.bytes())?.equals(bytes)).toBe(true);
    expect((await store.counts()).messages).toBe(1);
    await store[Symbol.asyncDispose]();
  });

  test('hostile text in every field comes back unharmed', async () => {
    const { store } = await openFresh();
    const nasty = `'; DROP TABLE message; -- \u0000 \u202e ${'🙈'.repeat(10)} "`;
    const scanned = { from: [{ name: nasty, address: nasty }], to: [], subject: nasty, date: null };
    const { id } = await save(store, 'x', { scanned, inboxes: [nasty] });
    await store.saveDerived(id, sampleDerived({ subject: nasty, text: nasty }));
    expect(await store.findMessage(id)).toMatchObject({ subject: nasty, text: nasty, inboxes: [nasty] });
    await store[Symbol.asyncDispose]();
  });
}
