// One captured message: the envelope it came with, what its bytes say, and how to get at them.
import * as z from 'zod';
import { envelopeAddress } from './session.ts';

export const messageId = z
  .string()
  .regex(/^m_[A-Za-z0-9_-]{1,62}$/)
  .meta({ id: 'MessageId', description: 'Sorts by the time of arrival.' });

export const address = z
  .object({ name: z.string(), address: z.string() })
  .meta({ id: 'Address', description: 'From a header. Either may be empty.' });
export type Address = z.infer<typeof address>;

export const messageSummary = z
  .object({
    id: messageId,
    seq: z.int().positive().describe('Order of arrival, never reused.'),
    receivedAt: z.iso.datetime(),
    receivedAtUs: z.int(),
    sessionId: z.string().nullable(),
    transaction: z.int().nullable(),
    origin: z.enum(['smtp', 'api', 'import', 'bounce']),
    inboxes: z.array(z.string()),
    size: z.int().describe('Bytes.'),
    mailFrom: z.string().describe('Of the envelope.'),
    rcptTo: z.array(z.string()).describe('Of the envelope, the first 20.'),
    rcptCount: z.int(),
    from: z.array(address),
    to: z.array(address).describe('To and Cc, the first 20.'),
    subject: z.string(),
    snippet: z.string().describe('The start of the text; empty until the message is parsed.'),
    date: z.iso.datetime().nullable().describe('Of the Date header, as UTC.'),
    attachments: z.int(),
    tls: z.string().nullable(),
    user: z.string().nullable().describe('Who had logged in.'),
    read: z.boolean(),
    pinned: z.boolean(),
    parse: z
      .enum(['pending', 'parsed', 'failed'])
      .describe('failed: kept and shown raw; `problem` of the message says why.'),
  })
  .meta({ id: 'MessageSummary' });
export type MessageSummary = z.infer<typeof messageSummary>;

export const headerField = z
  .object({
    name: z.string().describe('As written.'),
    value: z.string().describe('Unfolded and decoded (RFC 2047).'),
    raw: z.string().describe('The field as sent, folding included, without the final line ending.'),
    offset: z.int(),
    length: z.int(),
  })
  .meta({ id: 'HeaderField' });
export type HeaderField = z.infer<typeof headerField>;

/** A node of the MIME tree. Offsets are in bytes of the raw message. */
export interface Part {
  /** `1`, `2.1` ... as IMAP numbers them; the root of a multipart is `0`. */
  path: string;
  contentType: string;
  charset: string | null;
  encoding: string;
  disposition: 'inline' | 'attachment' | null;
  filename: string | null;
  contentId: string | null;
  headerOffset: number;
  bodyOffset: number;
  /** Bytes as sent, still encoded. */
  bodyLength: number;
  /** Bytes once decoded; null until parsed and for multiparts. */
  size: number | null;
  sha256: string | null;
  children: Part[];
}
export const part: z.ZodType<Part> = z
  .object({
    path: z.string(),
    contentType: z.string(),
    charset: z.string().nullable(),
    encoding: z.string(),
    disposition: z.enum(['inline', 'attachment']).nullable(),
    filename: z.string().nullable(),
    contentId: z.string().nullable(),
    headerOffset: z.int(),
    bodyOffset: z.int(),
    bodyLength: z.int(),
    size: z.int().nullable(),
    sha256: z.string().nullable(),
    get children() {
      return z.array(part);
    },
  })
  .meta({ id: 'Part' });

export const attachment = z
  .object({
    part: z.string().describe('Path of the part; get it at /parts/{part}.'),
    filename: z.string(),
    contentType: z.string(),
    size: z.int(),
    sha256: z.string(),
    contentId: z.string().nullable(),
    inline: z.boolean(),
  })
  .meta({ id: 'Attachment' });
export type Attachment = z.infer<typeof attachment>;

export const message = messageSummary
  .extend({
    envelope: z
      .object({ from: envelopeAddress, to: z.array(envelopeAddress) })
      .describe('MAIL FROM and the accepted RCPT TO with all parameters as sent.'),
    lines: z.object({ first: z.int(), last: z.int() }).nullable().describe('Of the session transcript.'),
    cc: z.array(address),
    bcc: z.array(address),
    replyTo: z.array(address),
    messageId: z.string().nullable().describe('The Message-ID header.'),
    headers: z.array(headerField),
    text: z.string().nullable(),
    html: z.string().nullable().describe('As sent. Show it only in a sandboxed frame: /mail/{id}.'),
    structure: part.nullable(),
    attachmentList: z.array(attachment),
    problem: z.string().nullable().describe('Why it could not be parsed, or not wholly.'),
  })
  .meta({ id: 'Message' });
export type Message = z.infer<typeof message>;
