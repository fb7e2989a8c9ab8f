// The envelope beside the header.
import { describe, expect, test } from 'vitest';
import { compareEnvelope } from '../../shared/explain/compare-envelope.ts';
import { fieldsOf, messageOf } from './fields.ts';
import { cpuNow } from '../support/cpu-time.ts';

const kinds = (from: string, to: string[], ...headers: string[]) =>
  compareEnvelope(messageOf(from, to, fieldsOf(...headers))).map(({ kind, addresses }) => [
    kind,
    ...addresses,
  ]);

test('a plain message has nothing to tell but its sender', () => {
  expect(kinds('ann@x.test', ['bob@y.test'], 'From: Ann <ann@x.test>', 'To: Bob <BOB@Y.test>')).toEqual([
    ['same-sender', 'ann@x.test'],
    ['same-domain', 'ann@x.test', 'ann@x.test'],
  ]);
});

describe('recipients', () => {
  test('who is in RCPT TO only got a blind copy', () => {
    const [fact] = compareEnvelope(
      messageOf('a@x.test', ['b@y.test', 'c@y.test', 'd@z.test'], fieldsOf('From: a@x.test', 'To: b@y.test')),
    );
    expect(fact).toEqual({
      kind: 'blind-copy',
      addresses: ['c@y.test', 'd@z.test'],
      sentence: 'c@y.test and d@z.test get it by RCPT TO and are not in To, Cc or Bcc: a blind copy.',
    });
  });

  test('who is in the header only does not get it', () => {
    expect(kinds('a@x.test', ['b@y.test'], 'From: a@x.test', 'To: b@y.test', 'Cc: c@y.test')).toContainEqual([
      'not-delivered',
      'c@y.test',
    ]);
  });

  test('a Bcc field that was sent along is told', () => {
    const found = kinds('a@x.test', ['b@y.test'], 'From: a@x.test', 'Bcc: b@y.test');
    expect(found[0]).toEqual(['bcc-shown', 'b@y.test']);
  });

  test('commas in names, comments, groups and encoded names do not split an address', () => {
    expect(
      kinds(
        'a@x.test',
        ['b@y.test', 'c@y.test', 'd@y.test', 'e@y.test'],
        'From: a@x.test',
        'To: "Doe, John" <b@y.test>, c@y.test (Carl, the other),\r\n\t=?utf-8?Q?D=2C_d?= <d@y.test>',
        'Cc: Team: e@y.test;',
      ),
    ).toEqual([
      ['same-sender', 'a@x.test'],
      ['same-domain', 'a@x.test', 'a@x.test'],
    ]);
  });

  test('a recipient named twice, and nobody named, are told', () => {
    expect(kinds('a@x.test', ['b@y.test', 'B@y.test'], 'From: a@x.test').slice(0, 3)).toEqual([
      ['blind-copy', 'b@y.test'],
      ['recipient-twice', 'B@y.test'],
      ['no-visible-recipient'],
    ]);
  });

  test('10,000 recipients are compared at once, and the lists stay short', () => {
    const many = Array.from({ length: 10_000 }, (_, n) => `u${n}@y.test`);
    const began = cpuNow();
    const [fact] = compareEnvelope(messageOf('a@x.test', many, fieldsOf('From: a@x.test', 'To: u1@y.test')));
    expect(cpuNow() - began).toBeLessThan(1000);
    expect(fact!.addresses).toHaveLength(100);
    expect(fact!.sentence).toContain('and 9995 more get it');
  });
});

describe('the sender', () => {
  test.each([
    ['bounce@x.test', 'a@x.test', 'same-domain'],
    ['bounce@mail.x.test', 'a@x.test', 'related-domain'],
    ['a@x.test', 'a@news.x.test', 'related-domain'],
    ['a@notx.test', 'a@x.test', 'other-domain'],
    ['bounce@esp.test', 'a@x.test', 'other-domain'],
  ])('MAIL FROM %s and From %s: %s', (mail, from, kind) => {
    expect(kinds(mail, ['b@y.test'], `From: ${from}`, 'To: b@y.test')).toEqual([[kind, from, mail]]);
  });

  test('the null sender and a missing From are told', () => {
    expect(kinds('', ['b@y.test'], 'From: a@x.test', 'To: b@y.test')).toEqual([['null-sender', 'a@x.test']]);
    expect(kinds('a@x.test', ['b@y.test'], 'To: b@y.test')).toEqual([['no-author']]);
    expect(kinds('a@x.test', ['b@y.test'], 'From: Ann', 'To: b@y.test')).toEqual([['no-author']]);
  });
});
