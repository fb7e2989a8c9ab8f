// One recorded connection: who came, what was offered and used, how TLS and AUTH went, and how it ended.
import * as z from 'zod';
import { appliedFault } from './fault.ts';
import { found, foundSummary } from './finding.ts';
import { tlsHandshake } from './tls.ts';
import { refusal, transaction } from './transaction.ts';
import { lineNumber, offsetUs, side } from './transcript.ts';

export const sessionId = z
  .string()
  .regex(/^s_[A-Za-z0-9_-]{1,62}$/)
  .meta({ id: 'SessionId', description: 'Sorts by the time the connection was opened.' });

/**
 * How a session ended, in one word. The first that applies, in this order:
 * - `open`: still running.
 * - `interrupted`: Mailscope stopped or was killed while it ran.
 * - `captured`: at least one message was stored.
 * - `tls-failed`: a TLS handshake failed, or TLS was started on a plain port.
 * - `auth-failed`: an AUTH failed and none succeeded.
 * - `refused`: a MAIL, RCPT or DATA got a 4xx or 5xx reply, or EHLO, STARTTLS or XCLIENT did and the client gave up with that; or a limit of ours or a simulated failure ended it.
 * - `timed-out`: one of our time limits ended it.
 * - `aborted`: the connection went away in the middle of a transaction, an AUTH or a handshake.
 * - `no-command`: the client left without sending a message; perhaps after RCPT, as those do who only check an address.
 */
export const outcome = z
  .enum([
    'open',
    'interrupted',
    'captured',
    'tls-failed',
    'auth-failed',
    'refused',
    'timed-out',
    'aborted',
    'no-command',
  ])
  .meta({ id: 'Outcome' });
export type Outcome = z.infer<typeof outcome>;

export const endpoint = z.object({ address: z.string(), port: z.int() }).meta({ id: 'Endpoint' });

export const ended = z
  .object({
    by: z.enum(['client', 'server', 'network']),
    how: z
      .enum(['quit', 'fin', 'rst', 'tls', 'timeout', 'shutdown', 'limit', 'fault', 'error'])
      .describe(
        'fin: closed without QUIT; tls: a handshake failed; limit: one of our limits; fault: a simulated failure; error: a fault of ours or what is no SMTP.',
      ),
    phase: z.string().describe('The phase in which it ended, as in the transcript.'),
    text: z.string().describe('The same, as a sentence for a person.'),
  })
  .meta({ id: 'Ended' });
export type Ended = z.infer<typeof ended>;

export const anomaly = z
  .object({
    kind: z.enum([
      'early-talker',
      'illegal-pipelining',
      'plaintext-after-starttls',
      'early-client-hello',
      'tls-on-plain-port',
      'plaintext-on-tls-port',
      'http-on-smtp-port',
      'proxy-header-unexpected',
      'bare-lf',
      'bare-cr',
      'nul',
      'control-character',
      'overlong-command',
      'overlong-line',
      'eight-bit-without-8bitmime',
      'utf8-address-without-smtputf8',
      'malformed-address',
      'parameter-not-offered',
      'smuggling-sequence',
      'size-mismatch',
      'no-quit',
      'reply-not-delivered',
      'too-many-errors',
    ]),
    line: lineNumber.nullable(),
    atUs: offsetUs,
    count: z.int().positive(),
    text: z.string(),
  })
  .meta({ id: 'Anomaly' });
export type Anomaly = z.infer<typeof anomaly>;
export type AnomalyKind = Anomaly['kind'];

export const ehloExchange = z
  .object({
    line: lineNumber,
    verb: z.enum(['EHLO', 'HELO', 'LHLO']),
    name: z.string().describe('The name that the client gave.'),
    secure: z.boolean(),
    offered: z.array(
      z.object({
        keyword: z.string(),
        params: z.string(),
        used: z.boolean().describe('The client made use of it later in the session.'),
      }),
    ),
  })
  .meta({ id: 'EhloExchange' });
export type EhloExchange = z.infer<typeof ehloExchange>;

/** What is kept of a secret: facts that explain a failure without showing it. */
export const secretFacts = z
  .object({
    length: z.int().describe('In bytes, decoded.'),
    charset: z.enum(['ascii', 'utf-8', 'binary', 'empty']),
    trailingWhitespace: z.boolean(),
    looksLikeBase64: z.boolean().describe('Perhaps encoded twice.'),
  })
  .meta({ id: 'SecretFacts' });
export type SecretFacts = z.infer<typeof secretFacts>;

export const authStep = z
  .object({
    from: side,
    line: lineNumber,
    atUs: offsetUs,
    what: z.string().describe('e.g. initial response, challenge, user name, password, cancelled.'),
    decoded: z.record(z.string(), z.string()).describe('Decoded fields without secrets.'),
    problem: z.string().nullable().describe('What is wrong with it, e.g. not valid base64.'),
  })
  .meta({ id: 'AuthStep' });
