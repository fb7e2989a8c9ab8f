// Removes the oldest over the limits, in steps small enough that arriving mail does not wait.
import { appendEvent } from '../records/events.ts';
import { listedRows, selectedByInbox, selectedSessionsByInbox } from '../records/in-inbox.ts';
import { fillSelection, type Writing } from '../sqlite/writing.ts';
import type { Retention } from '../store.ts';
import { addToCounters, removeSelected, sumsOfSelection } from './change-messages.ts';
import { removeSelectedSessions } from './delete-sessions.ts';

export interface PruneStep {
  limits: Retention;
  nowUs: number;
  limit: number;
}

export interface Pruned {
  messages: number;
  sessions: number;
  files: string[];
  more: boolean;
}

interface Candidate {
  seq: number;
  atUs: number;
  bytes: number;
}

export function pruneStep(writing: Writing, { limits, nowUs, limit }: PruneStep): Pruned {
  const { counters } = writing;
  const tooOld = limits.maxAgeMs > 0 ? nowUs - limits.maxAgeMs * 1000 : -Infinity;
  const over = (max: number, count: number) => (max > 0 ? Math.max(0, count - max) : 0);
  let messagesOver = over(limits.maxMessages, counters.messages);
  let sessionsOver = over(limits.maxMessages, counters.sessions);
  let bytesOver = over(limits.maxBytes, counters.messageBytes + counters.transcriptBytes);
  if (messagesOver + sessionsOver + bytesOver === 0 && tooOld === -Infinity) {
    return { messages: 0, sessions: 0, files: [], more: false };
  }
  const byCountOnly = bytesOver === 0 && tooOld === -Infinity;
  const wanted = byCountOnly ? Math.min(limit, Math.max(messagesOver, sessionsOver)) : limit;
  const oldMessages = oldestMessages(writing, wanted);
  const oldSessions = oldestSessions(writing, wanted);
  const messages: number[] = [];
  const sessions: number[] = [];
  while (messages.length + sessions.length < limit) {
    const message = oldMessages[messages.length];
    const session = oldSessions[sessions.length];
    const takeMessage = message !== undefined && (messagesOver > 0 || message.atUs < tooOld);
    const takeSession = session !== undefined && (sessionsOver > 0 || session.atUs < tooOld);
    // For bytes whichever is older goes; the session of a message ended after it.
    const older = message !== undefined && message.atUs <= (session?.atUs ?? Infinity);
    if (takeMessage || (!takeSession && bytesOver > 0 && older && message !== undefined)) {
      messages.push(message.seq);
      messagesOver -= 1;
      bytesOver -= message.bytes;
    } else if (takeSession || (bytesOver > 0 && session !== undefined)) {
      sessions.push(session.seq);
      sessionsOver -= 1;
      bytesOver -= session.bytes;
    } else break;
  }
  const files = removeMessages(writing, messages);
  removeSessions(writing, sessions);
  const more = messages.length + sessions.length === limit;
  return { messages: messages.length, sessions: sessions.length, files, more };
}

const oldestMessages = ({ sql }: Writing, limit: number): Candidate[] =>
  sql<Candidate>(
    `SELECT m.seq, m.received_us AS atUs, m.size AS bytes
     FROM (SELECT seq FROM ${listedRows} WHERE deleted_us IS NULL
           GROUP BY seq HAVING max(pinned) = 0 ORDER BY seq LIMIT ?) i
     JOIN message m USING (seq) ORDER BY m.seq`,
  ).all(limit);

const oldestSessions = ({ sql }: Writing, limit: number): Candidate[] =>
  sql<Candidate>(
    `SELECT seq, closed_us AS atUs, bytes FROM session WHERE closed_us IS NOT NULL ORDER BY seq LIMIT ?`,
  ).all(limit);

function removeMessages(writing: Writing, seqs: number[]): string[] {
  if (seqs.length === 0) return [];
  fillSelection(writing, seqs);
  addToCounters(writing, sumsOfSelection(writing), -1);
  const ids = writing
    .sql<{ id: string }>('SELECT id FROM message WHERE seq IN temp.selection ORDER BY seq')
    .all()
    .map(({ id }) => id);
  const own = selectedByInbox(writing, 'live');
  const files = removeSelected(writing);
  appendEvent(writing, 'messages:deleted', { ids, upToSeq: null, reason: 'retention', ...own });
  return files;
}

function removeSessions(writing: Writing, seqs: number[]): void {
  if (seqs.length === 0) return;
  fillSelection(writing, seqs);
  const own = selectedSessionsByInbox(writing);
  appendEvent(writing, 'sessions:deleted', {
    ids: removeSelectedSessions(writing),
    reason: 'retention',
    ...own,
  });
}
