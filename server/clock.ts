// Micro-seconds since 1970 that never go back within the process, whatever is done to the wall clock.

/** A wall clock that is this much ahead was set forward, or the machine slept: on Linux the steady clock slept, too. */
const aheadUs = 100_000;

/** `steadyMs` never goes back, `wallMs` is what the machine takes for the time. */
export function createClock(steadyMs: () => number, wallMs: () => number): () => number {
  let originUs = Math.round((wallMs() - steadyMs()) * 1000);
  return () => {
    const us = originUs + Math.round(steadyMs() * 1000);
    const behindUs = Math.round(wallMs() * 1000) - us;
    if (behindUs < aheadUs) return us;
    originUs += behindUs;
    return us + behindUs;
  };
}

export const nowUs = createClock(
  () => performance.now(),
  () => Date.now(),
);

/** How much older mail may become between two looks at its age. */
const agingUs = 60_000_000;

/** By the wall clock, which may go back: a leap that was set right again takes no mail. */
const setUs = (): number => Math.min(nowUs(), Date.now() * 1000);

/** Now, but after a leap only step by step, so that a clock that was set wrong does not take all mail at once. */
export function createAging(now: () => number = setUs): () => number {
  let atUs = now();
  return () => (atUs = Math.min(now(), atUs + agingUs));
}

/** For spans of time: it stands still while the machine sleeps, and nobody can set it. */
export const steadyUs = (): number => Math.round(performance.now() * 1000);

export const isoOf = (us: number): string => new Date(Math.floor(us / 1000)).toISOString();
