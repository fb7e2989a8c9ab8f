// What several calls are given.
import * as z from 'zod';
import { inView } from './wait.ts';
import { wholeNumber } from './whole-number.ts';

export const idOrLatest = <T extends z.ZodType>(id: T) => z.union([id, z.literal('latest')]);
export const limit = wholeNumber(1, 500).default(50).describe('Items of a page.');
export const cursor = z.string().max(200).optional().describe('`nextCursor` of the page before.');
export const viewQuery = z.strictObject(inView);
