// How far back the steps of a search look: first a little, as most searches find enough among the newest, then farther.

export const firstSpan = 4096;
/** Where each message has to be looked at. */
export const firstReadSpan = 512;
const mostSpan = 262_144;

export const nextSpan = (span: number): number => Math.min(mostSpan, span * 8);

/** Where the full-text index answers alone, what a step takes goes by what it finds: after nothing it looks at all at once. */
export const nextSpanOfWords = (span: number, found: number): number =>
  found === 0 ? 2 * mostSpan : Math.min(2 * mostSpan, span * 32);
