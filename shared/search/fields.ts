// The one table of operators. Parser, completion, documentation, matchers and the store's compiler read it.
import {
  codes,
  mechanisms,
  since,
  sizes,
  timeRules,
  tlsValues,
  value,
  type SearchField,
} from './field-values.ts';
import type { SearchScope } from './query.ts';

export const messageFields = [
  {
    name: 'from',
    kind: 'text',
    explain: 'The From field, names and addresses, or MAIL FROM of the envelope.',
    example: 'from:ann@example.com',
  },
  {
    name: 'to',
    kind: 'text',
    explain: 'The To field; until the message is parsed also Cc.',
    example: 'to:bob',
  },
  { name: 'cc', kind: 'text', explain: 'The Cc field.', example: 'cc:carol' },
  {
    name: 'bcc',
    kind: 'text',
    explain: 'The Bcc field, or a recipient of the envelope that neither To nor Cc names.',
    example: 'bcc:audit@example.com',
  },
  {
    name: 'rcpt',
    kind: 'text',
    explain: 'The accepted RCPT TO of the envelope.',
    example: 'rcpt:bob@example.com',
  },
  { name: 'subject', kind: 'text', explain: 'The subject.', example: 'subject:"order 4711"' },
  {
    name: 'body',
    kind: 'text',
    explain: 'The text, and the words that the HTML shows, the first 100,000 characters of each.',
    example: 'body:voucher',
  },
  {
    name: 'header',
    kind: 'text',
    explain: 'A header field of that name with the text in its value, decoded; "" for any value.',
    example: 'header.X-Mailer:php',
  },
  {
    name: 'attachment',
    kind: 'text',
    explain: 'The file name or the media type of an attachment.',
    example: 'attachment:pdf',
  },
  { name: 'filename', kind: 'text', explain: 'The file name of an attachment.', example: 'filename:invoice' },
  {
    name: 'has',
    kind: 'choice',
    values: [
      value('attachment', 'At least one attachment.'),
      value('html', 'An HTML body.'),
      value('text', 'A plain text body.'),
      value('problem', 'It could not be parsed, or not wholly.'),
      value('tls', 'It came over TLS.'),
      value('auth', 'The client had logged in.'),
      value('anomaly', 'Its session has an anomaly.'),
      value('finding', 'A rule found something wrong with it.'),
    ],
    explain: 'What there is about the message.',
    example: 'has:attachment',
  },
  {
    name: 'is',
    kind: 'choice',
    values: [
      value('unread', 'Not marked as read.'),
      value('read', 'Marked as read.'),
      value('pinned', 'Pinned: kept when old messages go.'),
      value('tagged', 'At least one tag.'),
    ],
    explain: 'How the message is marked.',
    example: 'is:unread',
  },
  { name: 'tag', kind: 'tag', explain: 'A tag, the whole of it.', example: 'tag:checkout' },
  {
    name: 'before',
    kind: 'time',
    values: since,
    explain: `Received before ${timeRules}.`,
    example: 'before:2026-01-31',
  },
  {
    name: 'after',
    kind: 'time',
    values: since,
    explain: `Received at or after ${timeRules}.`,
    example: 'after:2h',
  },
  {
    name: 'larger',
    kind: 'size',
    values: sizes,
    explain: 'Larger than so many bytes, kB, MB or MiB.',
    example: 'larger:1MB',
  },
  {
    name: 'smaller',
    kind: 'size',
    values: sizes,
    explain: 'Smaller than so many bytes, kB, MB or MiB.',
    example: 'smaller:10kB',
  },
  {
    name: 'session',
    kind: 'id',
    explain: 'The whole id of the session that brought it.',
    example: 'session:s_01JA2M3N4P5Q6R7S8T9V0W1X2Y',
  },
  { name: 'tls', kind: 'text', values: tlsValues, explain: 'The TLS version, or none.', example: 'tls:1.3' },
  { name: 'auth', kind: 'text', explain: 'The user who had logged in.', example: 'auth:app' },
  {
    name: 'mech',
    kind: 'text',
    values: mechanisms,
    explain: 'The AUTH mechanism of its session.',
    example: 'mech:PLAIN',
  },
  {
    name: 'client',
    kind: 'text',
    explain: 'What the client called itself in EHLO.',
    example: 'client:web-1',
  },
  {
    name: 'code',
    kind: 'code',
    values: codes,
    explain: 'A reply code of its session, or how it begins, as far as the session is stored.',
    example: 'code:55',
  },
] as const satisfies readonly SearchField[];

