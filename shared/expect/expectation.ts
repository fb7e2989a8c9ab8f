// What POST /api/expect takes: conditions on messages and on sessions, as data.
import * as z from 'zod';
import { linkPurpose } from '../message.ts';
import { anomaly, outcome } from '../session.ts';
import { after, inView, timeout } from '../wait.ts';
import { fieldsMatch, numberMatch, textMatch } from './matchers.ts';
import { severities } from '../severity.ts';

/** The newest so many of the selected messages or sessions are judged. */
export const expectLimits = { judged: 1000, entries: 20, conditions: 20, selector: 500 } as const;

const several = <T extends z.ZodType>(one: T) => z.array(one).min(1).max(expectLimits.conditions);
const howMany = numberMatch.optional().describe('How many there must be that fit. Default: at least 1.');

export const htmlCondition = z.strictObject({
  selector: z
    .string()
    .min(1)
    .max(expectLimits.selector)
    .describe('A CSS selector, e.g. `a.button[href^=https]`.'),
  text: textMatch.optional().describe('Of the element, white space folded.'),
  attributes: fieldsMatch.optional(),
  count: howMany,
});
export const attachmentCondition = z.strictObject({
  filename: textMatch.optional(),
  contentType: textMatch.optional(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'must be 64 hexadecimal digits')
    .optional()
    .describe('Of its decoded bytes.'),
  size: numberMatch.optional().describe('Bytes, decoded.'),
  inline: z.boolean().optional(),
  count: howMany,
});
export const linkCondition = z.strictObject({
  text: textMatch.optional(),
  href: textMatch.optional(),
  purpose: linkPurpose.optional(),
  count: howMany,
});
export const codeCondition = z.strictObject({ code: textMatch.optional(), count: howMany });

const noFindings = z.strictObject({ below: z.enum(severities) }).optional();

const selecting = {
  name: z.string().max(200).optional().describe('What the answer calls it.'),
  query: z.string().max(20_000).optional().describe('Which ones are meant; without it all since `after`.'),
  count: numberMatch.optional().describe('How many must be meant. Default: at least 1.'),
};

/** `query` selects messages, `count` says how many there must be, and each of them must meet all other conditions. */
export const messageExpectation = z
  .strictObject({
    ...selecting,
    envelope: z
      .strictObject({
        from: textMatch.optional().describe('MAIL FROM, without brackets.'),
        to: z
          .array(z.string().max(1000))
          .max(1000)
          .optional()
          .describe('Exactly these recipients, in any order.'),
        toIncludes: z.array(z.string().max(1000)).max(1000).optional().describe('These and perhaps others.'),
        params: fieldsMatch.optional().describe('Of MAIL, e.g. { "BODY": "8BITMIME" }.'),
      })
      .optional(),
    headers: fieldsMatch.optional().describe('Decoded. Of several with the name one must fit.'),
    subject: textMatch.optional(),
    text: textMatch.optional().describe('The plain text; lines end in LF.'),
    html: z
      .union([textMatch, several(htmlCondition)])
      .optional()
      .describe('The source, or its elements.'),
    attachments: several(attachmentCondition).optional(),
    links: several(linkCondition).optional(),
    codes: several(codeCondition).optional(),
    size: numberMatch.optional().describe('Bytes of the whole message.'),
    findings: noFindings.describe('No finding of this severity or above.'),
  })
  .meta({ id: 'MessageExpectation' });
export type MessageExpectation = z.infer<typeof messageExpectation>;

export const tlsVersions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

/** `query` selects sessions, `count` says how many there must be, and each of them must meet all other conditions. */
export const sessionExpectation = z
  .strictObject({
    ...selecting,
    outcome: z
      .union([outcome, z.array(outcome).min(1).max(9)])
      .optional()
      .describe('One of these.'),
    tls: z
      .union([z.literal('none'), z.strictObject({ min: z.enum(tlsVersions) })])
      .optional()
      .describe('In clear, or with this version at least.'),
    mechanism: z.string().max(40).optional().describe('Of the AUTH that succeeded.'),
    user: textMatch.optional().describe('Who was authenticated.'),
    clientName: textMatch.optional().describe('As given with EHLO or HELO.'),
    messages: numberMatch.optional().describe('Stored over this one connection.'),
    quit: z.boolean().optional().describe('Whether the client said QUIT before it left.'),
    retried: z
      .strictObject({ after: z.int().min(400).max(599) })
      .optional()
      .describe(
        'Of all selected together: there was this reply to a transaction, and each was tried again, to the same recipients, until it was stored.',
      ),
    anomalies: z
      .union([z.literal('none'), z.strictObject({ not: z.array(anomaly.shape.kind).min(1).max(30) })])
      .optional()
      .describe('None at all, or none of these kinds.'),
    findings: noFindings.describe(
      'No finding of this severity or above, and no anomaly; each kind of those has a severity, too.',
    ),
  })
  .meta({ id: 'SessionExpectation' });
export type SessionExpectation = z.infer<typeof sessionExpectation>;

export const expectation = z
  .strictObject({
    ...inView,
    after: after.optional(),
    timeout: timeout
      .default(2000)
      .describe('How long it may take until all holds; the answer comes as soon as it does. Default: 2s.'),
    messages: z.array(messageExpectation).max(expectLimits.entries).default([]),
    sessions: z.array(sessionExpectation).max(expectLimits.entries).default([]),
  })
  .refine(({ messages, sessions }) => messages.length + sessions.length > 0, {
    message: 'needs messages or sessions',
  })
  .meta({ id: 'Expectation' });
/** As it is written. */
export type Expectation = z.input<typeof expectation>;
export type ParsedExpectation = z.output<typeof expectation>;
