// What is wrong with a session or a message, in the words of the rules; and what the error of a program means.
import { rules } from '../../shared/diagnose/catalogue.ts';
import { explainError } from '../../shared/diagnose/explain-error.ts';
import { subjectOf } from '../../shared/diagnose/session/detect.ts';
import { messageSubject, writeFinding, writeRule } from '../../shared/diagnose/write-finding.ts';
import { guessClient } from '../../shared/explain/client.ts';
import type { Finding, Found } from '../../shared/finding.ts';
import { wholeSessionInView, type InboxView } from '../../shared/inbox-view.ts';
import type { Message } from '../../shared/message.ts';
import type { Session } from '../../shared/session.ts';
import type { Handlers } from './endpoint.ts';
import { readMessage } from './messages.ts';
import type { HttpParts } from './parts.ts';
import { findSession } from './sessions.ts';
import { readVisibleLines } from './transcripts.ts';

type Parts = Pick<HttpParts, 'store' | 'running' | 'settled'>;
type Names = 'listRules' | 'readSessionFindings' | 'readMessageFindings' | 'explainError';

/** A client shows itself early. */
const linesOfGuess = 500;

async function guess(
  parts: Parts,
  session: Session,
  view: InboxView,
  message: Message | undefined,
): Promise<Finding['client']> {
  const { lines } = await readVisibleLines(parts, session.id, 0, linesOfGuess, view);
  const client = guessClient(session, lines, message);
  return client && { name: client.name, confidence: client.confidence };
}

/** Without those whose rule this version does not know. */
const write = (all: readonly Found[], subject: string, client: Finding['client']): Finding[] =>
  all.flatMap((found) => writeFinding(found, subject, client) ?? []);

async function findingsOfSession(parts: Parts, idOrLatest: string, view: InboxView): Promise<Finding[]> {
  const session = wholeSessionInView(await findSession(parts, idOrLatest, view), view)!;
  const { findingList = [], messageIds } = session;
  if (findingList.length === 0) return [];
  const [first] = messageIds;
  const message = first === undefined ? undefined : await parts.store.findMessage(first, view);
  return write(findingList, subjectOf(session), await guess(parts, session, view, message));
}

async function findingsOfMessage(parts: Parts, idOrLatest: string, view: InboxView): Promise<Finding[]> {
  const message = await readMessage(parts, idOrLatest, view);
  const { findingList = [], sessionId } = message;
  if (findingList.length === 0) return [];
  const session =
    sessionId === null ? undefined : await findSession(parts, sessionId, view).catch(() => undefined);
  const own = session && wholeSessionInView(session, view);
  return write(findingList, messageSubject(message), own ? await guess(parts, own, view, message) : null);
}

export const findingHandlers = (parts: Parts): Pick<Handlers, Names> => ({
  listRules: () => ({ items: rules.map((rule) => writeRule(rule)) }),
  readSessionFindings: async ({ params }, { view }) => ({
    items: await findingsOfSession(parts, params.id, view),
  }),
  readMessageFindings: async ({ params }, { view }) => ({
    items: await findingsOfMessage(parts, params.id, view),
  }),
  explainError: ({ body }) => ({ items: explainError(body.text).slice(0, 10) }),
});
