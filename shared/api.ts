// The contract: input, output and summary of every call of shared/routes.ts. Server, documents and types read it.
import * as z from 'zod';
import { cursor, idOrLatest, limit, viewQuery } from './call-input.ts';
import { byAll, byIds, changed, deletionCalls } from './deletions.ts';
import { durableEvent } from './events.ts';
import { expectation } from './expect/expectation.ts';
import { expectationReport } from './expect/report.ts';
import {
  countedInbox,
  inboxChanges,
  inboxInput,
  inboxName,
  inboxToken,
  newInbox,
  tokenScope,
} from './inbox.ts';
import { fault, faultChanges, faultId, faultInput, faultPreset } from './fault.ts';
import { findingCalls } from './finding-calls.ts';
import { issueCalls } from './issue-calls.ts';
import { loginCalls } from './login.ts';
import { changes, marks } from './marks.ts';
import { message, messageId, messageSummary } from './message.ts';
import type { RouteName } from './routes.ts';
import { session, sessionId, sessionSummary } from './session.ts';
import { status } from './status.ts';
import { transcript } from './transcript.ts';
import { inView, messageWaitAnswer, sessionWaitAnswer, waitQuery } from './wait.ts';
import { wholeNumber } from './whole-number.ts';

const notSearched = z
  .int()
  .optional()
  .describe(
    'With a query, while so much comes that the search index is behind: so many of all that are stored were not looked at yet. Absent where all were.',
  );
/** An address as in MAIL FROM; control characters would break lines of transcripts and protocols made of it. */
const envelopeText = z
  .string()
  .max(1000)
  .regex(/^[^\p{Cc}<>]*$/u, 'must be a bare address');
/** The grammar itself bounds it, and says where it is wrong. */
const query = z
  .string()
  .max(20_000)
  .describe(
    'A search as in the search box: words, "phrases", `to:ann`, `subject:reset`, `is:unread`, OR, NOT, brackets.',
  );
const byQuery = { query: query.describe('All that match this search.') };
const named = z.object({ name: inboxName });
const oneFault = z.object({ id: faultId });

export interface Call {
  summary: string;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  /** Of the answer in JSON. */
  response?: z.ZodType;
  /** Of an answer that is not JSON, or not always. */
  contentType?: string;
  /** Of an answer that says it is done; 200 unless given. */
  status?: 201;
}

