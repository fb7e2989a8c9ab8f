/** How many of so many random searches: all of them in `npm run test:trust`, else a fifth, the same ones each time. */
export const shareOf = (all: number): number => (process.env['TRUST'] ? all : all / 5);
