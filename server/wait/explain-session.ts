// Why a session does not match: what each operator looked at, as a sentence.
import type { FieldTerm, Term } from '../../shared/search/query.ts';
import type { SearchableSession } from '../../shared/search/session-texts.ts';
import { formatEndpoint } from '../../shared/smtp-text.ts';
import { isoOf } from '../clock.ts';
import { listed, quoted } from './explain-message.ts';

const unique = (values: string[]): string[] => [...new Set(values)];

const explainers: Record<string, (term: FieldTerm, session: SearchableSession) => string> = {
  outcome: (_, { outcome, ended }) => `The outcome is ${outcome}${ended ? `: ${ended.text}` : '.'}`,
  peer: (_, { peer }) => `The peer is ${formatEndpoint(peer)}.`,
  listener: (_, { listener }) => `The listener is ${listener}.`,
  is: (_, { outcome }) => (outcome === 'open' ? 'It still runs.' : 'It has ended.'),
  has: (_, { messages, tls, user, anomalies }) =>
    `It has ${messages} messages, ${tls ?? 'no TLS'}, ${user === null ? 'no login' : `the user ${quoted(user)}`}, ${anomalies} anomalies.`,
  from: (_, { transactions }) =>
    `MAIL FROM was ${listed(unique(transactions.map(({ from }) => from.address)), 'never said')}.`,
  rcpt: (_, { transactions }) =>
    `RCPT TO was ${listed(unique(transactions.flatMap(({ recipients }) => recipients.map(({ address }) => address))), 'never said')}.`,
  tls: (_, { tls }) => (tls === null ? 'There was no TLS.' : `It was ${tls}.`),
  auth: (_, { user }) => (user === null ? 'There was no login.' : `The user is ${quoted(user)}.`),
  mech: (_, { mechanism }) => (mechanism === null ? 'There was no AUTH.' : `It was AUTH ${mechanism}.`),
  client: (_, { clientName }) => `The client called itself ${quoted(clientName ?? '')}.`,
  code: (_, { codes }) => `The replies were ${listed(unique(codes.map(String)), 'none')}.`,
  before: (_, { openedAtUs }) => `It was opened at ${isoOf(openedAtUs)}.`,
  after: (_, { openedAtUs }) => `It was opened at ${isoOf(openedAtUs)}.`,
  session: (_, { id }) => `It is ${id}.`,
};

export function explainSessionTerm(term: Term, session: SearchableSession): string {
  if (term.type !== 'field') return 'It is not in its addresses, names, user, or how it ended.';
  return explainers[term.field]?.(term, session) ?? 'It is not so.';
}
