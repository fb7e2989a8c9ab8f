// One recorded connection: who came, what was offered and used, how TLS and AUTH went, and how it ended.
import * as z from 'zod';

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
 * - `refused`: a MAIL, RCPT or DATA got a 4xx or 5xx reply.
 * - `timed-out`: one of our time limits ended it.
 * - `aborted`: the connection went away in the middle of a transaction, an AUTH or a handshake.
 * - `no-command`: the client left without trying to send a message.
 */
export const outcome = z.enum([
  'open',
  'interrupted',
  'captured',
  'tls-failed',
  'auth-failed',
  'refused',
  'timed-out',
  'aborted',
  'no-command',
]);
export type Outcome = z.infer<typeof outcome>;

export const side = z.enum(['client', 'server']);
export type Side = z.infer<typeof side>;

/** Micro-seconds since the session was opened, monotonic; the moment that the process saw or gave the bytes. */
const offsetUs = z.int().nonnegative();
/** A line number of the transcript, from 0. */
const lineNumber = z.int().nonnegative();

export const endpoint = z.object({ address: z.string(), port: z.int() });

export const ended = z.object({
  by: z.enum(['client', 'server', 'network']),
  how: z
    .enum(['quit', 'fin', 'rst', 'timeout', 'shutdown', 'limit', 'error'])
    .describe('fin: closed without QUIT; limit: one of our limits; error: our own fault.'),
  phase: z.string().describe('The phase in which it ended, as in the transcript.'),
  text: z.string().describe('The same, as a sentence for a person.'),
});
export type Ended = z.infer<typeof ended>;

export const anomaly = z.object({
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
});
export type Anomaly = z.infer<typeof anomaly>;
export type AnomalyKind = Anomaly['kind'];

export const ehloExchange = z.object({
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
});
export type EhloExchange = z.infer<typeof ehloExchange>;

export const clientHello = z.object({
  sni: z.string().nullable(),
  versions: z.array(z.string()).describe('As offered, e.g. TLSv1.3.'),
  ciphers: z.array(z.string()).describe('IANA names in the order of the client.'),
  groups: z.array(z.string()),
  keyShares: z.array(z.string()),
  signatureAlgorithms: z.array(z.string()),
  alpn: z.array(z.string()),
  extensions: z.array(z.string()),
  resumption: z.boolean().describe('A session ticket or a pre-shared key was offered.'),
  ja3: z.string(),
  ja3Text: z.string(),
  ja4: z.string(),
  bytes: z.int(),
  records: z.int(),
});
export type ClientHello = z.infer<typeof clientHello>;

export const certificate = z.object({
  subject: z.string(),
  issuer: z.string(),
  names: z.array(z.string()).describe('Subject alternative names.'),
  validFrom: z.string(),
  validTo: z.string(),
  fingerprint256: z.string(),
  serialNumber: z.string(),
  key: z.string().describe('e.g. EC P-256 or RSA 2048.'),
});
export type Certificate = z.infer<typeof certificate>;

export const tlsHandshake = z.object({
  mode: z
    .enum(['implicit', 'starttls', 'unexpected'])
    .describe('unexpected: a ClientHello on a port without TLS.'),
  line: lineNumber,
  atUs: offsetUs,
  durationUs: z.int().nonnegative(),
  ok: z.boolean(),
  clientHello: clientHello.nullable(),
  helloRetry: z.boolean(),
  version: z.string().nullable(),
  cipher: z.string().nullable(),
  group: z.string().nullable(),
  alpn: z.string().nullable(),
  sni: z.string().nullable(),
  resumed: z.boolean(),
  certificates: z.array(certificate).describe('What we sent, leaf first.'),
  clientCertificate: certificate.extend({ trusted: z.boolean(), problem: z.string().nullable() }).nullable(),
  alerts: z.array(
    z.object({
      from: side,
      level: z.enum(['warning', 'fatal']),
      code: z.int(),
      name: z.string(),
      atUs: offsetUs,
    }),
  ),
  steps: z.array(z.object({ from: side, atUs: offsetUs, name: z.string(), bytes: z.int() })),
  failure: z
    .object({
      code: z.string().nullable().describe('The code of the TLS library, e.g. ERR_SSL_NO_SHARED_CIPHER.'),
      alert: z.string().nullable(),
      by: side.nullable(),
      text: z.string().describe('Why it failed, as a sentence for a person.'),
    })
    .nullable(),
});
export type TlsHandshake = z.infer<typeof tlsHandshake>;

/** What is kept of a secret: facts that explain a failure without showing it. */
export const secretFacts = z.object({
  length: z.int().describe('In bytes, decoded.'),
  charset: z.enum(['ascii', 'utf-8', 'binary', 'empty']),
  trailingWhitespace: z.boolean(),
  looksLikeBase64: z.boolean().describe('Perhaps encoded twice.'),
});
export type SecretFacts = z.infer<typeof secretFacts>;

export const authStep = z.object({
  from: side,
  line: lineNumber,
  atUs: offsetUs,
  what: z.string().describe('e.g. initial response, challenge, user name, password, cancelled.'),
  decoded: z.record(z.string(), z.string()).describe('Decoded fields without secrets.'),
  problem: z.string().nullable().describe('What is wrong with it, e.g. not valid base64.'),
});
export type AuthStep = z.infer<typeof authStep>;

export const authAttempt = z.object({
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
});
export type AuthAttempt = z.infer<typeof authAttempt>;

export const reply = z.object({
  code: z.int(),
  enhanced: z.string().nullable().describe('RFC 3463, e.g. 2.1.5.'),
  text: z.string(),
});
export type Reply = z.infer<typeof reply>;

/** An ESMTP parameter exactly as it was sent, e.g. `{ name: 'SIZE', value: '1024' }`. */
export const esmtpParameter = z.object({ name: z.string(), value: z.string().nullable() });
export type EsmtpParameter = z.infer<typeof esmtpParameter>;

export const envelopeAddress = z.object({
  address: z.string().describe('As sent, without the angle brackets; empty for the null sender.'),
  params: z.array(esmtpParameter),
  line: lineNumber,
  reply: reply.nullable(),
});
export type EnvelopeAddress = z.infer<typeof envelopeAddress>;

/** What DATA or BDAT looked like on the wire; counts are of bytes as sent. */
export const dataFacts = z.object({
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
});
export type DataFacts = z.infer<typeof dataFacts>;

export const transaction = z.object({
  n: z.int().positive().describe('From 1.'),
  firstLine: lineNumber,
  lastLine: lineNumber.nullable(),
  from: envelopeAddress,
  recipients: z.array(envelopeAddress),
  recipientCount: z.int().describe('All RCPT commands, also those past the kept ones.'),
  data: dataFacts.nullable(),
  outcome: z
    .enum(['open', 'stored', 'refused', 'aborted', 'reset'])
    .describe('reset: given up by RSET, EHLO, STARTTLS or QUIT.'),
  reply: reply.nullable().describe('The final answer to the message.'),
  messageId: z.string().nullable(),
});
export type Transaction = z.infer<typeof transaction>;

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
    commands: z.int(),
    bytesIn: z.int().describe('From the client, as on TCP.'),
    bytesOut: z.int(),
    anomalies: z.int(),
    ended: ended.nullable(),
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
    lines: z.int().describe('Lines of the transcript.'),
    truncated: z.boolean().describe('Something was only counted, because the session went over a limit.'),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof session>;
