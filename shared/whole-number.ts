// The numbers of a query.
import * as z from 'zod';

const written = /^-?\d{1,15}(?:\.\d{1,15})?$/;

/** Written in digits: what else Number() takes, such as `0x10`, `1e1` and blanks, is more likely a mistake. */
export const wholeNumber = (least: number, most: number) =>
  z.preprocess(
    (given) => (typeof given === 'string' && !written.test(given) ? NaN : given),
    z.coerce.number().int().min(least).max(most),
  );
