// A session part as the plain values of its rows, made where the objects are, so that only text goes to the writer.
import { defaultInbox } from '../../../shared/inbox-name.ts';
import { formatCodes } from '../../../shared/search/session-texts.ts';
import { summaryOf } from '../../../shared/session-summary.ts';
import type { Session, SessionSummary } from '../../../shared/session.ts';
import type { Transaction } from '../../../shared/transaction.ts';
import type { SessionPart } from '../store.ts';
import { encodeContent, type TranscriptContent } from './transcript-content.ts';

export interface EncodedTransaction {
  n: number;
  outcome: string;
  mailFrom: string;
  replyCode: number | null;
  messageId: string | null;
  record: string;
}

export interface EncodedTranscript {
  /** Null when there are only chunks. */
  firstLine: number | null;
  lastLine: number | null;
  firstChunk: number | null;
  lastChunk: number | null;
  content: string;
}

export interface EncodedSession {
  seq: number;
  id: string;
  openedUs: number;
  closedUs: number | null;
  outcome: string;
  listener: string;
  peer: string;
  clientName: string | null;
  user: string | null;
  /** Empty: the default one alone, or as before. */
  inboxes: string[];
  /** Null: as before. */
  summary: string | null;
  facts: string;
  /** Of the replies in this part, as the search keeps them. */
  codes: string;
  transactions: EncodedTransaction[];
  transcript: EncodedTranscript[];
  blobs: { line: number; bytes: Uint8Array }[];
}

/** Lines, and chunks, in one row: a page of a long transcript reads few of them. */
const rowLines = 500;

export function encodeSession(part: SessionPart, closed: boolean): EncodedSession {
  const { session } = part;
  const over = closed || session.closedAt !== null;
  const isAsBefore = part.isAsBefore === true && !over;
  return {
    seq: part.seq,
    id: session.id,
    openedUs: session.openedAtUs,
    closedUs: over ? session.openedAtUs + (session.durationUs ?? 0) : null,
    outcome: session.outcome,
    listener: session.listener,
    peer: session.peer.address,
    clientName: session.clientName,
    user: session.user,
    inboxes: isAsBefore || isDefault(session) ? [] : session.inboxes,
    summary: isAsBefore ? null : JSON.stringify(summaryOf(session)),
    facts: isAsBefore ? '' : JSON.stringify(factsOf(session)),
    codes: isAsBefore ? '' : formatCodes(part.lines.flatMap(({ code }) => code ?? [])),
    transactions: session.transactions.map(encodeTransaction),
    transcript: encodeTranscript(part),
    blobs: part.blobs,
  };
}

const isDefault = ({ inboxes }: Session): boolean => inboxes.length === 1 && inboxes[0] === defaultInbox;

/** What a session has besides its summary and its transactions. */
export const factsOf = (session: Session): Omit<Session, keyof SessionSummary | 'transactions'> => ({
  proxy: session.proxy,
  socketPeer: session.socketPeer,
  xclient: session.xclient,
  ehlo: session.ehlo,
  handshakes: session.handshakes,
  auth: session.auth,
  anomalyList: session.anomalyList,
  ...(session.faultList === undefined ? {} : { faultList: session.faultList }),
  ...(session.findingList === undefined ? {} : { findingList: session.findingList }),
  lines: session.lines,
  truncated: session.truncated,
});

export const encodeTransaction = (transaction: Transaction): EncodedTransaction => ({
  n: transaction.n,
  outcome: transaction.outcome,
  mailFrom: transaction.from.address,
  replyCode: transaction.reply?.code ?? null,
  messageId: transaction.messageId,
  record: JSON.stringify(transaction),
});

function encodeTranscript({ lines, chunks }: TranscriptContent): EncodedTranscript[] {
  const rows: EncodedTranscript[] = [];
  for (let at = 0; at < lines.length || at < chunks.length; at += rowLines) {
    const content = { lines: lines.slice(at, at + rowLines), chunks: chunks.slice(at, at + rowLines) };
    rows.push({
      firstLine: content.lines[0]?.n ?? null,
      lastLine: content.lines.at(-1)?.n ?? null,
      firstChunk: content.chunks[0]?.n ?? null,
      lastChunk: content.chunks.at(-1)?.n ?? null,
      content: encodeContent(content),
    });
  }
  return rows;
}