export const sessionFields = [
  {
    name: 'outcome',
    kind: 'choice',
    values: [
      value('captured', 'At least one message was stored.'),
      value('refused', 'A mail, or STARTTLS or EHLO as the last word, got a 4xx or 5xx reply.'),
      value('auth-failed', 'AUTH failed and none succeeded.'),
      value('tls-failed', 'A TLS handshake failed.'),
      value('timed-out', 'One of our time limits ended it.'),
      value('aborted', 'The connection went away in the middle.'),
      value('no-command', 'The client left without sending a message.'),
      value('interrupted', 'Mailscope stopped while it ran.'),
      value('open', 'Still running.'),
    ],
    explain: 'How the session ended.',
    example: 'outcome:tls-failed',
  },
  { name: 'peer', kind: 'text', explain: 'Address and port of the client.', example: 'peer:192.168.' },
  {
    name: 'listener',
    kind: 'text',
    values: [
      value('smtp', 'The SMTP port.'),
      value('submission', 'The submission port.'),
      value('smtps', 'The port that speaks TLS at once.'),
    ],
    explain: 'The listener that it came to.',
    example: 'listener:submission',
  },
  {
    name: 'is',
    kind: 'choice',
    values: [value('open', 'Still running.'), value('closed', 'Ended.')],
    explain: 'Whether it runs.',
    example: 'is:open',
  },
  {
    name: 'has',
    kind: 'choice',
    values: [
      value('message', 'At least one message was stored.'),
      value('tls', 'TLS was established.'),
      value('auth', 'A user logged in or tried to.'),
      value('anomaly', 'Something was out of order.'),
      value('fault', 'It met a simulated failure.'),
      value('finding', 'A rule found something wrong in it.'),
    ],
    explain: 'What there is about the session.',
    example: 'has:anomaly',
  },
  {
    name: 'from',
    kind: 'text',
    explain: 'MAIL FROM of one of its first 200 transactions.',
    example: 'from:bounce@',
  },
  {
    name: 'rcpt',
    kind: 'text',
    explain: 'RCPT TO of one of its first 200 transactions.',
    example: 'rcpt:bob@example.com',
  },
  { name: 'tls', kind: 'text', values: tlsValues, explain: 'The TLS version, or none.', example: 'tls:1.2' },
  { name: 'auth', kind: 'text', explain: 'The user of AUTH, accepted or not.', example: 'auth:app' },
  {
    name: 'mech',
    kind: 'text',
    values: mechanisms,
    explain: 'The AUTH mechanism.',
    example: 'mech:CRAM-MD5',
  },
  {
    name: 'client',
    kind: 'text',
    explain: 'What the client called itself in EHLO.',
    example: 'client:web-1',
  },
  {
    name: 'code',
    kind: 'code',
    values: codes,
    explain: 'A reply code, or how it begins.',
    example: 'code:5',
  },
  {
    name: 'before',
    kind: 'time',
    values: since,
    explain: `Opened before ${timeRules}.`,
    example: 'before:1h',
  },
  {
    name: 'after',
    kind: 'time',
    values: since,
    explain: `Opened at or after ${timeRules}.`,
    example: 'after:today',
  },
  {
    name: 'session',
    kind: 'id',
    explain: 'The whole id of the session.',
    example: 'session:s_01JA2M3N4P5Q6R7S8T9V0W1X2Y',
  },
] as const satisfies readonly SearchField[];

export type MessageFieldName = (typeof messageFields)[number]['name'];
export type SessionFieldName = (typeof sessionFields)[number]['name'];

export const fieldsOf = (scope: SearchScope): readonly SearchField[] =>
  scope === 'messages' ? messageFields : sessionFields;

export const findField = (scope: SearchScope, name: string): SearchField | undefined =>
  fieldsOf(scope).find((field) => field.name === name);

/** As it is typed: `from:`, `header.`. */
export const operatorText = ({ name }: SearchField): string => (name === 'header' ? 'header.' : `${name}:`);
