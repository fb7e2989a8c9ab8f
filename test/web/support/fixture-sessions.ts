// Sessions with their transcripts as the API gives them.
import type { Session } from '../../../shared/session.ts';
import type { TranscriptLine } from '../../../shared/transcript.ts';
import { sessionOf } from '../../support/records.ts';
import { agreed } from './fixture-handshakes.ts';
import { makeLines } from './fixture-lines.ts';
import { rejected } from './fixture-findings.ts';

const day = Date.parse('2026-03-12T14:24:00.000Z');

export const capturedLines = makeLines([
  ['S', 210, '220 mailscope ESMTP'],
  ['C', 1900, 'EHLO app-7.shop.example'],
  ['S', 2100, '250-mailscope greets app-7.shop.example', { chunk: 2 }],
  ['S', 2100, '250-PIPELINING', { chunk: 2 }],
  ['S', 2100, '250-SIZE 52428800', { chunk: 2 }],
  ['S', 2100, '250-8BITMIME', { chunk: 2 }],
  ['S', 2100, '250 STARTTLS', { chunk: 2 }],
  ['C', 3000, 'STARTTLS'],
  ['S', 3120, '220 2.0.0 Ready to start TLS'],
  ['C', 4400, 'ClientHello, 517 bytes', { kind: 'tls', phase: 'handshake', eol: '', bytes: 522 }],
  ['S', 6100, 'ServerHello, Certificate, Finished', { kind: 'tls', eol: '', bytes: 1204 }],
  ['-', 8800, 'TLSv1.3 with TLS_AES_128_GCM_SHA256, X25519MLKEM768'],
  ['C', 9100, 'EHLO app-7.shop.example', { phase: 'secured', secure: true }],
  ['S', 9260, '250-mailscope greets app-7.shop.example', { chunk: 13 }],
  ['S', 9260, '250-PIPELINING', { chunk: 13 }],
  ['S', 9260, '250-SIZE 52428800', { chunk: 13 }],
  ['S', 9260, '250-AUTH PLAIN LOGIN CRAM-MD5 XOAUTH2', { chunk: 13 }],
  ['S', 9260, '250-ENHANCEDSTATUSCODES', { chunk: 13 }],
  ['S', 9260, '250 CHUNKING', { chunk: 13 }],
  ['C', 11_900, 'AUTH LOGIN', { phase: 'auth' }],
  ['S', 12_010, '334 VXNlcm5hbWU6'],
  ['C', 13_500, 'c2hvcC1hcHA=', { kind: 'auth' }],
  ['S', 13_590, '334 UGFzc3dvcmQ6'],
  ['C', 14_900, '****************', { kind: 'auth', masked: true }],
  ['S', 166_200, '235 2.7.0 Authentication successful'],
  [
    'C',
    167_900,
    'MAIL FROM:<bounces@shop.example> SIZE=3120 BODY=8BITMIME',
    { phase: 'transaction 1', chunk: 25, transaction: 1 },
  ],
  ['C', 167_900, 'RCPT TO:<ann@customer.example> NOTIFY=FAILURE,DELAY', { chunk: 25, pipelined: true }],
  ['C', 167_900, 'RCPT TO:<archive@shop.example>', { chunk: 25, pipelined: true }],
  ['S', 168_200, '250 2.1.0 Accepted', { chunk: 26 }],
  ['S', 168_200, '250 2.1.5 Accepted', { chunk: 26 }],
  ['S', 168_200, '250 2.1.5 Accepted', { chunk: 26 }],
  ['C', 169_900, 'DATA'],
  ['S', 170_010, '354 End data with <CR><LF>.<CR><LF>'],
  ['C', 612_400, '', { kind: 'data', messageId: 'm_invoice', bytes: 3124, chunks: 3 }],
  ['S', 619_800, '250 2.0.0 Stored as m_invoice'],
  ['C', 1_921_000, 'QUIT', { phase: 'quit' }],
  ['S', 1_921_100, '221 2.0.0 Bye'],
]);

export function makeSession(n: number, more: Partial<Session> = {}): Session {
  const openedAt = new Date(day + n * 61_000);
  return sessionOf(`s_${String(n).padStart(8, '0')}`, n, {
    openedAt: openedAt.toISOString(),
    openedAtUs: openedAt.getTime() * 1000,
    closedAt: new Date(openedAt.getTime() + 1900).toISOString(),
    durationUs: 1_921_100,
    peer: { address: '127.0.0.1', port: 50_000 + n },
    socketPeer: { address: '127.0.0.1', port: 50_000 + n },
    clientName: 'app-7.shop.example',
    messages: 1,
    commands: 7,
    bytesIn: 4211,
    bytesOut: 812,
    ended: {
      by: 'client',
      how: 'quit',
      phase: 'quit',
      text: 'The client said QUIT and closed the connection.',
    },
    lines: capturedLines.length,
    ...more,
  });
}

const offer = (keyword: string, params = '', used = false) => ({ keyword, params, used });

