// Sessions as an agent gets them: first why it went as it went, then the facts, in bounded size.
import { failuresOf, isRefused } from '../../shared/session-failures.ts';
import type { Session, SessionSummary } from '../../shared/session.ts';
import { formatEndpoint, formatParameter, formatReply } from '../../shared/smtp-text.ts';
import type { Reply, Transaction } from '../../shared/transaction.ts';
import { viewFoundSummary } from './finding-views.ts';
import { cut } from './untrusted.ts';

const shown = 20;
const shorten = (text: string | null): string | null => (text === null ? null : cut(text, 300));
const viewReply = (reply: Reply | null): string | null => reply && cut(formatReply(reply), 500);

export const viewSessionSummary = (session: SessionSummary) => ({
  id: session.id,
  openedAt: session.openedAt,
  durationMs: session.durationUs === null ? null : session.durationUs / 1000,
  outcome: session.outcome,
  listener: session.listener,
  peer: formatEndpoint(session.peer),
  clientName: shorten(session.clientName),
  tls: session.tls,
  user: shorten(session.user),
  mechanism: shorten(session.mechanism),
  messages: session.messages,
  messageIds: session.messageIds.slice(0, shown),
  commands: session.commands,
  anomalies: session.anomalies,
  ...viewFoundSummary(session.findings),
  ended: session.ended && cut(session.ended.text, 500),
});

const viewTransaction = (transaction: Transaction) => ({
  n: transaction.n,
  outcome: transaction.outcome,
  endedBy: transaction.endedBy,
  messageId: transaction.messageId,
  from: cut(transaction.from.address, 200),
  fromParameters: transaction.from.params
    .slice(0, shown)
    .map((parameter) => cut(formatParameter(parameter), 200)),
  fromReply: viewReply(transaction.from.reply),
  cause: transaction.cause && `${transaction.cause.command}: ${viewReply(transaction.cause.reply)}`,
  recipients: transaction.recipientCount,
  // Those that were refused are what one looks for.
  firstRecipients: transaction.recipients
    .toSorted((a, b) => Number(isRefused(b)) - Number(isRefused(a)))
    .slice(0, shown)
    .map(({ address, reply }) => ({ address: cut(address, 200), reply: viewReply(reply) })),
  size: transaction.data?.size ?? null,
  reply: viewReply(transaction.reply),
});

/** One sentence for each thing that went wrong or was odd, in the order of the session. */
function reasonsOf(session: Session): string[] {
  const { anomalyList, ended } = session;
  const found = [
    ...failuresOf(session),
    ...anomalyList.map(({ line, kind, text, count }) => ({
      line,
      text: `${kind}${count > 1 ? ` (${count} times)` : ''}: ${text}`,
    })),
    // Of a handshake that failed it would be said again.
    ...(ended && !session.handshakes.some(({ failure }) => failure?.text === ended.text)
      ? [{ line: null, text: `How it ended: ${ended.text}` }]
      : []),
  ].map(({ line, text }) => ({ line: line ?? Infinity, text }));
  return found
    .sort((a, b) => a.line - b.line || 0)
    .slice(0, 50)
    .map(({ line, text }) => cut(line === Infinity ? text : `[line ${line}] ${text}`, 700));
}

export const viewSession = (session: Session) => ({
  reasons: reasonsOf(session),
  ...viewSessionSummary(session),
  lines: session.lines,
  truncated: session.truncated,
  ehlo: session.ehlo.slice(0, shown).map(({ verb, name, secure, offered }) => ({
    verb,
    name: cut(name, 200),
    insideTls: secure,
    offered: offered.slice(0, 40).map(({ keyword, params }) => cut(`${keyword} ${params}`.trimEnd(), 200)),
    used: offered.filter(({ used }) => used).map(({ keyword }) => keyword),
  })),
  tlsHandshakes: session.handshakes.slice(0, shown).map((handshake) => ({
    mode: handshake.mode,
    ok: handshake.ok,
    version: handshake.version,
    cipher: handshake.cipher,
    sni: shorten(handshake.sni),
    offeredVersions: handshake.clientHello?.versions.slice(0, shown) ?? [],
    offeredCiphers: handshake.clientHello?.ciphers.slice(0, shown) ?? [],
    alerts: handshake.alerts.slice(0, shown).map(({ from, level, name }) => `${from}: ${level} ${name}`),
    failure: handshake.failure && cut(handshake.failure.text, 500),
  })),
  auth: session.auth.slice(0, shown).map((attempt) => ({
    mechanism: cut(attempt.mechanism, 100),
    ok: attempt.ok,
    code: attempt.code,
    user: shorten(attempt.user),
    insideTls: attempt.secure,
    reason: cut(attempt.reason, 500),
    secret: attempt.secret,
  })),
  transactions: session.transactions.slice(0, shown).map(viewTransaction),
});