export const api = {
  readStatus: {
    summary: 'Addresses, version, counts and limits',
    query: viewQuery,
    response: status,
  },
  readReady: {
    summary: 'Answers once everything listens',
    response: z.object({ ready: z.literal(true) }),
  },
  readCa: {
    summary: 'The certificate of the local CA, to be trusted by clients',
    contentType: 'application/x-pem-file',
  },
  ...loginCalls,
  readOpenApi: {
    summary: 'This description of all calls, as OpenAPI 3.1; the page /api/docs shows it',
    response: z.looseObject({ openapi: z.string() }),
  },

  listMessages: {
    summary: 'Messages, newest first; with a query those that match',
    query: z.strictObject({ limit, cursor, ...inView, query: query.optional() }),
    response: z.object({ items: z.array(messageSummary), nextCursor: z.string().nullable(), notSearched }),
  },
  storeMessage: {
    summary: 'Store a raw message, as if it had come by SMTP',
    status: 201,
    query: z.strictObject({
      from: envelopeText
        .optional()
        .describe('Sender of the envelope; empty for the null sender. Default: Return-Path, else From.'),
      rcpt: z
        .union([envelopeText, z.array(envelopeText).max(10_000)])
        .transform((given) => (Array.isArray(given) ? given : [given]))
        .optional()
        .describe('A recipient of the envelope, as often as wanted. Default: those of To, Cc and Bcc.'),
      origin: z.enum(['api', 'import']).default('api'),
    }),
    response: messageSummary,
  },
  awaitMessages: {
    summary: 'Waits until messages that match are there, or makes sure that none comes',
    query: waitQuery(query),
    response: messageWaitAnswer,
  },
  readMessage: {
    summary: 'One message: envelope, headers, text, HTML, structure, attachments',
    params: z.object({ id: idOrLatest(messageId) }),
    query: viewQuery,
    response: message,
  },
  readRaw: {
    summary: 'The bytes of a message, exactly as they came',
    params: z.object({ id: idOrLatest(messageId) }),
    query: z.strictObject({ download: z.stringbool().optional(), ...inView }),
    contentType: 'message/rfc822',
  },
  readPart: {
    summary: 'A MIME part, decoded, as a download',
    params: z.object({ id: idOrLatest(messageId), part: z.string().regex(/^\d{1,6}(\.\d{1,6}){0,200}$/) }),
    query: viewQuery,
    contentType: 'application/octet-stream',
  },
  changeMessage: {
    summary: 'Mark a message as read or pinned, tag it',
    params: z.object({ id: messageId }),
    query: viewQuery,
    body: z.strictObject(marks),
    response: messageSummary,
  },
  updateMessages: {
    summary: 'Mark and tag several messages',
    query: viewQuery,
    body: z.union([
      z.strictObject({ ...byIds, ...changes }),
      z.strictObject({ ...byQuery, ...changes }),
      z.strictObject({ ...byAll, ...changes }),
    ]),
    response: changed,
  },
  ...deletionCalls(byQuery),

  listSessions: {
    summary: 'Sessions, newest first, running ones included; with a query those that match',
    query: z.strictObject({ limit, cursor, ...inView, query: query.optional() }),
    response: z.object({ items: z.array(sessionSummary), nextCursor: z.string().nullable(), notSearched }),
  },
  awaitSessions: {
    summary: 'The same for sessions: judged at each message and at the end of a session',
    query: waitQuery(query),
    response: sessionWaitAnswer,
  },
  readSession: {
    summary: 'One session: EHLO, TLS, AUTH, transactions, anomalies, how it ended',
    params: z.object({ id: idOrLatest(sessionId) }),
    query: viewQuery,
    response: session,
  },
  readTranscript: {
    summary: 'The timed lines of a session in both directions, as JSON or as readable text',
    params: z.object({ id: idOrLatest(sessionId) }),
    query: z.strictObject({
      format: z.enum(['json', 'text']).default('json'),
      limit: wholeNumber(1, 5000).default(1000),
      cursor: z.string().max(20).regex(/^\d+$/).optional().describe('The line to go on from.'),
      data: z.enum(['reference', 'full']).default('reference').describe('full: the bytes of messages too.'),
      ...inView,
    }),
    response: transcript,
    contentType: 'text/plain',
  },

  checkExpectation: {
    summary: 'Checks conditions on messages and sessions, and says of each what was found',
    body: expectation,
    response: expectationReport,
  },

  sendSample: {
    summary: 'Mailscope sends itself a sample mail through SMTP, so that there is a session to look at',
    body: z
      .strictObject({
        listener: z
          .string()
          .max(40)
          .optional()
          .describe(
            'Name of a listener; without it the first one without TLS and without a compulsory login.',
          ),
        kind: z.enum(['html', 'text', 'attachment']).default('html').describe('Default: html.'),
      })
      .prefault({}),
    response: z.object({ messageId, sessionId }),
  },

  listEvents: {
    summary: 'The log of what changed',
    query: z.strictObject({
      since: z.string().max(200).optional().describe('A cursor or an ISO time; without it, from the start.'),
      limit: wholeNumber(1, 1000).default(200),
      ...inView,
    }),
    response: z.object({
      items: z.array(durableEvent),
      next: z.string().describe('Continue from here.'),
      reset: z.boolean().describe('The cursor is of another store or was pruned: load everything anew.'),
    }),
  },

  listInboxes: {
    summary: 'The inboxes, with their counts',
    response: z.object({ items: z.array(countedInbox) }),
  },
  createInbox: {
    summary: 'Make an inbox; its password and token are shown only in this answer',
    body: inboxInput.prefault({}),
    response: newInbox,
  },
  readInbox: { summary: 'One inbox', params: named, response: countedInbox },
  changeInbox: {
    summary: 'Change login, rules, retention or life time of an inbox',
    params: named,
    body: inboxChanges,
    response: newInbox,
  },
  deleteInbox: {
    summary: 'Delete an inbox with what is only in it; that cannot be taken back',
    params: named,
    response: changed,
  },
  listInboxTokens: {
    summary: 'The tokens of an inbox, without their secrets',
    params: named,
    response: z.object({ items: z.array(inboxToken) }),
  },
  createInboxToken: {
    summary: 'Make a token that sees this inbox and no other; it is shown only in this answer',
    params: named,
    body: z.strictObject({ scope: tokenScope, label: z.string().trim().max(100).default('') }),
    response: inboxToken.extend({ token: z.string() }),
  },
  deleteInboxToken: {
    summary: 'Take a token back; it is refused from then on',
    params: z.object({ name: inboxName, id: z.string().max(64) }),
    response: changed,
  },

  listFaults: {
    summary: 'The rules by which failures are simulated; the first that applies is carried out',
    response: z.object({ items: z.array(fault) }),
  },
  createFault: {
    summary: 'Simulate a failure: a preset of a real server, or a rule of your own',
    body: faultInput,
    response: fault,
  },
  listFaultPresets: {
    summary: 'Failures of real servers, ready to be simulated',
    response: z.object({ items: z.array(faultPreset) }),
  },
  readFault: { summary: 'One rule', params: oneFault, response: fault },
  changeFault: {
    summary: 'Change a rule, or turn it on or off; it counts from the start again',
    params: oneFault,
    body: faultChanges,
    response: fault,
  },
  deleteFault: { summary: 'Delete a rule', params: oneFault, response: changed },
  deleteFaults: {
    summary: 'Delete rules; those of the configuration stay',
    body: z.union([
      z.strictObject({ ids: z.array(faultId).min(1).max(1000) }),
      z.strictObject({ all: z.literal(true) }),
    ]),
    response: changed,
  },
  ...findingCalls,
  ...issueCalls,
} as const satisfies Record<RouteName, Call>;

type Api = typeof api;
type Of<N extends RouteName, K extends string> =
  Api[N] extends Record<K, infer S extends z.ZodType> ? S : never;
/** What a caller gives, by call. */
export type Params<N extends RouteName> = z.input<Of<N, 'params'>>;
export type Query<N extends RouteName> = z.input<Of<N, 'query'>>;
export type Body<N extends RouteName> = z.input<Of<N, 'body'>>;
/** What a call answers. */
export type Answer<N extends RouteName> = z.output<Of<N, 'response'>>;
/** What a handler of the server is given. */
export type Parsed<N extends RouteName> = {
  params: z.output<Of<N, 'params'>>;
  query: z.output<Of<N, 'query'>>;
  body: z.output<Of<N, 'body'>>;
};
