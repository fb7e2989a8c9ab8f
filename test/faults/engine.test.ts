// Which fault a moment meets: matching, counting, drawing, and the texts that are made of it.
import { describe, expect, test } from 'vitest';
import { createFaultEngine, type RuleWithId } from '../../server/faults/engine.ts';
import type { FaultFacts } from '../../shared/fault-moment.ts';
import { faultRule } from '../../shared/fault.ts';

let ids = 0;
const rule = (given: Record<string, unknown>): RuleWithId => ({
  id: `f_${++ids}`,
  ...faultRule.parse({
    name: null,
    enabled: true,
    stage: 'rcpt',
    when: {},
    times: {},
    delay: 0,
    reply: { code: 450, text: 'later' },
    then: 'continue',
    afterBytes: null,
    without: [],
    ...given,
  }),
});

const facts = (more: Partial<FaultFacts> = {}): FaultFacts => ({
  sessionId: 's_1',
  transaction: 1,
  ip: '127.0.0.1',
  listener: 'smtp',
  client: 'client.test',
  user: null,
  from: 'ann@a.test',
  to: ['bob@b.test'],
  size: 1000,
  ...more,
});

function engineWith(...rules: RuleWithId[]) {
  const told: [string, string, number][] = [];
  const engine = createFaultEngine({
    bounceAddresses: true,
    onApplied: (id, sessionId, applied) => told.push([id, sessionId, applied]),
  });
  engine.set(rules);
  return { ...engine, told };
}

/** For how many of so many moments the rule was applied, as a row of 0 and 1. */
const rowOf = (times: Record<string, unknown>, count: number, at = facts()): string => {
  const { decide } = engineWith(rule({ times }));
  return Array.from({ length: count }, () => (decide('rcpt', at) ? 1 : 0)).join('');
};

test('what waits for bytes is applied once they have come, and given back where they do not', () => {
  const one = rule({ stage: 'data', reply: null, then: 'close', afterBytes: 500, times: { count: 1 } });
  const { decide, due, giveBack, applied, told } = engineWith(one);
  const first = decide('data', facts())!;
  expect(decide('data', facts())).toBeNull();
  giveBack(first);
  due(first);
  expect(told).toEqual([]);
  const second = decide('data', facts())!;
  due(second);
  giveBack(second);
  expect(told).toEqual([[one.id, 's_1', 1]]);
  expect(applied(one.id).applied).toBe(1);
  expect(decide('data', facts())).toBeNull();
});

describe('matching', () => {
  const matches = (when: Record<string, unknown>, more: Partial<FaultFacts> = {}, stage = 'message') =>
    engineWith(rule({ stage, when })).decide(stage as 'message', facts(more)) !== null;

  test.each([
    [{ to: 'bob@b.test' }, {}, true],
    [{ to: 'BOB@B.test' }, {}, true],
    [{ to: '*@b.test' }, { to: ['x@c.test', 'Y@B.TEST'] }, true],
    [{ to: '*@b.test' }, { to: ['x@b.test.example'] }, false],
    [{ to: '*' }, { to: [] }, false],
    [{ to: ['x@*', '*+bounce@*'] }, { to: ['ann+bounce@a.test'] }, true],
    [{ to: 'a.c@b.test' }, { to: ['abc@b.test'] }, false],
    [{ from: 'ann@*', to: '*@c.test' }, {}, false],
    [{ from: '*' }, { from: '' }, true],
    [{ from: 'ann@a.test' }, { from: null }, false],
    [{ user: '*' }, {}, false],
    [{ user: 'ann' }, { user: 'Ann' }, true],
    [{ client: '*.test' }, {}, true],
    [{ ip: '127.*' }, {}, true],
    [{ listener: ['smtps', 'submission'] }, {}, false],
    [{ largerThan: 999 }, {}, true],
    [{ largerThan: 1000 }, {}, false],
    [{ largerThan: 0 }, { size: null }, false],
  ])('%j of %j: %s', (when, more, expected) => expect(matches(when, more)).toBe(expected));

  test('a rule for another stage, and one that is turned off, are not applied', () => {
    const engine = engineWith(rule({ enabled: false }), rule({ stage: 'mail' }));
    expect(engine.decide('rcpt', facts())).toBeNull();
    expect(engine.awaits('mail')).toBe(true);
    expect(engine.awaits('data')).toBe(false);
  });

  test('a pattern of many stars is matched in a moment against a text that nearly matches', () => {
    expect(matches({ client: '*a'.repeat(150) + 'b' }, { client: 'a'.repeat(2000) })).toBe(false);
  });

  test('the first rule wins, and one whose turn it is not leaves the moment to the next', () => {
    const [first, second] = [rule({ times: { count: 1 } }), rule({})];
    const engine = engineWith(first, second);
    const met = [1, 2].map(() => engine.decide('rcpt', facts())?.id);
    expect(met).toEqual([first.id, second.id]);
    expect(engine.applied(second.id).applied).toBe(1);
  });
});

