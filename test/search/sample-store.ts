// A store with a few hundred messages and sessions of every kind, and beside it what the search should know of them.
import { nowUs } from '../../server/clock.ts';
import type { Store } from '../../server/store/store.ts';
import type { SearchableMessage } from '../../shared/search/message-texts.ts';
import type { SearchableSession } from '../../shared/search/session-texts.ts';
import type { Address } from '../../shared/message.ts';
import type { EnvelopeAddress } from '../../shared/transaction.ts';
import type { TranscriptLine } from '../../shared/transcript.ts';
import { closedSession, sampleDerived, sampleMessage, samplePart, sampleSession } from '../store/samples.ts';
import { sampleTransaction } from '../store/samples.ts';
import type { Random } from './random.ts';

export const words = [
  ...[
    'reset',
    'Reset',
    'password',
    'pass',
    'order',
    'orders',
    'the',
    'a',
    'of',
    'invoice',
    'Rechnung',
    'Straße',
  ],
  ...[
    'ÉCOLE',
    'école',
    'naïve',
    'Ünïcode',
    'ΟΔΟΣ',
    'οδός',
    'İstanbul',
    'हिन्दी',
    '重置密码',
    '한국어',
    'ﬁnal',
  ],
  ...[
    '50%',
    'a_b',
    'a%b',
    "O'Brien",
    'foo\\bar',
    '"quoted"',
    '🎉',
    '--',
    '4711',
    '12:30',
    'x*y',
    'NEAR',
    'AND',
  ],
  ...['https://example.com/r?x=1', 'ann@a.test', '\ufffd', '(paren)', 'e\u0301tude', 'tok-9f8e7d'],
];
const domains = ['a.test', 'B.test', 'example.com', 'müller.example', 'xn--mller-kva.example'];
const names = ['Ann', 'Bob Example', 'Zoë', '', "O'Brien, Pat", 'अजय'];
export const tags = ['checkout', 'Checkout flow', 'größe', 'a"b', 'x'];
const versions = ['TLSv1.3', 'TLSv1.2', null];
const mechanisms = ['PLAIN', 'CRAM-MD5', null];
const clients = ['web-1.test', '[127.0.0.1]', 'MÜLLER', null];

export interface SampleStore {
  messages: (SearchableMessage & { id: string })[];
  sessions: SearchableSession[];
}

