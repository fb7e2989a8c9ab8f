// A search as a tree of looks, each of which finds rows, and the order in which they are asked.
import { both, either, isEmpty, without, type Bits } from './bits.ts';
import type { Within } from './search-columns.ts';

export interface Look {
  type: 'look';
  /** What is asked first: the lower the sooner. */
  cost: number;
  /** All that there are within those given; others may be among them. */
  find(within: Within): Bits;
}
export type Plan = Look | { type: 'and' | 'or'; of: Plan[] } | { type: 'not'; of: Plan };

export const look = (cost: number, find: (within: Within) => Bits): Look => ({ type: 'look', cost, find });

function costOf(plan: Plan): number {
  if (plan.type === 'look') return plan.cost;
  if (plan.type === 'not') return costOf(plan.of) + 0.5;
  return Math.max(0, ...plan.of.map(costOf));
}

/** The rows for which the plan holds: of those within, or of all. */
export function carryOut(plan: Plan, within: Within, all: () => Bits): Bits {
  if (plan.type === 'look') {
    const found = plan.find(within);
    return within === null ? found : both(found, within);
  }
  if (plan.type === 'not') {
    const of = within ?? all();
    return without(of, carryOut(plan.of, of, all));
  }
  const ordered = plan.of.toSorted((a, b) => costOf(a) - costOf(b));
  return plan.type === 'and' ? inAll(ordered, within, all) : inAny(ordered, within, all);
}

function inAll(plans: Plan[], within: Within, all: () => Bits): Bits {
  let left = within;
  for (const plan of plans) {
    left = carryOut(plan, left, all);
    if (isEmpty(left)) return left;
  }
  return left ?? all();
}

function inAny(plans: Plan[], within: Within, all: () => Bits): Bits {
  let found: Bits | null = null;
  let left = within;
  for (const plan of plans) {
    const some = carryOut(plan, left, all);
    found = found === null ? some : either(found, some);
    if (left === null) continue;
    left = without(left, some);
    if (isEmpty(left)) break;
  }
  return found ?? without(all(), all());
}
