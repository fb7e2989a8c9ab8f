// Why a message does not match: what each operator looked at, as a sentence.
import type { Address } from '../../shared/message.ts';
import type { SearchableMessage } from '../../shared/search/message-texts.ts';
import type { FieldTerm, Term } from '../../shared/search/query.ts';
import { isoOf } from '../clock.ts';

const maxShown = 5;

export const quoted = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return JSON.stringify(line.length > 120 ? `${line.slice(0, 120)}…` : line);
};

export const listed = (values: string[], none: string): string =>
  values.length === 0
    ? none
    : values.slice(0, maxShown).join(', ') +
      (values.length > maxShown ? ` and ${values.length - maxShown} more` : '');

const addresses = (all: Address[]): string =>
  listed(
    all.map(({ name, address }) => (name === '' ? address : `${name} <${address}>`)),
    'empty',
  );

function explainHas({ value }: FieldTerm, message: SearchableMessage): string {
  const there: Record<string, string> = {
    attachment: 'It has no attachment.',
    html: 'It has no HTML.',
    text: 'It has no plain text.',
    problem: 'It was parsed without a problem.',
    tls: 'It came in clear.',
    auth: 'Nobody had logged in.',
    anomaly: 'Its session has no anomaly.',
    read: 'It is not marked as read.',
    unread: 'It is marked as read.',
    pinned: 'It is not pinned.',
    tagged: `It has ${message.tags.length} tags.`,
  };
  return there[value] ?? 'It has not.';
}

const explainers: Record<string, (term: FieldTerm, message: SearchableMessage) => string> = {
  from: (_, message) => `From is ${addresses(message.from)}, MAIL FROM is ${message.mailFrom || 'empty'}.`,
  to: (_, { to }) => `To is ${addresses(to)}.`,
  cc: (_, { cc }) => `Cc is ${addresses(cc)}.`,
  bcc: (_, { bcc, recipients }) => `Bcc is ${addresses(bcc)}, RCPT TO is ${listed(recipients, 'empty')}.`,
  rcpt: (_, { recipients }) => `RCPT TO is ${listed(recipients, 'empty')}.`,
  subject: (_, { subject }) => `The subject is ${quoted(subject)}.`,
  body: (_, { text, html }) =>
    text === null && html === null
      ? 'It has no text.'
      : `The text does not have it; it begins ${quoted((text ?? html)!.slice(0, 500))}.`,
  header({ header }, { headers }) {
    const values = headers.filter(({ name }) => name.toLowerCase() === header?.toLowerCase());
    return values.length === 0
      ? `There is no field ${header}.`
      : `${header} is ${listed(
          values.map(({ value }) => quoted(value)),
          'empty',
        )}.`;
  },
  attachment: (_, { attachments }) =>
    `The attachments are ${listed(
      attachments.map(({ filename, contentType }) => `${quoted(filename)} (${contentType})`),
      'none',
    )}.`,
  filename: (_, { attachments }) =>
    `The attachments are ${listed(
      attachments.map(({ filename }) => quoted(filename)),
      'none',
    )}.`,
  has: explainHas,
  is: explainHas,
  tag: (_, { tags }) => `The tags are ${listed(tags, 'none')}.`,
  before: (_, { receivedAtUs }) => `It was received at ${isoOf(receivedAtUs)}.`,
  after: (_, { receivedAtUs }) => `It was received at ${isoOf(receivedAtUs)}.`,
  larger: (_, { size }) => `It has ${size} bytes.`,
  smaller: (_, { size }) => `It has ${size} bytes.`,
  session: (_, { sessionId }) => `Its session is ${sessionId ?? 'gone'}.`,
  tls: (_, { tls }) => (tls === null ? 'It came in clear.' : `It came over ${tls}.`),
  auth: (_, { user }) => (user === null ? 'Nobody had logged in.' : `The user is ${quoted(user)}.`),
  mech: (_, { mechanism }) => (mechanism === null ? 'There was no AUTH.' : `It was AUTH ${mechanism}.`),
  client: (_, { clientName }) => `The client called itself ${quoted(clientName ?? '')}.`,
  code: (_, { codes }) => `The replies were ${listed([...new Set(codes)].map(String), 'none')}.`,
};

export function explainMessageTerm(term: Term, message: SearchableMessage): string {
  if (term.type !== 'field')
    return `It is not in the subject (${quoted(message.subject)}), the addresses, the text or the names of attachments.`;
  return explainers[term.field]?.(term, message) ?? 'It is not so.';
}
