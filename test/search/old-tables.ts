// A store as its first version left it.
import Database from 'better-sqlite3';

/** Takes all migrations but the first back. */
export function asItWasBefore(file: string): void {
  const database = new Database(file);
  database.exec(`
    DROP TABLE message_words_list; DROP TABLE session_words_list;
    DROP TABLE inbox; DROP TABLE inbox_token; DROP TABLE session_inbox; DROP TABLE session_deleted;
    DROP TABLE session_left; DROP TABLE blank; DROP TABLE fault; DROP TABLE issue;
    DROP TABLE message_search; DROP TABLE message_words; DROP TABLE message_starts; DROP TABLE message_grams; DROP TABLE session_search;
    DROP TABLE message_text; DROP TABLE session_words; DROP TABLE message_block; DROP TABLE session_block;
    DROP TABLE message_tag; DROP INDEX message_inbox_unread; DROP INDEX message_inbox_read; DROP INDEX message_inbox_pinned;
    DROP INDEX message_inbox_listed; DROP INDEX event_message; DROP INDEX event_session;
    DROP INDEX message_unsearched; DROP INDEX session_unsearched;
    ALTER TABLE message DROP COLUMN searched; ALTER TABLE message DROP COLUMN findings; ALTER TABLE message_detail DROP COLUMN header_to;
    ALTER TABLE session DROP COLUMN searched; ALTER TABLE session DROP COLUMN codes;
    UPDATE event SET payload = json_remove(payload, '$.message.tags');
    PRAGMA user_version = 1;
  `);
  database.close();
}
