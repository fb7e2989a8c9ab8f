// Messages and sessions in the form that the search's matchers take.
import type { Address, Message, MessageSummary } from '../../shared/message.ts';
import type { SearchableMessage } from '../../shared/search/message-texts.ts';
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

/** A summary names the first 20. */
const shown = 20;
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

/** Of a long list of addresses those that the summary does not name, from the field itself. */
function furtherAddresses({ headers, to }: Message): Address[] {
  if (to.length < shown) return [];
  const known = new Set(to.map(({ address }) => address.toLowerCase()));
  return headers
    .filter(({ name }) => name.toLowerCase() === 'to')
    .flatMap(({ value }) => value.slice(0, 65_536).match(/[^\s<>,;:"()]{1,64}@[^\s<>,;:"()]{1,255}/g) ?? [])
    .filter((address) => !known.has(address.toLowerCase()))
    .map((address) => ({ name: '', address }));
}

export function searchableMessage(message: Message, facts: SessionFacts = noFacts): SearchableMessage {
  const inCc = new Set(message.cc.map(({ address }) => address));
  return {
    ...message,
    ...facts,
    // The summary has To and Cc together.
    to: [...message.to.filter(({ address }) => !inCc.has(address)), ...furtherAddresses(message)],
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
