// How far back the steps of a search look: first a little, as most searches find enough among the newest, then farther.

export const firstSpan = 4096;
const mostSpan = 262_144;

export const nextSpan = (span: number): number => Math.min(mostSpan, span * 8);
