// Messages and sessions in the form that the search's matchers take.
import type { Message, MessageSummary } from '../../shared/message.ts';
import type { SearchableMessage } from '../../shared/search/message-texts.ts';
import type { Query } from '../../shared/search/query.ts';
import type { SearchableSession } from '../../shared/search/session-texts.ts';
import { findHeld } from '../find-session.ts';
import type { Sight } from './in-view.ts';

/** What the search in messages asks about their sessions. */
export interface SessionFacts {
  mechanism: string | null;
  clientName: string | null;
  anomalies: number;
  codes: number[];
}

/** Whether a query is true of one message. */
export type Matches = (query: Query | null, nowUs: number) => boolean;

const noFacts: SessionFacts = { mechanism: null, clientName: null, anomalies: 0, codes: [] };

/** What is known before a message is parsed. */
export const searchableSummary = (summary: MessageSummary): SearchableMessage => ({
  ...summary,
  ...noFacts,
  cc: [],
  bcc: [],
  recipients: summary.rcptTo,
  text: null,
  html: null,
  headers: [],
  attachments: [],
  problem: null,
});

export function searchableMessage(message: Message, facts: SessionFacts = noFacts): SearchableMessage {
  return {
    ...message,
    ...facts,
    recipients: message.envelope.to.map(({ address }) => address),
    attachments: message.attachmentList,
  };
}

/** A session as it is now, with the codes of all its replies; without them where they take long and nobody asks. */
export async function findSearchable(
  parts: Pick<Sight, 'store' | 'running' | 'view'>,
  id: string,
  withCodes: boolean,
): Promise<SearchableSession | undefined> {
  const { store, running, view } = parts;
  const open = running.find(id);
  const session = await findHeld(parts, id);
  if (session === undefined) return undefined;
  const known = open?.codes ?? (view === null || withCodes ? undefined : []);
  return { ...session, codes: known ?? (await store.readCodes(id)) };
}
