// The schema of the one error body.
import * as z from 'zod';
import { errorStatus, type ErrorCode } from './errors.ts';

export const errorBody = z
  .object({
    error: z.object({
      code: z.enum(Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]]),
      message: z.string().describe('What happened and why.'),
      hint: z.string().nullable().describe('What to do about it.'),
      details: z.unknown().optional(),
    }),
  })
  .meta({ id: 'Error' });
