// An issue: the findings of one fingerprint over time, with what people decided about it.
import * as z from 'zod';
import { findingStage, severity } from './finding.ts';
import { messageId } from './message.ts';
import { sessionId } from './session.ts';

export const issueId = z
  .string()
  .regex(/^i_[A-Za-z0-9_-]{1,62}$/)
  .meta({ id: 'IssueId' });

export const issueState = z.enum(['open', 'acknowledged', 'resolved', 'muted']).meta({
  id: 'IssueState',
  description: [
    '- `open`: nobody has looked at it yet.',
    '- `acknowledged`: known, and still there.',
    '- `resolved`: mended. Found again, it is open again, and `reopened` counts that.',
    '- `muted`: of no interest. It goes on being counted and stays muted.',
  ].join('\n'),
});
export type IssueState = z.infer<typeof issueState>;

export const issue = z
  .object({
    id: issueId,
    fingerprint: z.string(),
    rule: z.string(),
    title: z.string().describe('Of the rule.'),
    stage: findingStage,
    severity: severity.describe('The worst that it was found with.'),
    subject: z
      .string()
      .describe(
        'Whom it is about: of a session the name in EHLO, else the address; of a message the domain of its From.',
      ),
    text: z
      .string()
      .describe(
        'What it means, in the words of the rule. What was seen is told by the findings of the session or message.',
      ),
    state: issueState,
    note: z.string().describe('What people wrote about it, e.g. how it was mended. May be empty.'),
    count: z.int().positive().describe('In how many sessions or messages it was found.'),
    reopened: z.int().nonnegative().describe('How often it came back after it was resolved.'),
    firstSeenAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
    sessionId: sessionId.nullable().describe('Where it was found last; null where that is no session.'),
    messageId: messageId.nullable(),
    resolvedAt: z.iso.datetime().optional().describe('When it was resolved last. Absent: never.'),
    changedAt: z.iso.datetime().nullable().describe('When state or note were changed last.'),
  })
  .meta({ id: 'Issue' });
export type Issue = z.infer<typeof issue>;

export const mostNote = 10_000;
export const issueChanges = z
  .strictObject({ state: issueState.optional(), note: z.string().max(mostNote).optional() })
  .meta({ id: 'IssueChanges' });
export type IssueChanges = z.infer<typeof issueChanges>;
