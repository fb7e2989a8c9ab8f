// The calls about findings: those of a session or a message, the rules, and what an error text means.
import * as z from 'zod';
import { idOrLatest, viewQuery } from './call-input.ts';
import { errorMatch, finding, ruleSummary } from './finding.ts';
import { messageId } from './message.ts';
import { sessionId } from './session.ts';

export const findingCalls = {
  listRules: {
    summary: 'All rules by which sessions, messages and error texts are diagnosed',
    response: z.object({ items: z.array(ruleSummary) }),
  },
  readSessionFindings: {
    summary: 'What is wrong with a session, with evidence and what to do; the worst first',
    params: z.object({ id: idOrLatest(sessionId) }),
    query: viewQuery,
    response: z.object({ items: z.array(finding) }),
  },
  readMessageFindings: {
    summary: 'What is wrong with a message, with evidence and what to do; the worst first',
    params: z.object({ id: idOrLatest(messageId) }),
    query: viewQuery,
    response: z.object({ items: z.array(finding) }),
  },
  explainError: {
    summary: 'What the error that a program printed means, and what to do about it',
    body: z.strictObject({ text: z.string().min(1).max(20_000).describe('As the log has it.') }),
    response: z.object({ items: z.array(errorMatch).describe('The likeliest first, at most 10.') }),
  },
} as const;
