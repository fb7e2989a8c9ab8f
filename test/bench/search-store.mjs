// Fills a data folder with mail to search in, through the store itself: over SMTP it would take minutes.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { importBundle, root } from './bundle.mjs';
import { createSearchMails, marks } from './search-mails.mjs';

const lanes = 200;

/** The store of this checkout as a module; its threads are those of dist/. */
export async function loadStore(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module","version":"0.0.0"}');
  for (const name of ['dist', 'node_modules']) symlinkSync(join(root, name), join(folder, name));
  return importBundle(
    join(folder, 'store.js'),
    `export { openStore } from './server/store/open.ts';
    export { newMessageId, newSessionId } from './server/ids.ts';
    export { parseSearch } from './shared/search/parse-search.ts';
    export { DERIVED_VERSION } from './server/mail/derived.ts';`,
  );
}

const reply = { code: 250, enhanced: '2.1.0', text: 'Ok' };
const inEnvelope = (address, line) => ({ address, params: [], line, reply });

function sessionOf(mail, id) {
  const { client, user, mechanism, tls, listener, peer, outcome, anomalies } = mail.session;
  const openedAtUs = mail.at * 1000;
  const local = { address: '127.0.0.1', port: 1025 };
  return {
    ...{ id, openedAt: new Date(mail.at).toISOString(), openedAtUs, durationUs: 5000 },
    ...{ closedAt: new Date(mail.at + 5).toISOString(), outcome, listener, peer, local, clientName: client },
    ...{ tls, user, mechanism, messageIds: [], messages: 1, commands: 5, bytesIn: mail.size, bytesOut: 200 },
    ...{ anomalies, ended: { by: 'client', how: 'quit', phase: 'quit', text: 'The client said QUIT.' } },
    ...{ proxy: null, socketPeer: peer, xclient: [], ehlo: [], handshakes: [], auth: [], anomalyList: [] },
    ...{ lines: 9, truncated: false, inboxes: ['default'] },
    transactions: [
      {
        ...{ n: 1, firstLine: 4, lastLine: 9, from: inEnvelope(mail.from.address, 4), data: null, reply },
        ...{ recipients: mail.recipients.map((address) => inEnvelope(address, 5)), outcome: 'captured' },
        ...{ recipientCount: mail.recipients.length, messageId: null },
      },
    ],
  };
}

export const linesOf = (codes) =>
  codes.map((code, n) => ({
    ...{ n, atUs: n * 100, from: 'server', kind: 'reply', phase: 'transaction 1', secure: false },
    ...{ text: `${code} 2.0.0 Ok`, eol: 'CRLF', code, chunk: n, bytes: 14 },
  }));

export function derivedOf(mail, version) {
  const header = (name, value) => ({ name, value, raw: `${name}: ${value}`, offset: 0, length: 0 });
  const { from, to, cc, subject, text, html } = mail;
  return {
    ...{ version, problem: null, ok: true, from: [from], to, cc, bcc: [], replyTo: [], subject, text, html },
    ...{
      date: new Date(mail.at).toISOString(),
      messageId: null,
      snippet: text.slice(0, 400).replace(/\s+/g, ' ').slice(0, 200),
      structure: null,
    },
    ...{ links: [], codes: [], unsubscribe: null },
    headers: [
      header('From', `${from.name} <${from.address}>`),
      header('To', to.map(({ address }) => address).join(', ')),
      header('Subject', subject),
      header('Date', new Date(mail.at).toUTCString()),
      header('Message-ID', `<${mail.at}.${mail.size}@example.com>`),
      header('X-Mailer', mail.mailer),
    ],
    attachments: mail.attachments.map((filename) => ({
      ...{ filename, contentType: 'application/pdf', part: '2', size: 1, sha256: '', contentId: null },
      inline: false,
    })),
  };
}

/** The session of a mail, whole. */
export const partOf = (mail, id, seq) => ({
  ...{ seq, session: sessionOf(mail, id), lines: linesOf(mail.session.codes), chunks: [], blobs: [] },
});

export const messageOf = (mail, id, body) => ({
  ...{ id, receivedAtUs: mail.at * 1000, origin: 'smtp', transaction: 1, lines: { first: 4, last: 9 } },
  ...{ body, wire: { dots: new Uint32Array(), bdat: null } },
  envelope: {
    from: inEnvelope(mail.from.address, 4),
    to: mail.recipients.map((address) => inEnvelope(address, 5)),
  },
  scanned: { from: [mail.from], to: [...mail.to, ...mail.cc], subject: mail.subject, date: null },
  ...{ tls: mail.session.tls, user: mail.session.user, inboxes: ['default'], tags: [] },
});

/** Adds `count` messages of as many sessions, and resolves when all can be found, with the seconds it took. */
export async function fillStore(
  { openStore, newMessageId, newSessionId, parseSearch, DERIVED_VERSION },
  data,
  count,
) {
  const startedAt = performance.now();
  const store = await openStore({ data, onEvents: () => undefined, onNotice: () => undefined });
  const make = createSearchMails(count);
  const mails = Array.from({ length: count }, (_, n) => n);
  let next = 0;
  const marked = [];
  const lane = async () => {
    while (next < count) {
      const n = mails[next++];
      const mail = make(n);
      const bytes = Buffer.alloc(mail.size, `Subject: ${mail.subject}\r\n\r\n${mail.text}\r\n`);
      const writer = store.createBody();
      void writer.write(bytes);
      const id = newMessageId();
      const message = messageOf(mail, id, await writer.finish());
      await store.saveMessage(message, partOf(mail, newSessionId(), n + 1));
      const { read, pinned, tags } = mail;
      marked.push([id, read, pinned, tags]);
      await store.saveDerived(id, derivedOf(mail, DERIVED_VERSION));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const stored = (performance.now() - startedAt) / 1000;
  const ids = (which) => ({ ids: marked.filter(which).map(([id]) => id) });
  await store.markMessages(
    ids(([, read]) => read),
    { read: true },
  );
  await store.markMessages(
    ids(([, , pinned]) => pinned),
    { pinned: true },
  );
  for (const tag of new Set(marked.flatMap(([, , , tags]) => tags)))
    await store.markMessages(
      ids(([, , , tags]) => tags.includes(tag)),
      { addTags: [tag] },
    );
  // The newest sessions are taken up first; of messages it says how many are missing.
  const { query } = parseSearch(`${marks.oldest} code:599`, 'messages');
  const areAll = ({ items, notSearched }) => items.length === 5 && notSearched === undefined;
  while (!areAll(await store.listMessages({ limit: 5, query }))) await delay(100);
  await store[Symbol.asyncDispose]();
  return { stored, seconds: (performance.now() - startedAt) / 1000 };
}
