// How much a test is to do: as much as fits into CI, or as much as was asked for (`npm run test:trust -- --cycles 200`).

export function effort(name: 'clients' | 'cycles' | 'cuts' | 'seeds' | 'minutes', usual: number): number {
  const asked = process.env[`TRUST_${name.toUpperCase()}`];
  if (asked === undefined) return usual;
  const count = Number(asked);
  if (!Number.isFinite(count) || count <= 0) throw new Error(`--${name} ${asked} is no positive number`);
  return count;
}

/** Time for a test that takes `usualMs` with the usual effort. */
export const timeFor = (name: Parameters<typeof effort>[0], usual: number, usualMs: number): number =>
  Math.max(usualMs, Math.ceil((usualMs * effort(name, usual)) / usual));
