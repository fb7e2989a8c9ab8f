// Decides which fault a moment of a session meets: the first rule that matches and whose turn it is. Without effects
// but its own counters.
import { createHash } from 'node:crypto';
import { parseBounceAddress } from '../../shared/bounce-address.ts';
import { explainFault } from '../../shared/explain-fault.ts';
import { faultTimes, type FaultRule, type FaultTimes, type FaultWhen } from '../../shared/fault.ts';
import type { FaultFacts, SimulatedFault } from '../../shared/fault-moment.ts';
import type { FaultStage } from '../../shared/fault-stages.ts';
import { nowUs } from '../clock.ts';
import { Counting } from './counting.ts';
import { fill } from './fill.ts';
import { createMatcher } from './pattern.ts';

export type RuleWithId = FaultRule & { id: string };

export interface FaultEngine {
  /** The rules from now on, in order. Those whose object is the same count on. */
  set(rules: readonly RuleWithId[]): void;
  /** Whether `decide` could answer at this stage at all; cheap, so that facts need not be gathered for nothing. */
  awaits(stage: FaultStage): boolean;
  /** Counts the moment. What waits for `afterBytes` is applied once it is `due`. */
  decide(stage: FaultStage, facts: FaultFacts): SimulatedFault | null;
  /** As many bytes have come as a decision waits for. */
  due(decision: SimulatedFault): void;
  /** They do not come, so that the rule may meet another moment in its place. Nothing where it was due. */
  giveBack(decision: SimulatedFault): void;
  /** How often a rule was applied, and when last. */
  applied(id: string): { applied: number; atUs: number | null };
}

export interface FaultEngineOptions {
  /** Recipients such as bounce+550-5.1.1@example.com are answered as they ask for. */
  bounceAddresses: boolean;
  onApplied(id: string, sessionId: string, applied: number, atUs: number): void;
}

export const bounceAddressId = 'bounce-address';

interface Armed {
  rule: RuleWithId;
  matches(facts: FaultFacts): boolean;
  counting: Counting;
  applied: number;
  atUs: number | null;
}

export function createFaultEngine({ bounceAddresses, onApplied }: FaultEngineOptions): FaultEngine {
  let armed = new Map<string, Armed>();
  let byStage = new Map<FaultStage, Armed[]>();
  const waiting = new WeakMap<SimulatedFault, { one: Armed; key: string; sessionId: string }>();
  const apply = (one: Armed, sessionId: string): void => {
    one.applied++;
    one.atUs = nowUs();
    onApplied(one.rule.id, sessionId, one.applied, one.atUs);
  };
  return {
    set(rules) {
      armed = new Map(
        rules.map((rule) => {
          const before = armed.get(rule.id);
          return [rule.id, before?.rule === rule ? before : arm(rule)] as const;
        }),
      );
      byStage = new Map();
      for (const one of armed.values()) {
        const { enabled, stage } = one.rule;
        if (enabled) byStage.set(stage, [...(byStage.get(stage) ?? []), one]);
      }
    },
    awaits: (stage) => byStage.has(stage) || (bounceAddresses && stage === 'rcpt'),
    decide(stage, facts) {
      for (const one of byStage.get(stage) ?? []) {
        if (!one.matches(facts)) continue;
        const key = keyOf(one.rule.times.per, facts);
        if (!one.counting.take(key)) continue;
        const decision = decisionOf(one.rule, facts);
        const { sessionId } = facts;
        if (decision.afterBytes === null) apply(one, sessionId);
        else waiting.set(decision, { one, key, sessionId });
        return decision;
      }
      return bounceAddresses && stage === 'rcpt' ? askedFor(facts.to[0] ?? '') : null;
    },
    due(decision) {
      const found = waiting.get(decision);
      waiting.delete(decision);
      // A rule that was changed meanwhile counts from none.
      if (found && armed.get(decision.id) === found.one) apply(found.one, found.sessionId);
    },
    giveBack(decision) {
      const found = waiting.get(decision);
      waiting.delete(decision);
      found?.one.counting.giveBack(found.key);
    },
    applied(id) {
      const one = armed.get(id);
      return { applied: one?.applied ?? 0, atUs: one?.atUs ?? null };
    },
  };
}

const arm = (rule: RuleWithId): Armed => ({
  rule,
  matches: createConditions(rule.when),
  counting: new Counting(rule.times),
  applied: 0,
  atUs: null,
});

/** What is not known does not match. */
function createConditions(when: FaultWhen): (facts: FaultFacts) => boolean {
  const conditions: ((facts: FaultFacts) => boolean)[] = [];
  for (const fact of ['ip', 'listener', 'client', 'user', 'from'] as const) {
    if (when[fact] === undefined) continue;
    const matches = createMatcher(when[fact]);
    conditions.push(({ [fact]: value }) => value !== null && matches(value));
  }
  const { to, largerThan } = when;
  if (to !== undefined) {
    const matches = createMatcher(to);
    conditions.push((facts) => facts.to.some(matches));
  }
  if (largerThan !== undefined) conditions.push(({ size }) => size !== null && size > largerThan);
  return (facts) => conditions.every((holds) => holds(facts));
}

const keys: Record<FaultTimes['per'], (facts: FaultFacts) => string> = {
  rule: () => '',
  session: ({ sessionId }) => sessionId,
  transaction: ({ sessionId, transaction }) => `${sessionId} ${transaction ?? ''}`,
  ip: ({ ip }) => ip,
  user: ({ user }) => user ?? '',
  from: ({ from }) => from ?? '',
  to: ({ to }) => to.join(),
  triplet: ({ ip, from, to }) => `${ip} ${from} ${to.join()}`,
};

/** Many keys are kept, and a message may have thousands of recipients. */
const maxKey = 500;
function keyOf(per: FaultTimes['per'], facts: FaultFacts): string {
  const key = keys[per](facts).toLowerCase();
  return key.length > maxKey ? createHash('sha256').update(key).digest('hex') : key;
}

const always = faultTimes.parse({});

function decisionOf(rule: RuleWithId, facts: FaultFacts): SimulatedFault {
  const { id, name, stage, delay, then, afterBytes, without } = rule;
  const reply = rule.reply && { ...rule.reply, text: fill(rule.reply.text, facts) };
  // Whom it meets and how often is no part of what is done.
  const text = explainFault({ ...rule, reply, when: {}, times: always });
  return { id, name, stage, text, delayMs: delay, reply, then, afterBytes, without };
}

function askedFor(address: string): SimulatedFault | null {
  const reply = parseBounceAddress(address);
  if (!reply) return null;
  const { code, enhanced } = reply;
  return {
    id: bounceAddressId,
    name: null,
    stage: 'rcpt',
    text: `RCPT TO is answered ${[code, enhanced, reply.text].filter(Boolean).join(' ')}, which the address asks for.`,
    delayMs: 0,
    reply,
    then: 'continue',
    afterBytes: null,
    without: [],
  };
}
