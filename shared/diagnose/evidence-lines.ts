// The lines of the transcript that evidence stands on; what stands on none may be about any transaction.
import type { Evidence } from '../finding.ts';

export const linesOf = (one: Evidence): number[] => {
  if (one.kind === 'line') return one.to === undefined ? [one.n] : [one.n, one.to];
  return one.kind === 'absence' && one.after !== null ? [one.after] : [];
};