describe('counting', () => {
  test('skip, every and count', () => {
    expect(rowOf({ count: 2 }, 5)).toBe('11000');
    expect(rowOf({ skip: 2 }, 5)).toBe('00111');
    expect(rowOf({ every: 3 }, 7)).toBe('0010010');
    expect(rowOf({ skip: 1, every: 2, count: 2 }, 8)).toBe('00101000');
  });

  test('chance draws the same moments for the same seed, others for another, and about as many as it says', () => {
    const row = rowOf({ chance: 25, seed: 7 }, 1000);
    expect(rowOf({ chance: 25, seed: 7 }, 1000)).toBe(row);
    expect(rowOf({ chance: 25, seed: 8 }, 1000)).not.toBe(row);
    expect(row.replaceAll('0', '').length).toBeGreaterThan(200);
    expect(row.replaceAll('0', '').length).toBeLessThan(300);
  });

  test('as greylisting counts: once for each client address, sender and recipient, whatever their case', () => {
    const { decide } = engineWith(rule({ times: { count: 1, per: 'triplet' } }));
    const meets = (more: Partial<FaultFacts>): boolean => decide('rcpt', facts(more)) !== null;
    expect(meets({})).toBe(true);
    expect(meets({ from: 'ANN@a.test' })).toBe(false);
    expect(meets({ to: ['eve@b.test'] })).toBe(true);
    expect(meets({ ip: '::1' })).toBe(true);
    expect(meets({})).toBe(false);
  });

  test.each([
    ['session', { sessionId: 's_other' }],
    ['transaction', { transaction: 2 }],
    ['transaction', { sessionId: 's_other' }],
    ['ip', { ip: '10.0.0.1' }],
    ['user', { user: 'ann' }],
    ['from', { from: null }],
    ['to', { to: ['x'.repeat(600)] }],
  ])('counts apart for each %s', (per, more) => {
    const { decide } = engineWith(rule({ times: { count: 1, per } }));
    const row = [facts(), facts(), facts(more), facts(more)].map((at) => decide('rcpt', at) !== null);
    expect(row).toEqual([true, false, true, false]);
  });

  test('ten thousand keys are kept; then the one that was longest not seen is forgotten', () => {
    const { decide } = engineWith(rule({ times: { count: 1, per: 'to' } }));
    const meets = (n: number): boolean => decide('rcpt', facts({ to: [`${n}@b.test`] })) !== null;
    for (let n = 0; n < 10_000; n++) meets(n);
    expect(meets(0)).toBe(false);
    expect(meets(10_000)).toBe(true);
    expect(meets(0)).toBe(false);
    expect(meets(1)).toBe(true);
  });

  test('who asks is told how often and when, and each application is told once', () => {
    const one = rule({});
    const engine = engineWith(one);
    expect(engine.applied(one.id)).toEqual({ applied: 0, atUs: null });
    engine.decide('rcpt', facts());
    engine.decide('rcpt', facts({ sessionId: 's_2' }));
    expect(engine.applied(one.id)).toEqual({ applied: 2, atUs: expect.any(Number) });
    expect(engine.told).toEqual([
      [one.id, 's_1', 1],
      [one.id, 's_2', 2],
    ]);
    expect(engine.applied('f_none')).toEqual({ applied: 0, atUs: null });
  });

  test('a change of other rules leaves the count; a changed rule counts from the start', () => {
    const one = rule({ times: { count: 1 } });
    const engine = engineWith(one);
    engine.decide('rcpt', facts());
    engine.set([rule({ stage: 'mail' }), one]);
    expect(engine.decide('rcpt', facts())).toBeNull();
    engine.set([{ ...one }]);
    expect(engine.applied(one.id).applied).toBe(0);
    expect(engine.decide('rcpt', facts())).not.toBeNull();
  });
});

