// What is tried very often: all of it in `npm run test:trust`, else a tenth, the same one each time.
const part = 10;
const isWhole = Boolean(process.env['TRUST']);

/** Of so many random ones. */
export const shareOf = (all: number): number => (isWhole ? all : all / part);

/** Of the cases of the `n`th group. */
export const someOf = <T>(cases: readonly T[], n: number): T[] =>
  cases.filter((_, index) => isWhole || (index + n) % part === 0);

/** One of them, by turns for the `n`th of several tests; in the trust suite all. */
export const oneOf = <T>(cases: readonly T[], n: number): T[] =>
  cases.filter((_, index) => isWhole || index === n % cases.length);