export const capturedSession = makeSession(5, {
  id: 's_captured',
  listener: 'submission',
  local: { address: '127.0.0.1', port: 1587 },
  tls: 'TLSv1.3',
  user: 'shop-app',
  mechanism: 'LOGIN',
  messageIds: ['m_invoice'],
  anomalies: 1,
  ehlo: [
    {
      line: 1,
      verb: 'EHLO',
      name: 'app-7.shop.example',
      secure: false,
      offered: [
        offer('PIPELINING'),
        offer('SIZE', '52428800'),
        offer('8BITMIME'),
        offer('STARTTLS', '', true),
      ],
    },
    {
      line: 12,
      verb: 'EHLO',
      name: 'app-7.shop.example',
      secure: true,
      offered: [
        offer('PIPELINING', '', true),
        offer('SIZE', '52428800', true),
        offer('AUTH', 'PLAIN LOGIN CRAM-MD5 XOAUTH2', true),
        offer('ENHANCEDSTATUSCODES'),
        offer('CHUNKING'),
      ],
    },
  ],
  handshakes: [agreed],
  auth: [
    {
      mechanism: 'LOGIN',
      line: 19,
      secure: true,
      initialResponse: false,
      steps: [
        {
          from: 'server',
          line: 20,
          atUs: 12_010,
          what: 'challenge',
          decoded: { prompt: 'Username:' },
          problem: null,
        },
        {
          from: 'client',
          line: 21,
          atUs: 13_500,
          what: 'user name',
          decoded: { user: 'shop-app' },
          problem: null,
        },
        {
          from: 'server',
          line: 22,
          atUs: 13_590,
          what: 'challenge',
          decoded: { prompt: 'Password:' },
          problem: null,
        },
        { from: 'client', line: 23, atUs: 14_900, what: 'password', decoded: {}, problem: null },
      ],
      user: 'shop-app',
      authorizationId: null,
      secret: { length: 11, charset: 'ascii', trailingWhitespace: true, looksLikeBase64: false },
      credential: null,
      ok: true,
      code: 235,
      reason: 'Any login is accepted here.',
    },
  ],
  transactions: [
    {
      n: 1,
      firstLine: 25,
      lastLine: 34,
      from: {
        address: 'bounces@shop.example',
        params: [
          { name: 'SIZE', value: '3120' },
          { name: 'BODY', value: '8BITMIME' },
        ],
        line: 25,
        reply: { code: 250, enhanced: '2.1.0', text: 'Accepted' },
      },
      recipients: [
        {
          address: 'ann@customer.example',
          params: [{ name: 'NOTIFY', value: 'FAILURE,DELAY' }],
          line: 26,
          reply: { code: 250, enhanced: '2.1.5', text: 'Accepted' },
        },
        {
          address: 'archive@shop.example',
          params: [],
          line: 27,
          reply: { code: 250, enhanced: '2.1.5', text: 'Accepted' },
        },
      ],
      recipientCount: 2,
      data: {
        command: 'DATA',
        line: 31,
        size: 3119,
        wireSize: 3124,
        durationUs: 442_390,
        lines: 48,
        longestLine: 212,
        stuffedDots: 2,
        bareLf: 0,
        bareCr: 0,
        nul: 0,
        eightBit: 14,
        chunks: [],
        smuggling: {},
      },
      outcome: 'stored',
      reply: { code: 250, enhanced: '2.0.0', text: 'Stored as m_invoice' },
      messageId: 'm_invoice',
    },
  ],
  anomalyList: [
    {
      kind: 'size-mismatch',
      line: 25,
      atUs: 167_900,
      count: 1,
      text: 'SIZE=3120 was declared, and 3119 bytes came.',
    },
  ],
});

export const failedTls: TranscriptLine[] = makeLines([
  ['S', 240, '220 mailscope ESMTP'],
  ['C', 1400, 'EHLO [10.0.0.7]'],
  ['S', 1500, '250-mailscope', { chunk: 2 }],
  ['S', 1500, '250 STARTTLS', { chunk: 2 }],
  ['C', 2200, 'STARTTLS'],
  ['S', 2300, '220 2.0.0 Ready to start TLS'],
  ['C', 3100, 'ClientHello, 289 bytes', { kind: 'tls', phase: 'handshake', eol: '' }],
  ['S', 4400, 'ServerHello, Certificate, Finished', { kind: 'tls', eol: '' }],
  ['C', 9100, 'Alert unknown_ca', { kind: 'tls', eol: '' }],
  ['-', 9200, 'The client closed the connection.'],
]);

export const failedTlsSession = makeSession(4, {
  id: 's_tls',
  findings: { count: 1, worst: 'blocker' },
  findingList: [rejected],
  outcome: 'tls-failed',
  listener: 'submission',
  clientName: '[10.0.0.7]',
  messages: 0,
  commands: 2,
  durationUs: 9200,
  lines: failedTls.length,
  ended: {
    by: 'client',
    how: 'fin',
    phase: 'handshake',
    text: 'The client gave up the TLS handshake and closed the connection.',
  },
  handshakes: [
    {
      ...agreed,
      line: 6,
      ok: false,
      atUs: 2300,
      durationUs: 6800,
      alerts: [{ from: 'client', level: 'fatal', code: 48, name: 'unknown_ca', atUs: 9100 }],
      failure: {
        code: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
        alert: 'unknown_ca',
        by: 'client',
        text: 'The client does not trust the certificate: its issuer, Mailscope local CA, is not among the authorities that it knows.',
      },
    },
  ],
  ehlo: [
    { line: 1, verb: 'EHLO', name: '[10.0.0.7]', secure: false, offered: [offer('STARTTLS', '', true)] },
  ],
});
