// Two messages beside each other.
import { describe, expect, test } from 'vitest';
import type { Message } from '../../shared/message.ts';
import {
  cutAtSpans,
  envelopeRows,
  foldSame,
  type ComparedRow,
} from '../../web/parts/message/compared-rows.ts';

describe('two messages beside each other', () => {
  const row = (kind: ComparedRow['kind']): ComparedRow => ({ kind, left: null, right: null });

  test('show what differs with two rows around it, and count the rest', () => {
    const rows = [
      ...Array.from({ length: 10 }, () => row('same')),
      row('changed'),
      ...Array.from({ length: 5 }, () => row('same')),
    ];
    expect(
      foldSame(rows).map(({ kind, ...rest }) => ('count' in rest ? `${kind} ${rest.count}` : kind)),
    ).toEqual([...['fold 8', 'same', 'same', 'changed', 'same', 'same', 'fold 3']]);
  });

  test('are cut at their changed places', () => {
    expect(cutAtSpans('one two', [{ start: 4, end: 7 }])).toEqual([
      { text: 'one ', isChanged: false },
      { text: 'two', isChanged: true },
    ]);
    expect(cutAtSpans('short', [{ start: 9, end: 12 }])).toEqual([{ text: 'short', isChanged: false }]);
  });

  test('have envelopes that are compared by recipient, whatever the order', () => {
    const way = (from: string, to: string[]): Pick<Message, 'envelope' | 'origin' | 'tls' | 'user'> => {
      const path = (address: string) => ({ address, params: [], line: 1, reply: null });
      return {
        envelope: { from: path(from), to: to.map(path) },
        origin: 'smtp',
        tls: null,
        user: null,
      } as unknown as Message;
    };
    const rows = envelopeRows(way('a@x', ['b@x', 'c@x', 'b@x']), way('z@x', ['C@x', 'b@x']));
    expect(rows.map(({ kind, left }) => `${left?.text ?? ''} ${kind}`)).toEqual([
      ...['<a@x> changed', '<b@x> same', '<c@x> changed', '<b@x> only-left'],
      ...['smtp same', 'none same', 'none same'],
    ]);
  });
});
