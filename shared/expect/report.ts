// What POST /api/expect answers: each condition with what was found and where it can be seen.
import * as z from 'zod';
import { failedSession } from '../wait.ts';

export const evidence = z
  .object({
    messageId: z.string().nullable(),
    sessionId: z.string().nullable(),
    text: z.string().describe('What was found there.'),
    lines: z
      .array(z.object({ n: z.int(), from: z.enum(['client', 'server']).nullable(), text: z.string() }))
      .describe('Of the transcript of the session, at most 10.'),
  })
  .meta({ id: 'Evidence' });

export const conditionReport = z
  .object({
    path: z.string().describe('Of the condition, e.g. `messages.0.html.1`.'),
    name: z.string().nullable().describe('Of the expectation that it belongs to.'),
    text: z.string().describe('The condition as a sentence.'),
    held: z.boolean(),
    pending: z.boolean().describe('Not held because a message is not parsed yet or a session still runs.'),
    found: z.string().describe('What was found, as a sentence.'),
    evidence: z.array(evidence).describe('Where it failed; where it held, what it held for. At most 5.'),
  })
  .meta({ id: 'ConditionReport' });
export type ConditionReport = z.infer<typeof conditionReport>;

export const expectationReport = z
  .object({
    held: z.boolean().describe('All conditions held.'),
    conditions: z.array(conditionReport),
    failedSessions: z
      .array(failedSession)
      .describe('Where something did not hold: sessions since `after` that brought no message, at most 5.'),
    cursor: z.string(),
    waitedMs: z.int(),
  })
  .meta({ id: 'ExpectationReport' });
export type ExpectationReport = z.infer<typeof expectationReport>;
