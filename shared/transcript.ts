// The timed lines of a session, in both directions. Concatenated, the bytes of one side are exactly what went
// over the wire (inside TLS: the clear text), but for masked secrets, which keep their length.
import * as z from 'zod';

export const side = z.enum(['client', 'server']);
export type Side = z.infer<typeof side>;

/** Micro-seconds since the session was opened, monotonic; the moment that the process saw or gave the bytes. */
export const offsetUs = z.int().nonnegative();
/** A line number of the transcript, from 0. */
export const lineNumber = z.int().nonnegative();

/** `plain`, `handshake`, `secured`, `auth`, `transaction 1` ..., `quit`. */
export const phase = z.string();

export const transcriptLine = z
  .object({
    n: z.int().nonnegative(),
    atUs: z
      .int()
      .nonnegative()
      .describe('Micro-seconds since the session was opened, when its last byte was seen.'),
    from: z.enum(['client', 'server']).nullable().describe('null: an event, no bytes.'),
    kind: z
      .enum(['command', 'reply', 'auth', 'data', 'tls', 'raw', 'event'])
      .describe(
        'auth: a step of AUTH; data: a message, folded; tls: handshake bytes; raw: bytes that are no line.',
      ),
    phase,
    secure: z.boolean(),
    text: z
      .string()
      .describe('Without the line ending. Control bytes and invalid UTF-8 are replaced by U+FFFD.'),
    eol: z.enum(['CRLF', 'LF', 'CR', '']),
    base64: z
      .string()
      .optional()
      .describe('The exact bytes without the line ending, where the text is not faithful.'),
    masked: z.boolean().optional().describe('A secret in it is overwritten with as many *.'),
    code: z.int().optional().describe('Of a reply.'),
    enhanced: z.string().optional(),
    more: z.boolean().optional().describe('A further line of the same reply follows.'),
    transaction: z.int().optional(),
    pipelined: z.boolean().optional().describe('Sent before the reply to the command before it.'),
    chunk: z.int().optional().describe('Number of the read or write that brought its first byte.'),
    chunks: z.int().optional().describe('Over how many reads or writes it is spread, where more than one.'),
    bytes: z.int().describe('Its length on the wire, line ending included.'),
    messageId: z.string().optional().describe('data: the message that holds the bytes.'),
    lost: z
      .boolean()
      .optional()
      .describe('data, tls or raw: the bytes were not kept, because of a limit or a deletion.'),
    undelivered: z.int().optional().describe('Bytes of it that could not be written.'),
  })
  .meta({ id: 'TranscriptLine' });
export type TranscriptLine = z.infer<typeof transcriptLine>;

/** One read from or write to the socket (inside TLS: of clear text). */
export const transcriptChunk = z
  .object({
    n: z.int().nonnegative(),
    atUs: z.int().nonnegative(),
    from: z.enum(['client', 'server']),
    bytes: z.int(),
    secure: z.boolean(),
  })
  .meta({ id: 'TranscriptChunk' });
export type TranscriptChunk = z.infer<typeof transcriptChunk>;

export const transcript = z
  .object({
    sessionId: z.string(),
    items: z.array(transcriptLine),
    chunks: z.array(transcriptChunk).describe('Those that the items name.'),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'Transcript' });
export type Transcript = z.infer<typeof transcript>;