describe('what is done', () => {
  test('a decision has all of the rule, and says as a sentence what is done', () => {
    const one = rule({
      name: 'full',
      when: { to: '*' },
      times: { count: 3 },
      delay: '2s',
      reply: { code: 452, enhanced: '4.2.2', text: 'The box of {rcpt} is full' },
      then: 'close',
    });
    expect(engineWith(one).decide('rcpt', facts())).toEqual({
      id: one.id,
      name: 'full',
      stage: 'rcpt',
      text: 'RCPT TO is answered 452 4.2.2 The box of bob@b.test is full after 2 s, then the connection is closed.',
      delayMs: 2000,
      reply: { code: 452, enhanced: '4.2.2', text: 'The box of bob@b.test is full' },
      then: 'close',
      afterBytes: null,
      without: [],
    });
  });

  const told = (text: string, more: Partial<FaultFacts> = {}): string | undefined =>
    engineWith(rule({ reply: { code: 550, text } })).decide('rcpt', facts(more))?.reply?.text;

  test('a template has the facts of the session, and what is no fact stays', () => {
    expect(told('{from} {rcpt} {domain} {ip} {client}')).toBe(
      'ann@a.test bob@b.test a.test 127.0.0.1 client.test',
    );
    expect(told('{from}<{domain}>', { from: '' })).toBe('<>');
    expect(told('{client} {from} {rcpt} {domain}', { client: null, from: null, to: [] })).toBe(
      'unknown unknown unknown unknown',
    );
    expect(told('{queue} {} {RCPT} {constructor}')).toBe('{queue} {} {RCPT} {constructor}');
  });

  test('a value of the client cannot end the line of the reply, nor put more than ASCII into it', () => {
    expect(told('no {client}', { client: 'a\r\n250 ok\u2028ä' })).toBe('no a??250 ok??');
    expect(told('{client}', { client: 'x'.repeat(2000) })).toHaveLength(254);
  });
});

describe('addresses that ask for their reply', () => {
  test('are answered so without any rule, and count for none', () => {
    const engine = engineWith();
    const found = engine.decide('rcpt', facts({ to: ['bounce+550-5.1.1+no-such-user@any.test'] }));
    expect(found).toMatchObject({
      id: 'bounce-address',
      reply: { code: 550, enhanced: '5.1.1', text: 'no such user' },
      text: 'RCPT TO is answered 550 5.1.1 no such user, which the address asks for.',
      then: 'continue',
    });
    expect(engine.told).toEqual([]);
    expect(engine.awaits('rcpt')).toBe(true);
    expect(engine.decide('rcpt', facts())).toBeNull();
    expect(engine.decide('rcpt', facts({ to: [] }))).toBeNull();
  });

  test('a rule comes before them, and they can be turned off', () => {
    const one = rule({});
    const to = ['bounce+550@any.test'];
    expect(engineWith(one).decide('rcpt', facts({ to }))?.id).toBe(one.id);
    const off = createFaultEngine({ bounceAddresses: false, onApplied() {} });
    expect(off.awaits('rcpt')).toBe(false);
    expect(off.decide('rcpt', facts({ to }))).toBeNull();
  });
});
