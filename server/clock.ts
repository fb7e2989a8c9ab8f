// Micro-seconds since 1970 that never go back within the process, whatever is done to the wall clock.
const originUs = Math.round(performance.timeOrigin * 1000);

export const nowUs = (): number => originUs + Math.round(performance.now() * 1000);
export const isoOf = (us: number): string => new Date(Math.floor(us / 1000)).toISOString();
