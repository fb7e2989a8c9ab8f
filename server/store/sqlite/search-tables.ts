// The tables of the search. All of them can be thrown away and made again from the others: `searched` = 0 says that
// a row is still to be taken up, or again.

/**
 * Full-text tables that keep no text: of words, of beginnings of words, and of pieces of three letters for `body:`. All
 * are given texts that shared/search has folded, so that the plainest tokenizers do, and agree with its matchers.
 */
export const searchTables = `
  ALTER TABLE message ADD COLUMN searched INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX message_unsearched ON message (parse, seq) WHERE searched = 0;
  ALTER TABLE message_detail ADD COLUMN header_to TEXT;
  ALTER TABLE session ADD COLUMN searched INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE session ADD COLUMN codes TEXT;
  CREATE INDEX session_unsearched ON session (seq) WHERE searched = 0;

  CREATE TABLE message_search (
    seq INTEGER PRIMARY KEY, received_us INTEGER NOT NULL, size INTEGER NOT NULL, session_seq INTEGER NOT NULL,
    flags INTEGER NOT NULL, tls TEXT NOT NULL, sender TEXT NOT NULL, recipient TEXT NOT NULL, subject TEXT NOT NULL,
    rcpt TEXT NOT NULL, cc TEXT NOT NULL, bcc TEXT NOT NULL, user TEXT NOT NULL,
    filenames TEXT NOT NULL, attachments TEXT NOT NULL, words TEXT
  ) STRICT;
  CREATE INDEX message_search_unparsed ON message_search (seq) WHERE words IS NOT NULL;
  CREATE VIRTUAL TABLE message_words USING fts5(
    subject, addresses, body, filenames, content = '', contentless_delete = 1, tokenize = 'ascii'
  );
  CREATE VIRTUAL TABLE message_starts USING fts5(
    starts, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
  );
  CREATE VIRTUAL TABLE message_grams USING fts5(
    body, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram case_sensitive 1'
  );
  INSERT INTO message_words (message_words, rank) VALUES ('automerge', 0), ('deletemerge', 0), ('crisismerge', 1000), ('usermerge', 8);
  INSERT INTO message_starts (message_starts, rank) VALUES ('automerge', 0), ('deletemerge', 0), ('crisismerge', 1000), ('usermerge', 8);
  INSERT INTO message_grams (message_grams, rank) VALUES ('automerge', 0), ('deletemerge', 0), ('crisismerge', 1000), ('usermerge', 8);

  DROP TABLE header;
  CREATE TABLE header (
    name TEXT NOT NULL, seq INTEGER NOT NULL, position INTEGER NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (name, seq, position)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX header_seq ON header (seq);

  CREATE TABLE session_search (
    seq INTEGER PRIMARY KEY, opened_us INTEGER NOT NULL, outcome TEXT NOT NULL, flags INTEGER NOT NULL,
    codes TEXT NOT NULL, client TEXT NOT NULL, mechanism TEXT NOT NULL, user TEXT NOT NULL, tls TEXT NOT NULL,
    listener TEXT NOT NULL, peer TEXT NOT NULL, sender TEXT NOT NULL, rcpt TEXT NOT NULL, words TEXT NOT NULL
  ) STRICT;

  CREATE TABLE message_tag (
    seq INTEGER NOT NULL, folded TEXT NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (seq, folded)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX message_tag_folded ON message_tag (folded, seq);

  CREATE INDEX message_inbox_unread ON message_inbox (seq, deleted_us) WHERE read = 0;
  CREATE INDEX message_inbox_read ON message_inbox (seq, deleted_us) WHERE read = 1;
  CREATE INDEX message_inbox_pinned ON message_inbox (seq, deleted_us) WHERE pinned = 1;

  UPDATE event SET payload = json_set(payload, '$.message.tags', json('[]'))
    WHERE type IN ('message:stored', 'message:parsed');
`;

/**
 * Narrow indexes for scans, so that a search that finds nothing reads little; the folded body, to look at what pieces
 * of three letters only narrow down; the words of sessions in a full-text table. Bodies are taken up again for their
 * pieces of one and two letters, and sessions for their words.
 */
export const searchIndexes = `
  UPDATE message_search SET flags = flags | 64 WHERE words IS NOT NULL;
  CREATE INDEX message_search_narrow ON message_search (seq, received_us, size, session_seq, flags);
  CREATE INDEX message_search_people ON message_search (seq, flags, sender, recipient, subject, rcpt);
  CREATE INDEX message_search_rest ON message_search (seq, flags, tls, cc, bcc, user, filenames, attachments);
  CREATE INDEX message_search_session ON message_search (session_seq);
  CREATE INDEX session_search_narrow ON session_search (seq, opened_us, outcome, flags, codes, client, mechanism);
  CREATE TABLE message_text (seq INTEGER PRIMARY KEY, folded TEXT NOT NULL) STRICT;
  CREATE VIRTUAL TABLE session_words USING fts5(
    listener, peer, client, user, mechanism, sender, rcpt, ended, outcome,
    content = '', contentless_delete = 1, tokenize = 'ascii'
  );
  INSERT INTO session_words (session_words, rank) VALUES ('automerge', 0), ('deletemerge', 0), ('crisismerge', 1000), ('usermerge', 8);
  -- Those that still run keep their words in the row: they are taken up again and again.
  CREATE INDEX session_search_running ON session_search (seq) WHERE words <> '';
  UPDATE session_search SET flags = flags | 16;
  UPDATE message SET searched = 0 WHERE parse <> 'pending';
  UPDATE session SET searched = 0;
`;

/**
 * Columns in pieces of 128 rows take the place of the indexes that scans went through. They are made in the background,
 * see search-blocks.ts.
 */
export const searchBlocks = `
  DROP INDEX message_search_narrow;
  DROP INDEX message_search_people;
  DROP INDEX message_search_rest;
  DROP INDEX message_search_session;
  DROP INDEX session_search_narrow;
  CREATE TABLE message_block (id INTEGER PRIMARY KEY, data ANY NOT NULL) STRICT;
  CREATE TABLE session_block (id INTEGER PRIMARY KEY, data ANY NOT NULL) STRICT;
`;

/** The words of the full-text tables, read from these: nothing is kept in them. */
export const wordLists = `
  CREATE VIRTUAL TABLE message_words_list USING fts5vocab(message_words, instance);
  CREATE VIRTUAL TABLE session_words_list USING fts5vocab(session_words, instance);
`;

/** Bodies are taken up again, for pieces that they had not got before; those that are to be anyhow need not be told. */
export const morePieces = `
  UPDATE message SET searched = 0 WHERE parse <> 'pending' AND searched <> 0;
`;
