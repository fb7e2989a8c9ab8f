// Columns that a search has read lately are not read again, unless their rows changed.
import { expect, test } from 'vitest';
import { seqsOf } from '../../server/store/search/bits.ts';
import { openConnection } from '../../server/store/sqlite/connection.ts';
import { keepBlock, messageCorpus, rowsOfBlock } from '../../server/store/index/search-blocks.ts';
import { openColumns } from '../../server/store/search/search-columns.ts';
import { dropBlocks } from '../../server/store/index/search-sealing.ts';
import { migrate } from '../../server/store/sqlite/schema.ts';
import { createWriting } from '../../server/store/sqlite/writing.ts';

const file = ':memory:';
const block = 3;
const seq = block * rowsOfBlock + 5;

function openWithRow() {
  const connection = openConnection(file);
  migrate(connection, file);
  const writing = createWriting(connection, null);
  const setSubject = (subject: string) =>
    writing
      .sql(
        `INSERT OR REPLACE INTO message_search (seq, received_us, size, session_seq, flags, tls, sender, recipient,
           subject, rcpt, cc, bcc, user, filenames, attachments) VALUES (?, 1, 2, 0, 0, '', '', '', ?, '', '', '', '', '', '')`,
      )
      .run(seq, subject);
  const window = { low: block * rowsOfBlock, high: (block + 1) * rowsOfBlock };
  const withSubject = (subject: string) =>
    seqsOf(openColumns(connection, messageCorpus, window).withText('subject', subject, null));
  return { connection, writing, setSubject, withSubject };
}

test('a piece that was read is not read again', () => {
  const { connection, writing, setSubject, withSubject } = openWithRow();
  setSubject('before');
  keepBlock(writing, messageCorpus, block);
  expect(withSubject('before')).toEqual([seq]);
  // Nobody changes a row without dropping its block; this one shows that nothing was read.
  writing.sql(`UPDATE message_block SET data = 'after' WHERE typeof(data) = 'text'`).run();
  expect(withSubject('before')).toEqual([seq]);
  expect(withSubject('after')).toEqual([]);
  connection.db.close();
});

test('a row that changed is found as it is now, before and after its block is made again', () => {
  const { connection, writing, setSubject, withSubject } = openWithRow();
  setSubject('before');
  keepBlock(writing, messageCorpus, block);
  expect(withSubject('before')).toEqual([seq]);
  dropBlocks(writing, messageCorpus, [seq]);
  setSubject('after');
  expect(withSubject('before')).toEqual([]);
  expect(withSubject('after')).toEqual([seq]);
  keepBlock(writing, messageCorpus, block);
  expect(withSubject('before')).toEqual([]);
  expect(withSubject('after')).toEqual([seq]);
  connection.db.close();
});

test('blocks of an earlier version, which have no number, are read each time', () => {
  const { connection, writing, setSubject, withSubject } = openWithRow();
  setSubject('before');
  keepBlock(writing, messageCorpus, block);
  writing.sql('DELETE FROM message_block WHERE id = (SELECT max(id) FROM message_block)').run();
  expect(withSubject('before')).toEqual([seq]);
  writing.sql(`UPDATE message_block SET data = 'after' WHERE typeof(data) = 'text'`).run();
  expect(withSubject('before')).toEqual([]);
  connection.db.close();
});
