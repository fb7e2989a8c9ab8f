// How far back the steps of a search look: first a little, as most searches find enough among the newest, then farther.

export const firstSpan = 4096;
/** Where each message has to be looked at. */
export const firstReadSpan = 512;
const mostSpan = 262_144;

export const nextSpan = (span: number): number => Math.min(mostSpan, span * 8);

/**
 * Where the full-text index answers alone, what a step takes goes by what it finds: after nothing it looks at all at
 * once, but of a common word no farther than `distance`, where there are enough, or than from step to step anyhow.
 */
export function nextSpanOfWords(span: number, found: number, distance: number | null): number {
  const widest = found === 0 ? 2 * mostSpan : Math.min(2 * mostSpan, span * 32);
  return distance === null ? widest : Math.min(widest, Math.max(distance, nextSpan(span)));
}
