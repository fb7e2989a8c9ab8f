// What happens, as told to browsers and clients. Durable events have a place in the log and can be asked for
// again; ephemeral ones are only for who listens at the time.
import * as z from 'zod';
import { messageSummary } from './message.ts';
import { sessionSummary } from './session.ts';
import { transcriptLine } from './transcript.ts';

const ids = z.array(z.string());

/** Written in the transaction of their change, with a contiguous number. */
export const durableEvents = {
  'message:stored': z.object({ message: messageSummary }),
  'message:parsed': z.object({ message: messageSummary }),
  'messages:changed': z.object({
    ids: ids.nullable().describe('null: all.'),
    read: z.boolean().optional(),
    pinned: z.boolean().optional(),
    tags: z.array(z.string()).optional().describe('All that they have now.'),
    addTags: z.array(z.string()).optional(),
    removeTags: z.array(z.string()).optional(),
  }),
  'messages:deleted': z.object({
    ids: ids.nullable().describe('null: all.'),
    upToSeq: z.int().nullable().describe('With ids null: those up to this seq.'),
    reason: z.enum(['request', 'retention']),
  }),
  'messages:restored': z.object({ ids }),
  'session:closed': z.object({ session: sessionSummary }),
  'sessions:deleted': z.object({ ids: ids.nullable(), reason: z.enum(['request', 'retention']) }),
} as const;

export const ephemeralEvents = {
  'session:opened': z.object({ session: sessionSummary }),
  'session:updated': z.object({ session: sessionSummary }),
  'session:lines': z.object({ sessionId: z.string(), lines: z.array(transcriptLine) }),
} as const;

export type DurableEvents = { [K in keyof typeof durableEvents]: z.infer<(typeof durableEvents)[K]> };
export type EphemeralEvents = { [K in keyof typeof ephemeralEvents]: z.infer<(typeof ephemeralEvents)[K]> };
export type AllEvents = DurableEvents & EphemeralEvents;
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
