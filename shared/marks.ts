// What a call can change of a message.
import * as z from 'zod';

const tags = z
  .array(
    z
      .string()
      .trim()
      .min(1)
      .max(64)
      .regex(/^[^\p{Cc}\p{Surrogate}]*$/u, 'must not hold control characters'),
  )
  .max(100)
  .describe('A message has at most 100; what is added beyond is left out.');
export const marks = {
  read: z.boolean().optional(),
  pinned: z.boolean().optional(),
  tags: tags.optional().describe('All tags from now on, at most 100.'),
};
/** Of several messages: tags can be added and taken away too. */
export const changes = { ...marks, addTags: tags.optional(), removeTags: tags.optional() };
