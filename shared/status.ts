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
    anyLogin: z.boolean().describe('Any login is accepted; false: only those of --user and of the inboxes.'),
  })
  .meta({ id: 'ListenerStatus' });
export type ListenerStatus = z.infer<typeof listenerStatus>;

export const storageStatus = z
  .object({
    state: z
      .enum(['ok', 'degraded'])
      .describe('degraded: mail is refused or could not be stored, see `problem`.'),
    problem: z.string().nullable(),
    freeBytes: z
      .int()
      .nullable()
      .describe('On the disk of the data folder and in the database; null in memory.'),
    minFreeBytes: z.int().describe('With less than these mail is refused; 0: no limit.'),
  })
  .meta({ id: 'StorageStatus' });
export type StorageStatus = z.infer<typeof storageStatus>;

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
    openIssues: z.int().optional().describe('Absent where issues may not be read.'),
    bytes: z.int().describe('Of stored messages and transcripts.'),
    bounceAddresses: z
      .boolean()
      .describe('Recipients such as bounce+550-5.1.1@any.domain are refused as they say, without a fault.'),
    limits: z.object({ maxMessages: z.int(), maxBytes: z.int(), maxAgeMs: z.int(), maxSize: z.int() }),
    memoryBytes: z.int(),
    storage: storageStatus,
  })
  .meta({ id: 'Status' });
export type Status = z.infer<typeof status>;