/** The first of them, as many as `settled`, are all parsed, and their sessions have ended. */
export async function fillStore(
  store: Store,
  random: Random,
  count: number,
  settled = 0,
): Promise<SampleStore> {
  const messages: SampleStore['messages'] = [];
  const sessions: SearchableSession[] = [];
  const now = nowUs();
  const text = (length: number): string =>
    Array.from({ length: random.below(length) }, () => random.pick(words)).join(
      random.pick([' ', '\n', ' ', '-']),
    );
  const address = (): Address => ({
    name: random.pick(names),
    address: `${random.pick(['ann', 'bob', 'Carl', 'no_reply', 'a+b'])}@${random.pick(domains)}`,
  });
  const some = <T>(make: () => T, most: number): T[] => Array.from({ length: random.below(most + 1) }, make);
  const inEnvelope = (address: string): EnvelopeAddress => ({ address, params: [], line: 4, reply: null });

  for (let n = 0; n < count; n += 1) {
    // Half an hour off the full hours that queries ask for.
    const receivedAtUs = now - (random.below(100) * 3600 + 1800) * 1e6;
    const session = sampleSession({
      openedAtUs: receivedAtUs,
      listener: random.pick(['smtp', 'submission', 'extra-1']),
      peer: { address: random.pick(['127.0.0.1', '::1', '10.0.0.7']), port: 40_000 + random.below(100) },
      clientName: random.pick(clients),
      tls: random.pick(versions),
      user: random.chance(0.3) ? random.pick(['app', 'Ünal', 'a_b']) : null,
      mechanism: random.pick(mechanisms),
      messages: random.below(2),
      anomalies: random.below(2),
    });
    const codes = some(() => random.pick([220, 250, 354, 421, 450, 535, 550, 221]), 6);
    const recipients = some(() => inEnvelope(address().address), 3);
    session.transactions = some(
      () => sampleTransaction(1, { from: inEnvelope(address().address), recipients }),
      1,
    );
    const ended =
      random.chance(0.9) || n < settled
        ? closedSession(session, {
            outcome: random.pick(['captured', 'refused', 'tls-failed', 'no-command']),
          })
        : session;
    const lines = codes.map((code, n): TranscriptLine => ({
      ...{ n, atUs: n, from: 'server', kind: 'reply', phase: 'plain', secure: false, text: '', eol: 'CRLF' },
      ...{ code, bytes: 2 },
    }));
    const part = samplePart(ended, { lines, chunks: [] });
    const stored: SearchableSession = { ...ended, codes };

    const from = some(address, 2);
    const [to, cc, bcc] = [some(address, 3), some(address, 2), random.chance(0.1) ? [address()] : []];
    const envelopeTo = [...to, ...cc].map(({ address }) => address).filter(() => random.chance(0.8));
    if (random.chance(0.3)) envelopeTo.push(address().address);
    const subject = text(6);
    const tls = random.pick(versions);
    const user = random.chance(0.3) ? 'app' : null;
    const size = 10 + random.below(3000);
    const message = await sampleMessage(store, subject, {
      receivedAtUs,
      bytes: Buffer.alloc(size, 97),
      envelope: {
        from: inEnvelope(random.chance(0.1) ? '' : address().address),
        to: envelopeTo.map(inEnvelope),
      },
      scanned: { from, to: [...to, ...cc], subject, date: null },
      tls,
      user,
    });
    const alone = random.chance(0.2);
    await store.saveMessage(message, alone ? null : part);
    if (!alone) {
      sessions.push(stored);
      if (ended.closedAt !== null) await store.saveSession({ ...part, lines: [], chunks: [] }, true);
    }
    const facts: SampleStore['messages'][number] = {
      ...{
        id: message.id,
        receivedAtUs,
        size,
        from,
        mailFrom: message.envelope.from.address,
        subject,
        tls,
        user,
      },
      ...{ to: [...to, ...cc], cc: [], bcc: [], recipients: envelopeTo, headers: [], attachments: [] },
      ...{ text: null, html: null, problem: null, read: false, pinned: false, tags: [] },
      sessionId: alone ? null : ended.id,
      mechanism: alone ? null : ended.mechanism,
      clientName: alone ? null : ended.clientName,
      codes: alone ? [] : codes,
      anomalies: alone ? 0 : ended.anomalies,
    };
    if (random.chance(0.85) || n < settled) {
      const headers = some(
        () => ({ name: random.pick(['X-Mailer', 'Subject', 'x-größe', 'Received']), value: text(4) }),
        5,
      );
      const attachments = some(
        () => ({
          ...{
            filename: random.pick(['invoice 1.pdf', 'Größe.png', 'a_b.txt', '']),
            contentType: 'application/pdf',
          },
          ...{ part: '2', size: 1, sha256: '', contentId: null, inline: false },
        }),
        2,
      );
      const derived = {
        ...{ from, to, cc, bcc, subject, attachments, text: random.chance(0.8) ? text(60) : null },
        html: random.chance(0.3) ? `<p>${text(10)}</p><b>R</b>eset &uuml;ber<style>hidden</style>` : null,
        problem: random.chance(0.1) ? 'cut off' : null,
      };
      await store.saveDerived(
        message.id,
        sampleDerived({
          ...derived,
          headers: headers.map((field) => ({ ...field, raw: '', offset: 0, length: 0 })),
        }),
      );
      Object.assign(facts, { ...derived, headers });
    }
    const marks = {
      read: random.chance(0.5),
      pinned: random.chance(0.2),
      tags: some(() => random.pick(tags), 2),
    };
    await store.markMessages({ ids: [message.id] }, marks);
    Object.assign(facts, marks);
    messages.push(facts);
  }
  // Some are gone again: messages without their sessions, and sessions without their messages.
  for (const { id } of sessions.filter(({ outcome }) => outcome !== 'open' && random.chance(0.1))) {
    await store.deleteSessions({ ids: [id] }, false);
    sessions.splice(
      sessions.findIndex((session) => session.id === id),
      1,
    );
    for (const message of messages.filter(({ sessionId }) => sessionId === id))
      Object.assign(message, { sessionId: null, mechanism: null, clientName: null, codes: [], anomalies: 0 });
  }
  for (const { id } of messages.filter(() => random.chance(0.1))) {
    await store.deleteMessages({ ids: [id] }, random.chance(0.5));
    messages.splice(
      messages.findIndex((message) => message.id === id),
      1,
    );
  }
  return { messages: messages.reverse(), sessions: sessions.reverse() };
}
