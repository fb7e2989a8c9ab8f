// The calls about issues.
import * as z from 'zod';
import { cursor, limit } from './call-input.ts';
import { changed } from './deletions.ts';
import { severity } from './finding.ts';
import { issue, issueChanges, issueId, issueState } from './issue.ts';

const oneIssue = z.object({ id: issueId });

export const issueCalls = {
  listIssues: {
    summary: 'Problems that were found, each with how often and what was decided; the last seen first',
    query: z.strictObject({
      state: issueState.optional(),
      severity: severity.optional().describe('This, or worse.'),
      rule: z.string().max(100).optional(),
      limit,
      cursor,
    }),
    response: z.object({ items: z.array(issue), nextCursor: z.string().nullable() }),
  },
  readIssue: { summary: 'One issue', params: oneIssue, response: issue },
  changeIssue: {
    summary: 'Acknowledge, resolve, mute or open an issue, or write a note to it',
    params: oneIssue,
    body: issueChanges,
    response: issue,
  },
  deleteIssue: {
    summary: 'Forget an issue; found again, it is a new one',
    params: oneIssue,
    response: changed,
  },
  deleteIssues: {
    summary: 'Forget issues',
    body: z.union([
      z.strictObject({ ids: z.array(issueId).min(1).max(1000) }),
      z.strictObject({ all: z.literal(true) }),
    ]),
    response: changed,
  },
} as const;
