// The small words of which expectations are made: texts, numbers, and how many of a kind.
import * as z from 'zod';

const text = z.string().max(10_000);

/** Undefined where it is one. */
function patternProblem(pattern: string): string | undefined {
  try {
    void new RegExp(pattern, 'u');
    return undefined;
  } catch (error) {
    return `/${pattern}/ is no regular expression: ${(error as Error).message}. Within JSON each \\ is written twice.`;
  }
}

/** A text as it is expected. All that is given must hold. */
export const textMatch = z
  .union([
    text.describe('Exactly this.'),
    z
      .strictObject({
        equals: text.optional(),
        contains: z
          .union([text, z.array(text).min(1).max(50)])
          .optional()
          .describe('One text, or several: all of them.'),
        lacks: z
          .union([text, z.array(text).min(1).max(50)])
          .optional()
          .describe('What must not be in it.'),
        matches: z
          .string()
          .max(500)
          .superRefine((pattern, context) => {
            const problem = patternProblem(pattern);
            if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
          })
          .optional()
          .describe('A regular expression of JavaScript, with the flag u.'),
        ignoreCase: z.boolean().optional(),
      })
      .refine((given) => Object.keys(given).some((name) => name !== 'ignoreCase'), {
        message: 'needs equals, contains, lacks or matches',
      }),
  ])
  .meta({ id: 'TextMatch' });
export type TextMatch = z.infer<typeof textMatch>;

const whole = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** A number as it is expected: this one, or a range. */
export const numberMatch = z
  .union([
    whole.describe('Exactly so many.'),
    z
      .strictObject({ min: whole.optional(), max: whole.optional() })
      .refine(({ min, max }) => min !== undefined || max !== undefined, { message: 'needs min or max' }),
  ])
  .meta({ id: 'NumberMatch' });
export type NumberMatch = z.infer<typeof numberMatch>;

/** By name; null: there must be none of that name. */
export const fieldsMatch = z
  .record(z.string().min(1).max(200), textMatch.nullable())
  .refine((fields) => Object.keys(fields).length <= 50, { message: 'must not have more than 50 names' });
export type FieldsMatch = z.infer<typeof fieldsMatch>;
