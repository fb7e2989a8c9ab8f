// A search as a tree of looks, each of which finds rows, and the order in which they are asked.
import { both, countOf, either, isEmpty, without, type Bits } from './bits.ts';
import type { Within } from './search-columns.ts';

/** What it takes to ask, more or less. */
export const costs = { number: 0, index: 1, text: 2, session: 2.2, words: 2.5, header: 4, read: 5 } as const;

export interface Look {
  type: 'look';
  /** What is asked first: the lower the sooner. */
  cost: number;
  /** All that there are within those given; others may be among them. */
  find(within: Within): Bits;
  /** How many of some rows it finds, where that is quickly told although it does not look only where it is told to. */
  share?(): number;
}
/** What a plan is carried out on. */
export interface Ground {
  /** All rows that there are. */
  all(): Bits;
  /** Some of them, see Columns. */
  some(): Bits;
}

export type Plan = Look | { type: 'and' | 'or'; of: Plan[] } | { type: 'not'; of: Plan };

export const not = (of: Plan): Plan => ({ type: 'not', of });

export const look = (cost: number, find: (within: Within) => Bits): Look => ({ type: 'look', cost, find });

function costOf(plan: Plan): number {
  if (plan.type === 'look') return plan.cost;
  if (plan.type === 'not') return costOf(plan.of) + 0.5;
  return Math.max(0, ...plan.of.map(costOf));
}

/** Those that look only where they are told to. */
const sampled = new Set<number>([costs.number, costs.text, costs.session]);

/** How many of some rows it finds, where that is quickly told. */
function shareOf(plan: Plan, some: () => Bits, isEach: boolean): number {
  if (plan.type === 'not') return 1 - shareOf(plan.of, some, isEach);
  if (plan.type !== 'look') return 0;
  // Of any of many such looks all are mostly needed, and to ask first would only add to it.
  if (plan.share !== undefined) return isEach ? plan.share() : 0;
  if (!sampled.has(plan.cost)) return 0;
  const sample = some();
  return countOf(both(plan.find(sample), sample)) / Math.max(1, countOf(sample));
}

/** What costs little comes first, and of that what leaves the least to be looked at. */
function inOrder({ type, of }: Plan & { of: Plan[] }, { some }: Ground): Plan[] {
  const isEach = type === 'and';
  return of
    .map((plan) => {
      const cost = costOf(plan);
      const share = of.length > 1 ? shareOf(plan, some, isEach) : 0;
      return { plan, cost: cost + (isEach ? share : 1 - share) };
    })
    .sort((a, b) => a.cost - b.cost)
    .map(({ plan }) => plan);
}

export const narrowed = (within: Within, found: Bits): Bits =>
  within === null ? found : both(within, found);

/** The rows for which the plan holds: of those within, or of all. */
export function carryOut(plan: Plan, within: Within, ground: Ground): Bits {
  if (plan.type === 'look') {
    return narrowed(within, plan.find(within));
  }
  if (plan.type === 'not') {
    const of = within ?? ground.all();
    return without(of, carryOut(plan.of, of, ground));
  }
  const ordered = inOrder(plan, ground);
  return plan.type === 'and' ? inAll(ordered, within, ground) : inAny(ordered, within, ground);
}

function inAll(plans: Plan[], within: Within, ground: Ground): Bits {
  let left = within;
  for (const plan of plans) {
    left = carryOut(plan, left, ground);
    if (isEmpty(left)) return left;
  }
  return left ?? ground.all();
}

function inAny(plans: Plan[], within: Within, ground: Ground): Bits {
  let found: Bits | null = null;
  let left = within;
  for (const plan of plans) {
    const some = carryOut(plan, left, ground);
    found = found === null ? some : either(found, some);
    if (left === null) continue;
    left = without(left, some);
    if (isEmpty(left)) break;
  }
  return found ?? without(ground.all(), ground.all());
}
