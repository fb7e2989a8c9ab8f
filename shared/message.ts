// One captured message: the envelope it came with, what its bytes say, and how to get at them.
import * as z from 'zod';
import { found, foundSummary } from './finding.ts';
import { envelopeAddress } from './transaction.ts';

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
    origin: z
      .enum(['smtp', 'api', 'import', 'bounce'])
      .describe('How it came. bounce: a delivery report that a simulated failure made.'),
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
    tags: z.array(z.string()),
    parse: z
      .enum(['pending', 'parsed', 'failed'])
      .describe('failed: kept and shown raw; `problem` of the message says why.'),
    findings: foundSummary.optional().describe('What rules found wrong, once it is parsed. Absent: nothing.'),
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

/** What following a link would do, guessed from its words and address. */
export const linkPurpose = z.enum([
  'confirm',
  'reset',
  'login',
  'invite',
  'unsubscribe',
  'preferences',
  'browser-view',
  'pixel',
  'mail',
  'phone',
  'unsafe',
  'other',
]);
export type LinkPurpose = z.infer<typeof linkPurpose>;

export const link = z
  .object({
    text: z.string().describe('What a reader sees of it: its words, or those before it in plain text.'),
    href: z.string().describe('As written; never open it without looking at `purpose`.'),
    purpose: linkPurpose.describe(
      'A guess. pixel: an invisible image that tells the sender of the reading; unsafe: javascript:, data: and their like.',
    ),
    source: z.enum(['html', 'text']),
  })
  .meta({ id: 'Link' });
export type Link = z.infer<typeof link>;

export const code = z
  .object({
    code: z.string().describe('As to be typed: blanks within it are removed.'),
    context: z.string().describe('The line that it stands on, or the subject.'),
    confidence: z.number().min(0).max(1).describe('From 0.5; 1 is as good as certain.'),
  })
  .meta({ id: 'Code', description: 'A one-time password or a verification code, guessed from its context.' });
export type Code = z.infer<typeof code>;

export const unsubscribe = z
  .object({
    urls: z.array(z.string()).describe('http and https addresses of List-Unsubscribe (RFC 2369).'),
    mailto: z.array(z.string()),
    oneClick: z.boolean().describe('A POST without further questions is offered (RFC 8058).'),
    problem: z.string().nullable().describe('Why mail programs would not take it.'),
  })
  .meta({ id: 'Unsubscribe' });
export type Unsubscribe = z.infer<typeof unsubscribe>;

export const message = messageSummary
  .extend({
    envelope: z
      .object({ from: envelopeAddress, to: z.array(envelopeAddress) })
      .describe('MAIL FROM and the accepted RCPT TO with all parameters as sent.'),
    lines: z.object({ first: z.int(), last: z.int() }).nullable().describe('Of the session transcript.'),
    to: z
      .array(address)
      .describe('Of the To fields, all of them. Until the message is parsed: To and Cc, the first 20.'),
    cc: z.array(address),
    bcc: z.array(address),
    replyTo: z.array(address),
    messageId: z.string().nullable().describe('The Message-ID header.'),
    headers: z.array(headerField),
    text: z.string().nullable(),
    html: z.string().nullable().describe('As sent. Show it only in a sandboxed frame: /mail/{id}.'),
    structure: part.nullable(),
    attachmentList: z.array(attachment),
    links: z.array(link).describe('The first 500, those of the HTML before those of the text.'),
    codes: z.array(code).describe('The likeliest first, at most 20.'),
    unsubscribe: unsubscribe.nullable().describe('null: no List-Unsubscribe header.'),
    findingList: z
      .array(found)
      .optional()
      .describe(
        'What rules found, the worst first, at most 50; the call for findings has the words. Absent: nothing.',
      ),
    problem: z.string().nullable().describe('Why it could not be parsed, or not wholly.'),
  })
  .meta({ id: 'Message' });
export type Message = z.infer<typeof message>;
