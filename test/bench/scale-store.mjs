// Fills a data folder with very many messages of 5 KB: with the store's own operations, many in a commit, and without
// waiting for the disk, as over SMTP it would take hours. It goes on where it was stopped.
import { join } from 'node:path';
import { importBundle } from './bundle.mjs';
import { createSearchMails } from './search-mails.mjs';
import { derivedOf, loadStore, messageOf, partOf } from './search-store.mjs';

export const mailBytes = 5 * 1024;
const batch = 500;

/** What the writer of the store is made of; the rest of the store does the rest. */
const loadOperations = (folder) =>
  importBundle(
    join(folder, 'operations.js'),
    `export { openConnection } from './server/store/sqlite/connection.ts';
    export { commitTogether, createWriting } from './server/store/sqlite/writing.ts';
    export { writes } from './server/store/operations.ts';
    export { encodeDerived, encodeMessage, summaryOfNew } from './server/store/records/encode-message.ts';
    export { encodeSession } from './server/store/records/encode-session.ts';
    export { newMessageId, newSessionId } from './server/ids.ts';
    export { DERIVED_VERSION } from './server/mail/derived.ts';`,
  );

const boundary = 'bench-boundary';

/** Text and HTML of a mail as it was sent, of about 5 KB. */
function sourceOf(mail) {
  const address = ({ name, address }) => `${name} <${address}>`;
  const head =
    `From: ${address(mail.from)}\r\nTo: ${mail.to.map(address).join(', ')}\r\nSubject: ${mail.subject}\r\n` +
    `Date: ${new Date(mail.at).toUTCString()}\r\nX-Mailer: ${mail.mailer}\r\nMIME-Version: 1.0\r\n` +
    `Content-Type: multipart/alternative; boundary=${boundary}\r\n\r\n`;
  const text = mail.text.replaceAll('\n', '\r\n');
  const part = (type, content) =>
    `--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\n\r\n${content}\r\n`;
  const plain = head + part('text/plain', text);
  const left = mailBytes - plain.length - mail.html.length - 120;
  return `${plain}${part('text/html', mail.html + '<!-- style -->\r\n'.repeat(Math.max(0, left / 16)))}--${boundary}--\r\n`;
}

/**
 * Brings the folder to `count` messages of as many sessions. `onProgress` is called with the number there are. Stops
 * early, at a whole commit, when `isEnough` says so.
 */
export async function fillLarge({ folder, data, count, onProgress = () => {}, isEnough = () => false }) {
  const { openStore } = await loadStore(join(folder, 'store'));
  const quiet = { data, onEvents: () => undefined, onNotice: () => undefined };
  const made = await openStore(quiet);
  const { messages: before } = await made.counts();
  await made[Symbol.asyncDispose]();
  if (before >= count) return before;
  const all = await loadOperations(join(folder, 'store'));
  const connection = all.openConnection(join(data, 'mailscope.db'));
  const { db } = connection;
  db.pragma('synchronous = OFF');
  db.pragma('cache_size = -400000');
  db.pragma('wal_autocheckpoint = 50000');
  const writing = all.createWriting(connection, join(data, 'bodies'));
  const run = (...operations) => {
    for (const outcome of all.commitTogether(writing, operations)) if (!outcome.ok) throw outcome.error;
  };
  const make = createSearchMails(count);
  let stored = 0;
  // The same mails, whether it was stopped or not.
  for (; stored < before; stored++) make(stored);
  const saveOne = (n) => {
    const mail = make(n);
    mail.html ??= `<html><body><p>${mail.text.replaceAll('\n', '<br>')}</p></body></html>`;
    const bytes = Buffer.from(sourceOf(mail), 'utf8');
    mail.size = bytes.length;
    const ids = { message: all.newMessageId(), session: all.newSessionId() };
    const body = { size: bytes.length, head: bytes, bytes, file: null };
    const part = partOf(mail, ids.session, n + 1);
    const message = messageOf(mail, ids.message, body);
    const summary = all.summaryOfNew(message, ids.session);
    const encoded = all.encodeMessage(message, summary, { bytes, file: null });
    writing.atUs = mail.at * 1000;
    all.writes.saveMessage(writing, { message: encoded, session: all.encodeSession(part, true) });
    all.writes.saveDerived(writing, all.encodeDerived(ids.message, derivedOf(mail, all.DERIVED_VERSION)));
  };
  while (stored < count && !isEnough()) {
    const upTo = Math.min(count, stored + batch);
    run(() => {
      for (; stored < upTo; stored++) saveOne(stored);
    });
    run(() => all.writes.indexStep(writing, { parsed: batch, pending: 0, sessions: batch }));
    run(() => all.writes.mergeStep(writing, { pages: 500 }));
    run(() => all.writes.sealStep(writing, { blocks: 16 }));
    await onProgress(stored);
  }
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.pragma('synchronous = FULL');
  db.close();
  return stored;
}
