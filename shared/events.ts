// What happens, as told to browsers and clients. Durable events have a place in the log and can be asked for
// again; ephemeral ones are only for who listens at the time.
import * as z from 'zod';
import { fault } from './fault.ts';
import { issue } from './issue.ts';
import { inbox } from './inbox.ts';
import { messageSummary } from './message.ts';
import { sessionSummary } from './session.ts';
import { transcriptLine } from './transcript.ts';

const ids = z.array(z.string());
const byInbox = z
  .record(z.string(), ids)
  .optional()
  .describe('What it means for each inbox, where other inboxes than the default one are concerned.');

/** Written in the transaction of their change, with a contiguous number. */
export const durableEvents = {
  'message:stored': z.object({ message: messageSummary }),
  'message:parsed': z.object({
    message: messageSummary,
    byInbox: z
      .record(z.string(), z.object({ read: z.boolean(), pinned: z.boolean() }))
      .optional()
      .describe('The marks in each inbox, where the message is in several.'),
  }),
  'messages:changed': z.object({
    ids: ids.nullable().describe('null: all.'),
    read: z.boolean().optional(),
    pinned: z.boolean().optional(),
    tags: z.array(z.string()).optional().describe('All that they have now.'),
    addTags: z.array(z.string()).optional(),
    removeTags: z.array(z.string()).optional(),
    byInbox,
  }),
  'messages:deleted': z.object({
    ids: ids.nullable().describe('Those that no inbox has any more; null: all.'),
    upToSeq: z.int().nullable().describe('With ids null: those up to this seq.'),
    reason: z.enum(['request', 'retention']),
    byInbox,
  }),
  'messages:restored': z.object({ ids, byInbox }),
  'session:closed': z.object({ session: sessionSummary }),
  'sessions:deleted': z.object({
    ids: ids.nullable(),
    reason: z.enum(['request', 'retention']),
    byInbox,
  }),
  'sessions:restored': z.object({ ids, byInbox }),
  'inbox:created': z.object({ inbox }),
  'inbox:changed': z.object({ inbox }),
  'inbox:deleted': z.object({ name: z.string(), reason: z.enum(['request', 'expired']) }),
  'fault:created': z.object({ fault }),
  'fault:changed': z.object({ fault }),
  'faults:deleted': z.object({ ids }),
  // Found for the first time or again after it was resolved, or changed by a person.
  'issue:changed': z.object({ issue }),
  'issues:deleted': z.object({ ids }),
} as const;

export const ephemeralEvents = {
  'session:opened': z.object({ session: sessionSummary }),
  'session:updated': z.object({ session: sessionSummary }),
  'session:lines': z.object({ sessionId: z.string(), lines: z.array(transcriptLine) }),
  'issue:seen': z.object({
    id: z.string(),
    count: z.int(),
    lastSeenAt: z.iso.datetime(),
    sessionId: z.string().nullable(),
    messageId: z.string().nullable(),
  }),
  'fault:applied': z.object({
    id: z.string(),
    sessionId: z.string(),
    applied: z.int().describe('How often by now.'),
    appliedAt: z.iso.datetime(),
  }),
} as const;

export type DurableEvents = { [K in keyof typeof durableEvents]: z.infer<(typeof durableEvents)[K]> };
export type EphemeralEvents = { [K in keyof typeof ephemeralEvents]: z.infer<(typeof ephemeralEvents)[K]> };
export type DurableEventType = keyof DurableEvents;

/** One durable event as the log and the live connection give it. `cursor` is `storeId.seq`. */
export type DurableEvent = {
  [K in DurableEventType]: { seq: number; cursor: string; at: string; type: K; payload: DurableEvents[K] };
}[DurableEventType];

export const durableEvent = z
  .object({
    seq: z.int(),
    cursor: z.string(),
    at: z.iso.datetime(),
    type: z.enum(Object.keys(durableEvents) as [DurableEventType, ...DurableEventType[]]),
    payload: z.union(Object.values(durableEvents)),
  })
  .meta({ id: 'Event' });
