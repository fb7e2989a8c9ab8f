// Sessions and messages as the recorder hands them to the store.
import { isoOf } from '../../server/clock.ts';
import { newMessageId, newSessionId } from '../../server/ids.ts';
import type { Derived, NewMessage, SessionPart, Store } from '../../server/store/store.ts';
import type { EnvelopeAddress, Transaction } from '../../shared/transaction.ts';
import type { Session } from '../../shared/session.ts';
import type { TranscriptChunk, TranscriptLine } from '../../shared/transcript.ts';
import { sessionOf } from '../support/records.ts';

export const startUs = 1_790_000_000_000_000;

const envelopeAddress = (address: string, line: number): EnvelopeAddress => ({
  address,
  params: [],
  line,
  reply: { code: 250, enhanced: '2.1.0', text: 'Ok' },
});

export function sampleTransaction(n: number, more: Partial<Transaction> = {}): Transaction {
  return {
    n,
    firstLine: 4,
    lastLine: null,
    from: envelopeAddress('ann@a.test', 4),
    recipients: [envelopeAddress('bob@b.test', 6)],
    recipientCount: 1,
    data: null,
    outcome: 'open',
    reply: null,
    messageId: null,
    ...more,
  };
}

let openedUs = startUs;

export function sampleSession(more: Partial<Session> = {}): Session {
  openedUs += 1000;
  return sessionOf(newSessionId(), 0, {
    openedAt: isoOf(openedUs),
    openedAtUs: openedUs,
    outcome: 'open',
    peer: { address: '127.0.0.1', port: 50_000 },
    socketPeer: { address: '127.0.0.1', port: 50_000 },
    clientName: 'client.test',
    commands: 4,
    bytesIn: 1000,
    bytesOut: 200,
    ehlo: [
      {
        line: 2,
        verb: 'EHLO',
        name: 'client.test',
        secure: false,
        offered: [{ keyword: 'SIZE', params: '52428800', used: true }],
      },
    ],
    lines: 10,
    ...more,
  });
}

export const closedSession = (session: Session, more: Partial<Session> = {}): Session => ({
  ...session,
  closedAt: isoOf(session.openedAtUs + 5000),
  durationUs: 5000,
  outcome: 'captured',
  ended: { by: 'client', how: 'quit', phase: 'quit', text: 'The client said QUIT.' },
  ...more,
});

export function sampleLines(
  first: number,
  count: number,
): { lines: TranscriptLine[]; chunks: TranscriptChunk[] } {
  const lines: TranscriptLine[] = [];
  const chunks: TranscriptChunk[] = [];
  for (let n = first; n < first + count; n += 1) {
    const from = n % 2 === 0 ? 'server' : 'client';
    const text = from === 'server' ? '250 2.1.0 Ok, go on with the next command' : 'RCPT TO:<bob@b.test>';
    lines.push({
      n,
      atUs: n * 100,
      from,
      kind: from === 'server' ? 'reply' : 'command',
      phase: 'transaction 1',
      secure: false,
      text,
      eol: 'CRLF',
      chunk: n,
      bytes: text.length + 2,
    });
    chunks.push({ n, atUs: n * 100, from, bytes: text.length + 2, secure: false });
  }
  return { lines, chunks };
}

let lastSeq = 0;
/** Above what any store of these tests was given before. */
export const nextSeq = (): number => (lastSeq += 1);

export const samplePart = (session = sampleSession(), more: Partial<SessionPart> = {}): SessionPart => ({
  seq: nextSeq(),
  session,
  ...sampleLines(0, 10),
  blobs: [],
  ...more,
});

export async function arrivedBody(store: Store, bytes: Buffer): Promise<NewMessage['body']> {
  const writer = store.createBody();
  for (let at = 0; at < bytes.length; at += 65_536) await writer.write(bytes.subarray(at, at + 65_536));
  return writer.finish();
}

export const mailBytes = (subject: string, size = 0): Buffer =>
  Buffer.from(`Subject: ${subject}\r\n\r\n`.padEnd(size, 'Lorem ipsum dolor sit amet.\r\n'));

export async function sampleMessage(
  store: Store,
  subject: string,
  more: Partial<NewMessage> & { bytes?: Buffer } = {},
): Promise<NewMessage> {
  const { bytes = mailBytes(subject), ...rest } = more;
  openedUs += 1000;
  return {
    id: newMessageId(),
    receivedAtUs: openedUs,
    origin: 'smtp',
    transaction: 1,
    lines: { first: 4, last: 9 },
    body: await arrivedBody(store, bytes),
    wire: { dots: new Uint8Array(), bdat: null },
    envelope: { from: envelopeAddress('ann@a.test', 4), to: [envelopeAddress('bob@b.test', 6)] },
    scanned: {
      from: [{ name: 'Ann', address: 'ann@a.test' }],
      to: [{ name: '', address: 'bob@b.test' }],
      subject,
      date: null,
    },
    tls: null,
    user: null,
    inboxes: ['default'],
    tags: [],
    ...rest,
  };
}

export const sampleDerived = (more: Partial<Derived> = {}): Derived => ({
  version: 1,
  problem: null,
  ok: true,
  from: [{ name: 'Ann', address: 'ann@a.test' }],
  to: [{ name: '', address: 'bob@b.test' }],
  cc: [{ name: 'Carl', address: 'carl@c.test' }],
  bcc: [],
  replyTo: [],
  subject: 'parsed subject',
  date: '2026-01-31T12:00:00.000Z',
  messageId: 'one@a.test',
  snippet: 'Hello Bob',
  headers: [
    { name: 'Subject', value: 'parsed subject', raw: 'Subject: parsed subject', offset: 0, length: 23 },
    { name: 'X-Tag', value: 'blue', raw: 'X-Tag: blue', offset: 25, length: 11 },
  ],
  text: 'Hello Bob',
  html: '<p>Hello Bob</p>',
  structure: null,
  attachments: [],
  links: [],
  codes: [],
  unsubscribe: null,
  ...more,
});

/** Saves one message of a session of its own. */
export async function save(store: Store, subject: string, more: Parameters<typeof sampleMessage>[2] = {}) {
  return store.saveMessage(await sampleMessage(store, subject, more), null);
}
