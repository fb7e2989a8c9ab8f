// Waiting for messages and sessions: what a wait takes, what it answers, and what it says when nothing came.
import * as z from 'zod';
import { inboxName } from './inbox.ts';
import { messageSummary } from './message.ts';
import { sessionSummary } from './session.ts';
import { parseDuration } from './units.ts';
import { waitLimits } from './wait-limits.ts';
import { wholeNumber } from './whole-number.ts';

/** `300ms`, `8s`, `2m`, or a number of milliseconds; at most five minutes. */
export const timeout = z.union([z.string().max(20), z.number()]).transform((given, context) => {
  const ms = typeof given === 'number' ? given : parseDuration(given);
  if (ms !== undefined && Number.isFinite(ms) && ms >= 0 && ms <= waitLimits.timeoutMs) return Math.round(ms);
  context.addIssue({
    code: 'custom',
    message: 'must be a time from 0 to 5m, such as 300ms, 8s, 2m, or a number of milliseconds',
  });
  return z.NEVER;
});

export const after = z
  .string()
  .max(200)
  .describe(
    'Only what comes after this: a cursor (header Mailscope-Cursor of any answer) or an ISO time. ' +
      'Without it what is stored already counts too.',
  );

/** Of each call that can be about one inbox. */
export const inView = { inbox: inboxName.optional().describe('Only what is in this inbox, as it is there.') };

const common = {
  ...inView,
  after: after.optional(),
  count: wholeNumber(1, waitLimits.count).optional().describe('At least so many. Default: 1.'),
  timeout: timeout.default(waitLimits.defaultTimeoutMs).describe('How long to wait. Default: 10s.'),
  none: z
    .stringbool()
    .optional()
    .describe('The opposite: none may come in the whole time. Fails at once when one does.'),
};

/** The `query` of a wait: these and the search. */
export const waitQuery = (query: z.ZodString) =>
  z
    .strictObject({ query: query.optional(), ...common })
    .refine(({ none, count }) => !(none && count !== undefined), {
      path: ['count'],
      message: 'makes no sense together with none',
    });

const answer = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item).describe('All that match by now, newest first; none for `none`.'),
    cursor: z.string().describe('For `after` of the next wait: what comes behind the newest of the items.'),
    waitedMs: z.int(),
  });
export const messageWaitAnswer = answer(messageSummary);
export const sessionWaitAnswer = answer(sessionSummary);

/** A part of the query that did not hold. */
export const failedTerm = z
  .object({
    term: z.string().describe('As it was written.'),
    start: z.int().describe('Where it stands in the query, in UTF-16 units.'),
    end: z.int(),
    text: z.string().describe('What was found instead, as a sentence.'),
  })
  .meta({ id: 'FailedTerm' });
export type FailedTerm = z.infer<typeof failedTerm>;

export const miss = z
  .object({
    id: z.string(),
    title: z.string().describe('Subject and recipients of a message; client and outcome of a session.'),
    held: z.int().describe('So many parts of the query held'),
    of: z.int().describe('of so many.'),
    failed: z.array(failedTerm),
    pending: z.boolean().describe('Not parsed yet, or still running: it may come to match.'),
  })
  .meta({ id: 'Miss' });
export type Miss = z.infer<typeof miss>;

export const failedSession = z
  .object({ id: z.string(), outcome: z.string(), text: z.string() })
  .meta({ id: 'FailedSession' });
export type FailedSession = z.infer<typeof failedSession>;

/** `details` of `wait_timed_out`, `unexpected_message` and `unexpected_session`. */
export const waitFailure = z
  .object({
    query: z.string(),
    waitedMs: z.int(),
    cursor: z.string(),
    items: z
      .array(z.union([messageSummary, sessionSummary]))
      .describe('Those that matched, too few or too many.'),
    arrived: z
      .array(z.object({ id: z.string(), at: z.string(), title: z.string() }))
      .describe(
        `The newest since \`after\`, without it of all, matching or not; at most ${waitLimits.arrived}.`,
      ),
    misses: z.array(miss).describe('Those of them that came nearest, at most 5.'),
    failedSessions: z
      .array(failedSession)
      .describe('Sessions since `after` that brought no message, at most 5.'),
  })
  .meta({ id: 'WaitFailure' });
export type WaitFailure = z.infer<typeof waitFailure>;
