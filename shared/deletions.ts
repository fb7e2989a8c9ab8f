// The calls that delete messages or sessions and take that back.
import * as z from 'zod';
import { messageId } from './message.ts';
import { sessionId } from './session.ts';
import { inView } from './wait.ts';

const most = 10_000;
export const byIds = { ids: z.array(messageId).min(1).max(most) };
export const byAll = { all: z.literal(true) };
const bySessionIds = { ids: z.array(sessionId).min(1).max(most) };
const purge = z.boolean().optional().describe('At once and for good.');
const purgeQuery = z.strictObject({ purge: z.stringbool().optional(), ...inView });
const viewQuery = z.strictObject(inView);
export const changed = z.object({ count: z.int().describe('How many it touched.') });

/** `byQuery`: those that a search finds. */
export const deletionCalls = <Q extends z.ZodType>(byQuery: { query: Q }) =>
  ({
    deleteMessage: {
      summary: 'Delete a message; it can be restored for 60 s',
      params: z.object({ id: messageId }),
      query: purgeQuery,
      response: changed,
    },
    deleteMessages: {
      summary: 'Delete messages; they can be restored for 60 s unless purge is given',
      query: viewQuery,
      body: z.union([
        z.strictObject({ ...byIds, purge }),
        z.strictObject({ ...byQuery, purge }),
        z.strictObject({ ...byAll, purge }),
      ]),
      response: changed,
    },
    restoreMessages: {
      summary: 'Take a deletion back, within 60 s',
      query: viewQuery,
      body: z.union([z.strictObject(byIds), z.strictObject(byQuery), z.strictObject(byAll)]),
      response: changed,
    },
    deleteSession: {
      summary: 'Delete a session; its messages stay, and it can be restored for 60 s',
      params: z.object({ id: sessionId }),
      query: purgeQuery,
      response: changed,
    },
    deleteSessions: {
      summary:
        'Delete sessions; their messages stay, and they can be restored for 60 s unless purge is given',
      query: viewQuery,
      body: z.union([z.strictObject({ ...bySessionIds, purge }), z.strictObject({ ...byAll, purge })]),
      response: changed,
    },
    restoreSessions: {
      summary: 'Take a deletion of sessions back, within 60 s',
      query: viewQuery,
      body: z.union([z.strictObject(bySessionIds), z.strictObject(byAll)]),
      response: changed,
    },
  }) as const;
