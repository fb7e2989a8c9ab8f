// Public ids: a letter for the kind, then a ULID, so that they sort by time.
import { randomFillSync } from 'node:crypto';
import { monotonicFactory } from 'ulid';

// Asked of the system in bulk: one call for each character of each id was a measurable part of a message's time.
const pool = new Uint32Array(1024);
let next = pool.length;

function random(): number {
  if (next === pool.length) {
    randomFillSync(pool);
    next = 0;
  }
  return pool[next++]! / 2 ** 32;
}

const newUlid = monotonicFactory(random);

export const newMessageId = (): string => `m_${newUlid()}`;
export const newSessionId = (): string => `s_${newUlid()}`;
export const newTokenId = (): string => `t_${newUlid()}`;
export const newFaultId = (): string => `f_${newUlid()}`;
export const newIssueId = (): string => `i_${newUlid()}`;
