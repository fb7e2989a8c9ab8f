// What is running: addresses, version, counts, limits.
import * as z from 'zod';

export const listenerStatus = z
  .object({
    name: z.string(),
    url: z.string().describe('e.g. smtp://127.0.0.1:1025?tls=none'),
    host: z.string(),
    port: z.int(),
    protocol: z.enum(['smtp', 'lmtp']),
    tls: z.enum(['none', 'offered', 'required', 'implicit']),
    auth: z.enum(['none', 'offered', 'required']),
  })
  .meta({ id: 'ListenerStatus' });
export type ListenerStatus = z.infer<typeof listenerStatus>;

export const status = z
  .object({
    name: z.literal('mailscope'),
    version: z.string(),
    startedAt: z.iso.datetime(),
    storeId: z.string(),
    cursor: z.string().describe('The newest event: what /api/events?since= continues from.'),
    data: z.string().describe('The data folder, or :memory:.'),
    listeners: z.array(listenerStatus),
    http: z.string(),
    messages: z.int(),
    unread: z.int(),
    sessions: z.int(),
    openSessions: z.int(),
    bytes: z.int().describe('Of stored messages and transcripts.'),
    limits: z.object({ maxMessages: z.int(), maxBytes: z.int(), maxAgeMs: z.int(), maxSize: z.int() }),
    memoryBytes: z.int(),
  })
  .meta({ id: 'Status' });
export type Status = z.infer<typeof status>;
