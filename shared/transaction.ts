// A mail transaction: one MAIL command and what followed (RFC 5321 3.3), also where it was refused or given up.
import * as z from 'zod';
import { lineNumber } from './transcript.ts';

export const reply = z
  .object({
    code: z.int(),
    enhanced: z.string().nullable().describe('RFC 3463, e.g. 2.1.5.'),
    text: z.string().describe('Of a simulated failure it may have several lines, with \\n between them.'),
  })
  .meta({ id: 'Reply' });
export type Reply = z.infer<typeof reply>;

/** An ESMTP parameter exactly as it was sent, e.g. `{ name: 'SIZE', value: '1024' }`. */
export const esmtpParameter = z
  .object({ name: z.string(), value: z.string().nullable() })
  .meta({ id: 'EsmtpParameter' });
export type EsmtpParameter = z.infer<typeof esmtpParameter>;

export const envelopeAddress = z
  .object({
    address: z.string().describe('As sent, without the angle brackets; empty for the null sender.'),
    params: z.array(esmtpParameter),
    line: lineNumber,
    reply: reply.nullable(),
  })
  .meta({ id: 'EnvelopeAddress' });
export type EnvelopeAddress = z.infer<typeof envelopeAddress>;

/** A command that was not accepted. */
export const refusal = z
  .object({ command: z.string().describe('e.g. HELO, MAIL FROM.'), reply, line: lineNumber })
  .meta({ id: 'Refusal' });
export type Refusal = z.infer<typeof refusal>;

/** What DATA or BDAT looked like on the wire; counts are of bytes as sent. */
export const dataFacts = z
  .object({
    command: z.enum(['DATA', 'BDAT']),
    line: lineNumber,
    size: z.int().describe('Bytes of the message, dots removed.'),
    wireSize: z.int().describe('Bytes on the wire, with the final dot.'),
    durationUs: z.int(),
    lines: z.int(),
    longestLine: z.int(),
    stuffedDots: z.int(),
    bareLf: z.int(),
    bareCr: z.int(),
    nul: z.int(),
    eightBit: z.int(),
    chunks: z.array(z.int()).describe('BDAT chunk sizes.'),
    smuggling: z.record(z.string(), z.int()).describe('Ambiguous end-of-data sequences and how often.'),
  })
  .meta({ id: 'DataFacts' });
export type DataFacts = z.infer<typeof dataFacts>;

export const transaction = z
  .object({
    n: z.int().positive().describe('From 1.'),
    firstLine: lineNumber,
    lastLine: lineNumber.nullable(),
    from: envelopeAddress,
    recipients: z.array(envelopeAddress),
    recipientCount: z.int().describe('All RCPT commands, also those past the kept ones.'),
    data: dataFacts.nullable(),
    outcome: z
      .enum(['open', 'stored', 'refused', 'aborted', 'reset'])
      .describe(
        'reset: given up by a command, see `endedBy`; aborted: the connection ended, or a BDAT chunk failed.',
      ),
    endedBy: z
      .enum(['RSET', 'EHLO', 'HELO', 'LHLO', 'STARTTLS', 'XCLIENT', 'QUIT'])
      .optional()
      .describe('The command that gave up a reset one.'),
    cause: refusal
      .optional()
      .describe(
        'The command refused before it, for want of which MAIL was refused, e.g. HELO without a name.',
      ),
    reply: reply.nullable().describe('The final answer to the message.'),
    messageId: z.string().nullable(),
    inboxes: z
      .array(z.string())
      .optional()
      .describe('Of the message, or where it would have gone; absent: default.'),
  })
  .meta({ id: 'Transaction' });
export type Transaction = z.infer<typeof transaction>;

/** Those to whom a message goes. */
export const acceptedOf = ({ recipients }: Transaction): EnvelopeAddress[] =>
  recipients.filter(({ reply }) => reply?.code === 250);