export type AuthStep = z.infer<typeof authStep>;

export const authAttempt = z
  .object({
    mechanism: z.string(),
    line: lineNumber,
    secure: z.boolean(),
    initialResponse: z.boolean(),
    steps: z.array(authStep),
    user: z.string().nullable(),
    authorizationId: z.string().nullable(),
    secret: secretFacts.nullable(),
    credential: z.string().nullable().describe('The secret itself, only with --record-credentials.'),
    ok: z.boolean(),
    code: z.int().nullable().describe('Of the final reply; null when the client left before it.'),
    reason: z.string().describe('Why it went as it went, as a sentence.'),
    cause: refusal
      .optional()
      .describe('The command refused before it, for want of which it was refused, e.g. HELO without a name.'),
  })
  .meta({ id: 'AuthAttempt' });
export type AuthAttempt = z.infer<typeof authAttempt>;

export const sessionSummary = z
  .object({
    id: sessionId,
    openedAt: z.iso.datetime().describe('UTC.'),
    openedAtUs: z.int().describe('The same in micro-seconds since 1970.'),
    closedAt: z.iso.datetime().nullable(),
    durationUs: z.int().nullable(),
    outcome,
    listener: z.string().describe('e.g. smtp, submission, smtps, or the name of a further one.'),
    peer: endpoint,
    local: endpoint,
    clientName: z.string().nullable().describe('What the client called itself in EHLO.'),
    tls: z.string().nullable().describe('e.g. TLSv1.3; null without TLS.'),
    user: z.string().nullable().describe('The user that AUTH accepted, or last tried.'),
    mechanism: z.string().nullable(),
    messageIds: z.array(z.string()).describe('Of the stored messages, the first 100.'),
    messages: z.int(),
    firstMail: z
      .object({ from: z.string(), to: z.string(), recipients: z.int() })
      .optional()
      .describe(
        'Of the first stored message: MAIL FROM (empty for a bounce), the first accepted RCPT TO, and how many there are. Not in the view of one inbox where the session has mail of several, and not in events that are kept.',
      ),
    inboxes: z
      .array(z.string())
      .describe('That of its login, and those of its messages. Empty while it runs and has neither.'),
    inboxMessages: z
      .record(z.string(), z.array(z.string()))
      .optional()
      .describe('By inbox, where it has messages of several.'),
    commands: z.int(),
    bytesIn: z.int().describe('From the client, as on TCP.'),
    bytesOut: z.int(),
    anomalies: z.int(),
    findings: foundSummary.optional().describe('What rules found wrong, once it has ended. Absent: nothing.'),
    faults: z.int().optional().describe('How many simulated failures it met. Absent: none.'),
    ended: ended.nullable(),
    refusal: z
      .object({
        command: z
          .string()
          .describe(
            'AUTH, MAIL FROM, RCPT TO, DATA or BDAT; or EHLO, HELO, LHLO or STARTTLS, for want of which they were refused, or with which the client gave up.',
          ),
        code: z.int(),
        enhanced: z.string().nullable().describe('RFC 3463, e.g. 5.1.1.'),
        cancelled: z
          .literal(true)
          .optional()
          .describe('The client called the login off with `*`; the code is the answer to that (RFC 4954 4).'),
      })
      .optional()
      .describe(
        'Where the outcome is refused: of its last mail the first command that was not accepted; auth-failed: its last login.',
      ),
  })
  .meta({ id: 'SessionSummary' });
export type SessionSummary = z.infer<typeof sessionSummary>;

export const session = sessionSummary
  .extend({
    proxy: z
      .object({
        version: z.int(),
        source: endpoint.nullable(),
        destination: endpoint.nullable(),
        line: lineNumber,
      })
      .nullable()
      .describe('The PROXY protocol header, when the listener takes one.'),
    socketPeer: endpoint.describe('Who was on the socket; peer may come from PROXY or XCLIENT.'),
    xclient: z.array(z.record(z.string(), z.string())),
    ehlo: z.array(ehloExchange),
    handshakes: z.array(tlsHandshake),
    auth: z.array(authAttempt),
    transactions: z.array(transaction),
    anomalyList: z.array(anomaly),
    faultList: z
      .array(appliedFault)
      .optional()
      .describe('The simulated failures that it met, the first 100. Absent: none.'),
    findingList: z
      .array(found)
      .optional()
      .describe(
        'What rules found, the worst first, at most 50; the call for findings has the words. Absent: nothing.',
      ),
    lines: z.int().describe('Lines of the transcript.'),
    truncated: z.boolean().describe('Something was only counted, because the session went over a limit.'),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof session>;
