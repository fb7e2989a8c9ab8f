// A message, and what parsing made of it, as the plain values of their rows.
import { summarise } from '../../../shared/diagnose/summarise.ts';
import type { MessageSummary } from '../../../shared/message.ts';
import { isoOf } from '../../clock.ts';
import type { Derived, NewMessage } from '../store.ts';
import { rowsOf, tagsOfNew } from './tags.ts';

/** The columns that a new message fills, in the order of `EncodedMessage.row`. */
export const messageColumns = [
  ...['id', 'received_us', 'origin', 'session_id', 'transaction_n', 'size'],
  ...['mail_from', 'rcpt_to', 'rcpt_count', 'header_from', 'header_to', 'subject'],
  ...['date', 'tls', 'user', 'first_line', 'last_line', 'envelope'],
];

export interface EncodedMessage {
  id: string;
  size: number;
  /** An array, since the names of fields would go to the writer with each message. */
  row: (string | number | null)[];
  bytes: Uint8Array | null;
  file: string | null;
  dots: Uint8Array | null;
  bdat: string | null;
  inboxes: string[];
  /** As rows; null: none. */
  tags: string | null;
  /** The summary as JSON, without its seq, which the writer gives. */
  summary: string;
}

/** Addresses in a list row. */
const shown = 20;

/** What the summary of a new message begins with. */
const unknownSeq = '{"seq":0,';

/** `seq` is not known yet: 0. It comes first. */
export function summaryOfNew(message: NewMessage, sessionId: string | null): MessageSummary {
  const { envelope, scanned } = message;
  return {
    seq: 0,
    id: message.id,
    receivedAt: isoOf(message.receivedAtUs),
    receivedAtUs: message.receivedAtUs,
    sessionId,
    transaction: sessionId === null ? null : message.transaction,
    origin: message.origin,
    inboxes: message.inboxes.length === 0 ? ['default'] : [...new Set(message.inboxes)].sort(),
    size: message.body.size,
    mailFrom: envelope.from.address,
    rcptTo: envelope.to.slice(0, shown).map(({ address }) => address),
    rcptCount: envelope.to.length,
    from: scanned.from.slice(0, shown),
    to: scanned.to.slice(0, shown),
    subject: scanned.subject,
    snippet: '',
    date: scanned.date,
    attachments: 0,
    tls: message.tls,
    user: message.user,
    read: false,
    pinned: false,
    tags: tagsOfNew(message.tags),
    parse: 'pending',
  };
}

export function encodeMessage(
  message: NewMessage,
  summary: MessageSummary,
  body: { bytes: Uint8Array | null; file: string | null },
): EncodedMessage {
  const { wire, lines } = message;
  return {
    id: summary.id,
    size: summary.size,
    row: [
      ...[summary.id, summary.receivedAtUs, summary.origin, summary.sessionId, summary.transaction],
      ...[summary.size, summary.mailFrom, JSON.stringify(summary.rcptTo), summary.rcptCount],
      ...[JSON.stringify(summary.from), JSON.stringify(summary.to), summary.subject, summary.date],
      ...[summary.tls, summary.user, lines?.first ?? null, lines?.last ?? null],
      JSON.stringify(message.envelope),
    ],
    bytes: body.bytes,
    file: body.file,
    dots: wire.dots.length === 0 ? null : wire.dots,
    bdat: wire.bdat === null ? null : JSON.stringify(wire.bdat),
    inboxes: summary.inboxes,
    tags: summary.tags.length === 0 ? null : rowsOf(summary.tags),
    summary: `{${JSON.stringify(summary).slice(unknownSeq.length)}`,
  };
}

export interface EncodedDerived {
  id: string;
  version: number;
  parse: 'parsed' | 'failed';
  /** Null: nothing was read, so the fields of the header scan stay. */
  fields: { from: string; to: string; allTo: string; subject: string; date: string | null } | null;
  snippet: string;
  attachments: number;
  findings: string | null;
  headers: string;
  facts: string;
  text: string | null;
  html: string | null;
}

export function encodeDerived(id: string, derived: Derived): EncodedDerived {
  const { cc, bcc, replyTo, messageId, structure, problem, headers, attachments } = derived;
  const { links, codes, unsubscribe, findingList = [] } = derived;
  const findings = summarise(findingList);
  const nothingRead = !derived.ok && headers.length === 0;
  return {
    id,
    version: derived.version,
    parse: derived.ok ? 'parsed' : 'failed',
    fields: nothingRead
      ? null
      : {
          from: JSON.stringify(derived.from.slice(0, shown)),
          to: JSON.stringify([...derived.to.slice(0, shown), ...cc].slice(0, shown)),
          allTo: JSON.stringify(derived.to),
          subject: derived.subject,
          date: derived.date,
        },
    snippet: derived.snippet,
    attachments: attachments.length,
    findings: findings === undefined ? null : JSON.stringify(findings),
    headers: JSON.stringify(headers),
    facts: JSON.stringify({
      ...{ cc, bcc, replyTo, messageId, structure, problem },
      ...{ attachmentList: attachments, links, codes, unsubscribe },
      ...(findingList.length > 0 && { findingList }),
    }),
    text: derived.text,
    html: derived.html,
  };
}
